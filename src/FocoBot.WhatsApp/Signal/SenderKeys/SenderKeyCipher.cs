using System.Buffers.Binary;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Signal.SenderKeys;

/// <summary>Encrypts and decrypts group messages: from a record to the next, with all randomness from outside.</summary>
/// <remarks>The keys of a message: <c>iv 16 ‖ cipherKey 32 = HKDF(seed, "WhisperGroup")</c>.</remarks>
internal static class SenderKeyCipher
{
    private const int KeysSize = MessageCipher.IvSize + MessageCipher.KeySize;

    /// <summary>Makes a new sender key of ours, to be handed out before it is used.</summary>
    public static SenderKeyRecord Create(SenderKeyRecord record, RandomNumberGenerator random)
    {
        Span<byte> id = stackalloc byte[sizeof(uint)];
        random.GetBytes(id);
        var chainKey = new byte[MessageChain.KeySize];
        random.GetBytes(chainKey);
        var signing = KeyPair.Generate(random);
        // 31 bits, because others keep the id in a signed number.
        var number = BinaryPrimitives.ReadUInt32BigEndian(id) & int.MaxValue;
        return record.Add(new(number, new(chainKey, 0), signing.Public.ToArray(), SigningKey.FromPrivate(signing.Private.Span)));
    }

    /// <summary>What hands the newest sender key out, for the messages from now on.</summary>
    /// <exception cref="SignalException">There is none.</exception>
    public static byte[] Distribute(SenderKeyRecord record)
    {
        var state = Own(record);
        return SenderKeyDistributionMessage.Write(state.Id, state.Chain.Index, state.Chain.Key, state.SigningPublic);
    }

    /// <summary>
    /// Takes in a sender key that was handed out. One that is known already stays as far as it has come, unless it was
    /// handed out again from beyond the messages that could be caught up with.
    /// </summary>
    /// <exception cref="SignalException">The message is malformed.</exception>
    public static SenderKeyRecord Process(SenderKeyRecord record, ReadOnlySpan<byte> distribution)
    {
        var message = SenderKeyDistributionMessage.Read(distribution);
        var known = record.Find(message.Id) is { } state && message.SigningKey.SequenceEqual(state.SigningPublic) ? state : null;
        if (known is not null && message.Iteration - (long)known.Chain.Index <= Limits.ForwardJump)
            return record.Add(known);
        var chain = new MessageChain(message.ChainKey.ToArray(), message.Iteration, known?.Chain.Skipped ?? default);
        return record.Add(new(message.Id, chain, message.SigningKey.ToArray(), null));
    }

    /// <param name="record">Our own record.</param>
    /// <param name="plaintext">The padded plaintext.</param>
    /// <param name="random64">Randomness for the signature.</param>
    /// <exception cref="SignalException">There is no sender key of ours.</exception>
    public static (byte[] Message, SenderKeyRecord Record) Encrypt(
        SenderKeyRecord record, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> random64)
    {
        var state = Own(record);
        Span<byte> keys = stackalloc byte[KeysSize];
        var iteration = state.Chain.Index;
        var chain = Take(state.Chain, iteration, keys);
        var ciphertext = MessageCipher.Encrypt(keys[MessageCipher.IvSize..], keys[..MessageCipher.IvSize], plaintext);
        CryptographicOperations.ZeroMemory(keys);

        var message = SenderKeyMessage.Write(state.Id, iteration, ciphertext);
        var signature = message.AsSpan(message.Length - XEdDsa.SignatureSize);
        XEdDsa.Sign(state.Signing!, message.AsSpan()[..^XEdDsa.SignatureSize], random64, signature);
        return (message, record.Replace(state, state with { Chain = chain }));
    }

    /// <exception cref="SignalException">It can't be; the reason says why.</exception>
    public static (byte[] Plaintext, SenderKeyRecord Record) Decrypt(SenderKeyRecord record, ReadOnlySpan<byte> message)
    {
        var parsed = SenderKeyMessage.Read(message);
        var state = record.Find(parsed.Id) ?? throw NoSenderKey();
        if (!XEdDsa.Verify(state.SigningPublic, parsed.Signed, parsed.Signature))
            throw new SignalException(SignalError.BadSignature, "The signature of a group message is wrong.");
        Span<byte> keys = stackalloc byte[KeysSize];
        var chain = Take(state.Chain, parsed.Iteration, keys);
        var plaintext = MessageCipher.Decrypt(keys[MessageCipher.IvSize..], keys[..MessageCipher.IvSize], parsed.Ciphertext);
        CryptographicOperations.ZeroMemory(keys);
        return (plaintext, record.Replace(state, state with { Chain = chain }));
    }

    private static MessageChain Take(MessageChain chain, uint iteration, Span<byte> keys)
    {
        Span<byte> seed = stackalloc byte[MessageChain.KeySize];
        var rest = chain.Take(iteration, seed);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, keys, [], "WhisperGroup"u8);
        CryptographicOperations.ZeroMemory(seed);
        return rest;
    }

    private static SenderKeyState Own(SenderKeyRecord record) =>
        record.States is [{ Signing: not null } state, ..] ? state : throw NoSenderKey();

    private static SignalException NoSenderKey() => new(SignalError.NoSenderKey, "The sender key is unknown.");
}
