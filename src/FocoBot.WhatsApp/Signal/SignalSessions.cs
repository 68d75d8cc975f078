using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.SenderKeys;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Signal;

/// <summary>
/// Encrypts and decrypts against a store, within the caller's unit of work (see <see cref="ISignalStore"/>). A call that
/// throws has written nothing; what others sent wrongly is a <see cref="SignalException"/>. Plaintexts are padded ones.
/// </summary>
internal sealed class SignalSessions(LocalIdentity us, ISignalStore store, RandomNumberGenerator random)
{
    /// <summary>Starts a session to send with.</summary>
    public async Task StartAsync(SignalAddress address, PreKeyBundle bundle, CancellationToken token)
    {
        var isNew = await CheckIdentityAsync(address, bundle.IdentityKey, token);
        var record = SessionCipher.Start(us, await LoadAsync(address, token), bundle, random);
        await store.StoreSessionAsync(address, record.Serialize(), token);
        if (isNew)
            await store.StoreIdentityAsync(address, bundle.IdentityKey, token);
    }

    /// <summary>True when there is a session to send with.</summary>
    public async Task<bool> HasSessionAsync(SignalAddress address, CancellationToken token) =>
        (await LoadAsync(address, token)).Current is not null;

    public async Task<(MessageKind Kind, byte[] Message)> EncryptAsync(SignalAddress address, ReadOnlyMemory<byte> plaintext, CancellationToken token)
    {
        var (kind, message, record) = SessionCipher.Encrypt(us, await LoadAsync(address, token), plaintext.Span);
        await store.StoreSessionAsync(address, record.Serialize(), token);
        return (kind, message);
    }

    /// <summary>Decrypts a message. A one-time prekey that it used is removed.</summary>
    public async Task<byte[]> DecryptAsync(SignalAddress address, MessageKind kind, ReadOnlyMemory<byte> message, CancellationToken token)
    {
        var record = await LoadAsync(address, token);
        if (kind is MessageKind.PreKey)
            return await DecryptPreKeyAsync(address, record, message, token);
        var (plaintext, next) = SessionCipher.Decrypt(us, record, message.Span, random);
        await store.StoreSessionAsync(address, next.Serialize(), token);
        return plaintext;
    }

    /// <summary>Forgets a device whose identity has changed, so that the new one is trusted when it comes.</summary>
    public async Task ForgetAsync(SignalAddress address, CancellationToken token)
    {
        await store.RemoveSessionAsync(address, token);
        await store.RemoveIdentityAsync(address, token);
    }

    /// <summary>Hands our sender key of a group out, after making one if there is none or a new one is wanted.</summary>
    public async Task<byte[]> DistributeAsync(string group, SignalAddress self, bool renew, CancellationToken token)
    {
        var record = await LoadSenderKeyAsync(group, self, token);
        if (renew || record.States.IsEmpty)
        {
            record = SenderKeyCipher.Create(record, random);
            await store.StoreSenderKeyAsync(group, self, record.Serialize(), token);
        }
        return SenderKeyCipher.Distribute(record);
    }

    /// <summary>Takes in the sender key of a member of a group.</summary>
    public async Task ProcessDistributionAsync(string group, SignalAddress sender, ReadOnlyMemory<byte> distribution, CancellationToken token)
    {
        var record = SenderKeyCipher.Process(await LoadSenderKeyAsync(group, sender, token), distribution.Span);
        await store.StoreSenderKeyAsync(group, sender, record.Serialize(), token);
    }

    public async Task<byte[]> EncryptForGroupAsync(string group, SignalAddress self, ReadOnlyMemory<byte> plaintext, CancellationToken token)
    {
        var noise = new byte[XEdDsa.RandomSize];
        random.GetBytes(noise);
        var (message, record) = SenderKeyCipher.Encrypt(await LoadSenderKeyAsync(group, self, token), plaintext.Span, noise);
        await store.StoreSenderKeyAsync(group, self, record.Serialize(), token);
        return message;
    }

    public async Task<byte[]> DecryptFromGroupAsync(string group, SignalAddress sender, ReadOnlyMemory<byte> message, CancellationToken token)
    {
        var (plaintext, record) = SenderKeyCipher.Decrypt(await LoadSenderKeyAsync(group, sender, token), message.Span);
        await store.StoreSenderKeyAsync(group, sender, record.Serialize(), token);
        return plaintext;
    }

    private async Task<byte[]> DecryptPreKeyAsync(
        SignalAddress address, SessionRecord record, ReadOnlyMemory<byte> message, CancellationToken token)
    {
        var needed = SessionCipher.NeededPreKeys(record, message.Span);
        KeyPair? signedPreKey = null, preKey = null;
        if (needed is { } ids)
        {
            signedPreKey = Unpack(await store.LoadSignedPreKeyAsync(ids.SignedPreKeyId, token));
            preKey = ids.PreKeyId is { } id ? Unpack(await store.LoadPreKeyAsync(id, token)) : null;
        }
        var (plaintext, next) = SessionCipher.DecryptPreKey(us, record, message.Span, signedPreKey, preKey, random);
        var identity = PreKeySignalMessage.Read(message.Span).IdentityKey.ToArray();
        var isNew = await CheckIdentityAsync(address, identity, token);

        await store.StoreSessionAsync(address, next.Serialize(), token);
        if (isNew)
            await store.StoreIdentityAsync(address, identity, token);
        if (needed?.PreKeyId is { } used)
            await store.RemovePreKeyAsync(used, token);
        return plaintext;
    }

    // True when the identity is the first of this device, and is to be stored.
    private async Task<bool> CheckIdentityAsync(SignalAddress address, byte[] identity, CancellationToken token)
    {
        var known = await store.LoadIdentityAsync(address, token);
        return known is null || known.AsSpan().SequenceEqual(identity)
            ? known is null
            : throw new SignalException(SignalError.UntrustedIdentity, "The identity key of this device has changed.");
    }

    private async Task<SessionRecord> LoadAsync(SignalAddress address, CancellationToken token) =>
        await store.LoadSessionAsync(address, token) is { } record ? SessionRecord.Deserialize(record) : SessionRecord.Empty;

    private async Task<SenderKeyRecord> LoadSenderKeyAsync(string group, SignalAddress sender, CancellationToken token) =>
        await store.LoadSenderKeyAsync(group, sender, token) is { } record ? SenderKeyRecord.Deserialize(record) : SenderKeyRecord.Empty;

    private static KeyPair? Unpack(byte[]? pair)
    {
        if (pair is null)
            return null;
        var reader = new RecordReader(pair);
        var unpacked = reader.KeyPair();
        reader.End();
        return unpacked;
    }
}
