using System.Text.Json;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage.Baileys;

namespace FocoBot.WhatsApp.Tests.Signal;

/// <summary>Replays what two libsignal clients said to each other, with their keys, byte by byte.</summary>
public class SessionVectorTests
{
    [Theory]
    [InlineData("with_one_time_prekey", false)]
    [InlineData("without_one_time_prekey", false)]
    [InlineData("with_one_time_prekey", true)]
    [InlineData("without_one_time_prekey", true)]
    public void A_recorded_conversation_comes_out_the_same_step_by_step_also_with_what_the_recorder_had_stored(string name, bool imported)
    {
        var scenario = Vectors.Load("signal-session.json").GetProperty("scenarios").GetProperty(name);
        var (alice, bob) = (scenario.GetProperty("alice"), scenario.GetProperty("bob"));
        var parties = new Dictionary<bool, LocalIdentity> { [true] = Identity(alice), [false] = Identity(bob) };
        var random = new RecordedRandom(scenario.GetProperty("generated_keypairs_in_order").EnumerateArray().Select(pair => pair.Hex("priv")));
        var records = new Dictionary<bool, SessionRecord>
        {
            [true] = SessionCipher.Start(parties[true], SessionRecord.Empty, Bundle(bob), random),
            [false] = SessionRecord.Empty,
        };
        AssertState(scenario.GetProperty("alice_session_after_initOutgoing"), records[true]);
        AssertFirstKeys(scenario.GetProperty("steps")[0].GetProperty("derived"), records[true].Current!);

        var sent = new Dictionary<string, (MessageKind Kind, byte[] Message)>();
        foreach (var step in scenario.GetProperty("steps").EnumerateArray())
        {
            var isAlice = step.GetProperty("by").GetString()!.EndsWith("alice", StringComparison.Ordinal);
            var (us, record, plaintext) = (parties[isAlice], records[isAlice], step.GetProperty("plaintext").GetString()!);
            if (step.GetProperty("action").GetString() == "encrypt")
            {
                var (kind, message, next) = SessionCipher.Encrypt(us, record, Convert.FromHexString(plaintext));
                Assert.Equal(step.GetProperty("type").GetString(), kind is MessageKind.PreKey ? "pkmsg" : "msg");
                Assert.Equal(step.GetProperty("ciphertext").GetString(), message.ToHex());
                sent[plaintext] = (kind, message);
                records[isAlice] = next;
            }
            else
            {
                var (kind, message) = sent[plaintext];
                var (text, next) = Decrypt(us, record, bob, kind, message, random);
                Assert.Equal(plaintext, text.ToHex());
                if (!imported)
                    AssertState(step.GetProperty("session_after"), next);
                next = imported ? BaileysSession.Read(new("session", step.GetProperty("session_after"))) : next;
                records[isAlice] = next;
                var again = Assert.Throws<SignalException>(() => Decrypt(us, next, bob, kind, message, random));
                Assert.Equal(SignalError.DuplicateMessage, again.Reason);
            }
            var stored = records[isAlice].Serialize();
            records[isAlice] = SessionRecord.Deserialize(stored);
            Assert.Equal(stored, records[isAlice].Serialize());
        }
    }

    [Fact]
    public void Fields_of_recorded_messages_are_read_as_libsignal_reads_them()
    {
        foreach (var scenario in Vectors.Load("signal-session.json").GetProperty("scenarios").EnumerateObject())
        {
            foreach (var step in scenario.Value.GetProperty("steps").EnumerateArray().Where(step => step.TryGetProperty("ciphertext", out _)))
            {
                ReadOnlySpan<byte> bytes = step.Hex("ciphertext");
                if (step.TryGetProperty("prekey", out var preKey))
                {
                    var outer = PreKeySignalMessage.Read(bytes);
                    Assert.Equal(preKey.GetProperty("registrationId").GetUInt32(), outer.RegistrationId);
                    Assert.Equal(preKey.GetProperty("preKeyId").ValueKind is JsonValueKind.Null ? null : preKey.GetProperty("preKeyId").GetUInt32(), outer.PreKeyId);
                    Assert.Equal(preKey.GetProperty("signedPreKeyId").GetUInt32(), outer.SignedPreKeyId);
                    Assert.Equal(preKey.Hex("baseKey")[1..], outer.BaseKey);
                    Assert.Equal(preKey.Hex("identityKey")[1..], outer.IdentityKey);
                    bytes = outer.Message;
                }
                var message = SignalMessage.Read(bytes);
                var whisper = step.GetProperty("whisper");
                Assert.Equal(whisper.Hex("ephemeralKey")[1..], message.RatchetKey);
                Assert.Equal(whisper.GetProperty("counter").GetUInt32(), message.Counter);
                Assert.Equal(whisper.GetProperty("previousCounter").GetUInt32(), message.PreviousCounter);
                Assert.Equal(whisper.Hex("ciphertext"), message.Ciphertext);
                Assert.Equal(whisper.Hex("mac"), message.Mac);
            }
        }
    }

    private static (byte[] Plaintext, SessionRecord Record) Decrypt(
        LocalIdentity us, SessionRecord record, JsonElement bob, MessageKind kind, byte[] message, RecordedRandom random) =>
        kind is MessageKind.Message
            ? SessionCipher.Decrypt(us, record, message, random)
            : SessionCipher.DecryptPreKey(us, record, message, Pair(bob.GetProperty("signed_prekey")), OneTime(bob), random);

    private static KeyPair? OneTime(JsonElement bob) =>
        bob.TryGetProperty("one_time_prekey", out var preKey) && preKey.ValueKind is JsonValueKind.Object ? Pair(preKey) : null;

    private static void AssertFirstKeys(JsonElement derived, SessionState state)
    {
        Span<byte> seed = stackalloc byte[32], buffer = stackalloc byte[MessageKeys.Size];
        var next = state.SendingChain.Take(0, seed);
        Assert.Equal(derived.Hex("sending_root_key"), state.RootKey);
        Assert.Equal(derived.Hex("sending_chain_key"), state.SendingChain.Key);
        Assert.Equal(derived.Hex("message_key_seed"), seed);
        Assert.Equal(derived.Hex("next_chain_key"), next.Key);
        var keys = new MessageKeys(seed, buffer);
        Assert.Equal(derived.Hex("cipher_key"), keys.CipherKey);
        Assert.Equal(derived.Hex("mac_key"), keys.MacKey);
        Assert.Equal(derived.Hex("iv"), keys.Iv);
    }

    // libsignal 6 counts the last key used, closes chains that the ratchet left, and keeps no archived chain keys of them.
    private static void AssertState(JsonElement expected, SessionRecord record)
    {
        var session = Assert.Single(expected.GetProperty("_sessions").EnumerateObject());
        var state = record.Current!;
        Assert.Single(record.States);
        Assert.Equal(Key(session.Name), state.BaseKey);
        var (ratchet, index) = (session.Value.GetProperty("currentRatchet"), session.Value.GetProperty("indexInfo"));
        Assert.Equal(session.Value.GetProperty("registrationId").GetUInt32(), state.RemoteRegistrationId);
        Assert.Equal(Key(ratchet.GetProperty("ephemeralKeyPair"), "pubKey"), state.OwnRatchet.Public);
        Assert.Equal(ratchet.GetProperty("ephemeralKeyPair").GetProperty("privKey").GetBytesFromBase64(), state.OwnRatchet.Private);
        Assert.Equal(ratchet.GetProperty("previousCounter").GetUInt32(), state.PreviousCounter);
        Assert.Equal(ratchet.GetProperty("rootKey").GetBytesFromBase64(), state.RootKey);
        Assert.Equal(Key(index, "remoteIdentityKey"), state.RemoteIdentity);

        var chains = session.Value.GetProperty("_chains").EnumerateObject().ToArray();
        Assert.Equal(chains.Length - 1, state.ReceivingChains.Length);
        foreach (var chain in chains)
        {
            var isSending = chain.Value.GetProperty("chainType").GetInt32() == 1;
            var ours = isSending ? state.SendingChain : state.FindChain(Key(chain.Name))!.Chain;
            AssertChain(chain.Value, ours);
        }
        if (state.ReceivingChains is [.., var last])
            Assert.Equal(Key(ratchet, "lastRemoteEphemeralKey"), last.RatchetKey);

        Assert.Equal(session.Value.TryGetProperty("pendingPreKey", out var pending), state.Pending is not null);
        if (state.Pending is null)
            return;
        Assert.Equal(pending.GetProperty("signedKeyId").GetUInt32(), state.Pending.SignedPreKeyId);
        Assert.Equal(pending.TryGetProperty("preKeyId", out var id) ? id.GetUInt32() : null, state.Pending.PreKeyId);
        Assert.Equal(Key(pending, "baseKey"), state.BaseKey);
    }

    private static void AssertChain(JsonElement expected, MessageChain chain)
    {
        Assert.Equal(expected.GetProperty("chainKey").GetProperty("counter").GetInt64() + 1, chain.Index);
        if (expected.GetProperty("chainKey").TryGetProperty("key", out var key))
            Assert.Equal(key.GetBytesFromBase64(), chain.Key);
        var keys = expected.GetProperty("messageKeys").EnumerateObject().ToArray();
        Assert.Equal(keys.Length, chain.Skipped.Count);
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal(keys[i].Name, $"{chain.Skipped.Counter(i)}");
            Assert.Equal(keys[i].Value.GetBytesFromBase64(), chain.Skipped.Seed(i));
        }
    }

    private static LocalIdentity Identity(JsonElement party) =>
        new(Pair(party.GetProperty("identity")), party.GetProperty("registrationId").GetUInt32());

    private static PreKeyBundle Bundle(JsonElement bob)
    {
        var signed = bob.GetProperty("signed_prekey");
        return new()
        {
            RegistrationId = bob.GetProperty("registrationId").GetUInt32(),
            IdentityKey = bob.GetProperty("identity").Hex("pub")[1..],
            SignedPreKeyId = signed.GetProperty("id").GetUInt32(),
            SignedPreKey = signed.Hex("pub")[1..],
            Signature = signed.Hex("signature"),
            PreKey = OneTime(bob) is { } preKey ? (bob.GetProperty("one_time_prekey").GetProperty("id").GetUInt32(), preKey.Public.ToArray()) : null,
        };
    }

    private static KeyPair Pair(JsonElement pair)
    {
        var result = KeyPair.FromPrivate(pair.Hex("priv"));
        Assert.Equal(pair.Hex("pub")[1..], result.Public);
        return result;
    }

    private static byte[] Key(string base64) => Convert.FromBase64String(base64)[1..];

    private static byte[] Key(JsonElement parent, string name) => Key(parent.GetProperty(name).GetString()!);
}
