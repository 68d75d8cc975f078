using System.Security.Cryptography;
using System.Text.Json;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.SenderKeys;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>Replays what Baileys' group cipher wrote, with its keys.</summary>
public class SenderKeyVectorTests
{
    private readonly JsonElement _vector = Vectors.Load("sender-key.json");

    [Fact]
    public void Group_messages_come_out_as_those_of_Baileys_at_the_iterations_that_it_uses()
    {
        var signing = KeyPair.FromPrivate(_vector.GetProperty("signing_key").Hex("priv"));
        var record = SenderKeyRecord.Empty.Add(
            new(_vector.GetProperty("key_id").GetUInt32(), new(_vector.Hex("chain_key"), 0), signing.Public.ToArray(), SigningKey.FromPrivate(signing.Private.Span)));
        Assert.Equal(Step("distribution message").Hex("bytes"), SenderKeyCipher.Distribute(record));

        Span<byte> seed = stackalloc byte[32];
        foreach (var step in Steps("encrypt"))
        {
            // Baileys goes a step too many before each message but the first, and draws no randomness for its nonce.
            var state = record.States[0];
            if (state.Chain.Index > 0)
                record = record.Replace(state, state with { Chain = state.Chain.Take(state.Chain.Index, seed) });
            (var message, record) = SenderKeyCipher.Encrypt(record, step.Hex("plaintext"), new byte[64]);
            Assert.Equal(step.Hex("bytes")[..^64], message[..^64]);
            SignAsBaileys(signing, message);
            Assert.Equal(step.Hex("bytes"), message);
        }
        Assert.Equal(Step("distribution message after 4 sends").Hex("bytes"), SenderKeyCipher.Distribute(record));
    }

    [Fact]
    public void Messages_of_Baileys_decrypt_with_gaps_and_out_of_order()
    {
        var record = SenderKeyCipher.Process(SenderKeyRecord.Empty, Step("distribution message").Hex("bytes"));
        var messages = Steps("encrypt");
        foreach (var step in Steps("decrypt"))
        {
            var (plaintext, next) = SenderKeyCipher.Decrypt(record, messages[step.GetProperty("index").GetInt32()].Hex("bytes"));
            Assert.Equal(step.Hex("plaintext"), plaintext);
            AssertRecord(step.GetProperty("record_after"), next);
            record = SenderKeyRecord.Deserialize(next.Serialize());
            Assert.Equal(next.Serialize(), record.Serialize());
        }
        // The one that Baileys itself fails at.
        (var third, record) = SenderKeyCipher.Decrypt(record, messages[2].Hex("bytes"));
        Assert.Equal(messages[2].Hex("plaintext"), third);
        foreach (var message in messages)
            Assert.Equal(SignalError.DuplicateMessage, Assert.Throws<SignalException>(() => SenderKeyCipher.Decrypt(record, message.Hex("bytes"))).Reason);
    }

    [Fact]
    public void A_key_handed_out_after_four_messages_is_the_one_reached_by_reading_them()
    {
        var record = SenderKeyCipher.Process(SenderKeyRecord.Empty, Step("distribution message").Hex("bytes"));
        foreach (var message in Steps("encrypt"))
            (_, record) = SenderKeyCipher.Decrypt(record, message.Hex("bytes"));
        var late = SenderKeyCipher.Process(SenderKeyRecord.Empty, Step("distribution message after 4 sends").Hex("bytes"));
        Assert.Equal(late.States[0].Chain.Index, record.States[0].Chain.Index);
        Assert.Equal(late.States[0].Chain.Key, record.States[0].Chain.Key);
    }

    [Fact]
    public void Derived_keys_are_those_of_Baileys()
    {
        var chain = new WhatsApp.Signal.Chains.MessageChain(_vector.Hex("chain_key"), 0);
        Span<byte> seed = stackalloc byte[32], keys = stackalloc byte[48];
        foreach (var derived in _vector.GetProperty("derived").EnumerateArray())
        {
            Assert.Equal(derived.Hex("chain_key"), chain.Key);
            chain = chain.Take(derived.GetProperty("iteration").GetUInt32(), seed);
            Assert.Equal(derived.Hex("seed"), seed);
            HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, keys, [], "WhisperGroup"u8);
            Assert.Equal(derived.Hex("iv"), keys[..16]);
            Assert.Equal(derived.Hex("cipher_key"), keys[16..]);
        }
    }

    private JsonElement[] Steps(string action) =>
        [.. _vector.GetProperty("steps").EnumerateArray().Where(step => step.GetProperty("action").GetString() == action)];

    private JsonElement Step(string action) => Assert.Single(Steps(action));

    private static void SignAsBaileys(KeyPair signing, byte[] message)
    {
        var signed = message[..^64];
        byte[] nonce = SHA512.HashData([.. signing.Private.Span, .. signed]);
        XEdDsa.SignWithNonce(SigningKey.FromPrivate(signing.Private.Span), signed, nonce, message.AsSpan(signed.Length));
    }

    private static void AssertRecord(JsonElement expected, SenderKeyRecord record)
    {
        var (theirs, ours) = (Assert.Single(expected.EnumerateArray()), Assert.Single(record.States));
        Assert.Equal(theirs.GetProperty("senderKeyId").GetUInt32(), ours.Id);
        Assert.Equal(theirs.GetProperty("senderChainKey").GetProperty("iteration").GetUInt32(), ours.Chain.Index);
        Assert.Equal(Bytes(theirs.GetProperty("senderChainKey").GetProperty("seed")), ours.Chain.Key);
        Assert.Equal(Bytes(theirs.GetProperty("senderSigningKey").GetProperty("public"))[1..], ours.SigningPublic);
        var keys = theirs.GetProperty("senderMessageKeys").EnumerateArray().ToArray();
        Assert.Equal(keys.Length, ours.Chain.Skipped.Count);
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal(keys[i].GetProperty("iteration").GetUInt32(), ours.Chain.Skipped.Counter(i));
            Assert.Equal(Bytes(keys[i].GetProperty("seed")), ours.Chain.Skipped.Seed(i));
        }
    }

    private static byte[] Bytes(JsonElement buffer) => [.. buffer.GetProperty("data").EnumerateArray().Select(value => value.GetByte())];
}
