using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Signal.Sessions;

/// <summary>What kind of message a session made; the stanza names them <c>pkmsg</c> and <c>msg</c>.</summary>
internal enum MessageKind
{
    PreKey,
    Message,
}

/// <summary>Encrypts and decrypts the messages of sessions: from a record to the next, with all randomness from outside.</summary>
internal static class SessionCipher
{
    /// <summary>Starts a session to send with; the one before it is archived.</summary>
    /// <exception cref="SignalException">The signed prekey's signature is wrong, or a key is none to agree with.</exception>
    public static SessionRecord Start(LocalIdentity us, SessionRecord record, PreKeyBundle bundle, RandomNumberGenerator random) =>
        record.WithCurrent(KeyAgreement.Initiate(us, bundle, random));

    /// <exception cref="SignalException">There is no session.</exception>
    public static (MessageKind Kind, byte[] Message, SessionRecord Record) Encrypt(
        LocalIdentity us, SessionRecord record, ReadOnlySpan<byte> plaintext)
    {
        var state = record.Current ?? throw NoSession();
        Span<byte> secret = stackalloc byte[MessageChain.KeySize + MessageKeys.Size];
        var counter = state.SendingChain.Index;
        var chain = state.SendingChain.Take(counter, secret);
        var keys = new MessageKeys(secret[..MessageChain.KeySize], secret[MessageChain.KeySize..]);
        var ciphertext = MessageCipher.Encrypt(keys.CipherKey, keys.Iv, plaintext);
        var message = SignalMessage.Write(state.OwnRatchet.Public.Span, counter, state.PreviousCounter, ciphertext);
        var mac = message.AsSpan(message.Length - SignalMessage.MacSize);
        keys.Mac(us.KeyPair.Public.Span, state.RemoteIdentity, message.AsSpan()[..^SignalMessage.MacSize], mac);
        CryptographicOperations.ZeroMemory(secret);

        var next = record.WithCurrent(state with { SendingChain = chain }, replaced: 0);
        if (state.Pending is not { } pending)
            return (MessageKind.Message, message, next);
        message = PreKeySignalMessage.Write(
            us.RegistrationId, pending.PreKeyId, pending.SignedPreKeyId, state.BaseKey, us.KeyPair.Public.Span, message);
        return (MessageKind.PreKey, message, next);
    }

    /// <summary>Decrypts a <see cref="MessageKind.Message"/> with whichever session it belongs to, which becomes the current one unless it can't be sent with.</summary>
    /// <exception cref="SignalException">It can't be; the reason says why.</exception>
    public static (byte[] Plaintext, SessionRecord Record) Decrypt(
        LocalIdentity us, SessionRecord record, ReadOnlySpan<byte> message, RandomNumberGenerator random)
    {
        var parsed = SignalMessage.Read(message);
        if (record.States.IsEmpty)
            throw NoSession();
        // A ratchet key that is known names its session. One that isn't may turn the ratchet of any.
        for (var i = 0; i < record.States.Length; i++)
        {
            if (record.States[i].FindChain(parsed.RatchetKey) is not null)
                return Decrypt(us, record, i, parsed, random) ?? throw BadMac();
        }
        for (var i = 0; i < record.States.Length; i++)
        {
            if (Decrypt(us, record, i, parsed, random) is { } decrypted)
                return decrypted;
        }
        throw BadMac();
    }

    /// <summary>The prekeys of ours that a <see cref="MessageKind.PreKey"/> message asks for; null when its session is known already.</summary>
    /// <exception cref="SignalException">It is malformed.</exception>
    public static (uint SignedPreKeyId, uint? PreKeyId)? NeededPreKeys(SessionRecord record, ReadOnlySpan<byte> message)
    {
        var parsed = PreKeySignalMessage.Read(message);
        return FindSession(record, parsed.BaseKey) < 0 ? (parsed.SignedPreKeyId, parsed.PreKeyId) : null;
    }

    /// <summary>
    /// Decrypts a <see cref="MessageKind.PreKey"/> message, in the session that it names or in a new one made from
    /// our <see cref="NeededPreKeys"/>. The caller trusts its identity before it keeps the record or hands the plaintext out.
    /// </summary>
    /// <exception cref="SignalException">It can't be; the reason says why.</exception>
    public static (byte[] Plaintext, SessionRecord Record) DecryptPreKey(
        LocalIdentity us, SessionRecord record, ReadOnlySpan<byte> message, KeyPair? signedPreKey, KeyPair? preKey, RandomNumberGenerator random)
    {
        var parsed = PreKeySignalMessage.Read(message);
        var inner = SignalMessage.Read(parsed.Message);
        var index = FindSession(record, parsed.BaseKey);
        if (index >= 0)
        {
            if (!parsed.IdentityKey.SequenceEqual(record.States[index].RemoteIdentity))
                throw new SignalException(SignalError.UntrustedIdentity, "The session began with another identity.");
            return Decrypt(us, record, index, inner, random) ?? throw BadMac();
        }
        if (signedPreKey is null)
            throw new SignalException(SignalError.UnknownSignedPreKey, "The signed prekey is unknown.");
        if (parsed.PreKeyId is not null && preKey is null)
            throw new SignalException(SignalError.UnknownPreKey, "The one-time prekey is unknown.");
        var state = KeyAgreement.Respond(us, parsed, signedPreKey, parsed.PreKeyId is null ? null : preKey);
        return Decrypt(us, record.WithCurrent(state), 0, inner, random) ?? throw BadMac();
    }

    // Null when the authentication code is wrong, which is how the session of a message is found.
    private static (byte[] Plaintext, SessionRecord Record)? Decrypt(
        LocalIdentity us, SessionRecord record, int index, in SignalMessage message, RandomNumberGenerator random)
    {
        var state = record.States[index];
        var known = state.FindChain(message.RatchetKey);
        var (rootKey, chain) = known is null ? StepTo(state, message) : (state.RootKey, known.Chain);
        Span<byte> secret = stackalloc byte[MessageChain.KeySize + MessageKeys.Size];
        chain = chain.Take(message.Counter, secret);
        var keys = new MessageKeys(secret[..MessageChain.KeySize], secret[MessageChain.KeySize..]);
        Span<byte> mac = stackalloc byte[SignalMessage.MacSize];
        keys.Mac(state.RemoteIdentity, us.KeyPair.Public.Span, message.Authenticated, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, message.Mac))
            return null;
        var plaintext = MessageCipher.Decrypt(keys.CipherKey, keys.Iv, message.Ciphertext);
        CryptographicOperations.ZeroMemory(secret);

        var received = new ReceivingChain(message.RatchetKey.ToArray(), chain);
        var next = known is null
            ? Ratchet.Turn(state, rootKey, received, random)
            : state with { ReceivingChains = state.ReceivingChains.Replace(known, received) };
        next = next with { Pending = null };
        return (plaintext, next.SendingChain.IsClosed ? record.WithArchived(next, index) : record.WithCurrent(next, replaced: index));
    }

    private static (byte[] RootKey, MessageChain Chain) StepTo(SessionState state, in SignalMessage message)
    {
        MessageChain.CheckJump(0, message.Counter);
        return Ratchet.Step(state.RootKey, state.OwnRatchet, message.RatchetKey);
    }

    private static int FindSession(SessionRecord record, ReadOnlySpan<byte> baseKey)
    {
        for (var i = 0; i < record.States.Length; i++)
        {
            if (baseKey.SequenceEqual(record.States[i].BaseKey))
                return i;
        }
        return -1;
    }

    private static SignalException NoSession() => new(SignalError.NoSession, "There is no session with this device.");

    private static SignalException BadMac() => new(SignalError.BadMac, "No session has this message's authentication code.");
}
