using System.Text.Json;
using System.Text.Json.Nodes;
using FocoBot.WhatsApp.Signal.SenderKeys;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage.Baileys;
using FocoBot.WhatsApp.Tests.Signal;

namespace FocoBot.WhatsApp.Tests.Storage.Baileys;

/// <summary>Records of sessions and sender keys, to Baileys' form and back.</summary>
public class BaileysRecordTests
{
    private const long Now = 1_795_202_150_000;

    [Fact]
    public async Task Sessions_come_back_the_same_with_archived_ones_and_keys_of_missing_messages()
    {
        var (alice, bob) = (new Participant("1", 1), new Participant("2", 2));
        for (var i = 0; i < 3; i++)
        {
            await alice.StartAsync(bob);
            Assert.Equal(Stored(alice, bob), RoundTrip(Stored(alice, bob)));
            var late = new List<Sent>();
            for (byte turn = 0; turn < 4; turn++)
            {
                late.Add(await alice.SendAsync(bob, [turn]));
                await (await alice.SendAsync(bob, [turn])).DeliverAsync();
                await (await bob.SendAsync(alice, [turn])).DeliverAsync();
                Assert.Equal(Stored(alice, bob), RoundTrip(Stored(alice, bob)));
                Assert.Equal(Stored(bob, alice), RoundTrip(Stored(bob, alice)));
            }

            bob.Store.Sessions[alice.Address] = RoundTrip(Stored(bob, alice));
            foreach (var message in late)
                Assert.Equal(message.Plaintext, await message.DeliverAsync());
        }

        Assert.Equal(3, SessionRecord.Deserialize(Stored(bob, alice)).States.Length);
        var archived = SessionRecord.Deserialize(Stored(bob, alice)).Archive().Serialize();
        Assert.Equal(archived, RoundTrip(archived));
    }

    [Fact]
    public void Recorded_sessions_are_written_as_they_were_but_for_times_and_what_nobody_reads()
    {
        foreach (var scenario in Vectors.Load("signal-session.json").GetProperty("scenarios").EnumerateObject())
        {
            var recorded = scenario.Value.GetProperty("steps").EnumerateArray().Where(step => step.TryGetProperty("session_after", out _)).Select(step => step.GetProperty("session_after"))
                .Prepend(scenario.Value.GetProperty("alice_session_after_initOutgoing"));
            foreach (var session in recorded)
                Assert.Equal(Comparable(session), Comparable(Json(writer => BaileysSession.Write(writer, BaileysSession.Read(new("session", session)), Now))));
        }
    }

    [Fact]
    public void A_session_that_was_never_used_before_its_last_step_and_one_without_registration_id_are_read()
    {
        var session = Changed(one =>
        {
            one["currentRatchet"]!["previousCounter"] = -1;
            one.Remove("registrationId");
        });
        var state = BaileysSession.Read(new("session", session)).Current!;
        Assert.Equal((0U, 0U), (state.PreviousCounter, state.RemoteRegistrationId));
    }

    [Fact]
    public void A_chain_that_was_closed_gives_the_keys_of_missing_messages_and_no_other()
    {
        var session = Changed(one =>
        {
            var chain = one["_chains"]!.AsObject().Single(chain => (int)chain.Value!["chainType"]! == 2).Value!.AsObject();
            chain["chainKey"]!.AsObject().Remove("key");
            chain["chainKey"]!["counter"] = 9;
            chain["messageKeys"] = new JsonObject { ["4"] = Convert.ToBase64String(Mutilations.Bytes(32)) };
        });
        var record = BaileysSession.Read(new("session", session));
        var chain = Assert.Single(record.Current!.ReceivingChains).Chain;
        Assert.True(chain.IsClosed);
        var seed = new byte[32];
        Assert.Equal(0, chain.Take(4, seed).Skipped.Count);
        Assert.Equal(Mutilations.Bytes(32), seed);
        foreach (var counter in (uint[])[0, 5, 10, uint.MaxValue])
            Assert.Throws<WhatsApp.Signal.SignalException>(() => chain.Take(counter, seed));
        Assert.Equal(record.Serialize(), RoundTrip(record.Serialize()));
    }

    [Fact]
    public void Of_many_chains_those_stay_that_can_still_be_needed()
    {
        var keys = Enumerable.Range(0, 8).Select(i => Convert.ToBase64String([5, .. Mutilations.Bytes(32, i)])).ToList();
        var session = Changed(one =>
        {
            var chains = one["_chains"]!.AsObject();
            foreach (var old in chains.Where(chain => (int)chain.Value!["chainType"]! == 2).Select(chain => chain.Key).ToList()) chains.Remove(old);
            for (var i = 0; i < keys.Count; i++)
            {
                var missing = i is 0 or 3 ? new JsonObject { ["1"] = Convert.ToBase64String(new byte[32]) } : [];
                chains[keys[i]] = new JsonObject { ["chainKey"] = new JsonObject { ["counter"] = 2 }, ["chainType"] = 2, ["messageKeys"] = missing };
            }
        });
        var kept = BaileysSession.Read(new("session", session)).Current!.ReceivingChains.Select(chain => Convert.ToBase64String([5, .. chain.RatchetKey]));
        Assert.Equal([keys[0], keys[3], keys[5], keys[6], keys[7]], kept);
    }

    [Fact]
    public void Recorded_sender_keys_are_read_as_ours_are_and_written_back()
    {
        var vector = Vectors.Load("sender-key.json");
        var steps = vector.GetProperty("steps").EnumerateArray().ToList();
        var messages = steps.Where(step => step.GetProperty("action").GetString() == "encrypt").ToList();
        var record = SenderKeyCipher.Process(SenderKeyRecord.Empty, steps.First(step => step.GetProperty("action").GetString() == "distribution message").Hex("bytes"));
        foreach (var step in steps.Where(step => step.GetProperty("action").GetString() == "decrypt"))
        {
            (_, record) = SenderKeyCipher.Decrypt(record, messages[step.GetProperty("index").GetInt32()].Hex("bytes"));
            var stored = JsonSerializer.SerializeToElement(new { type = "Buffer", data = JsonSerializer.SerializeToUtf8Bytes(step.GetProperty("record_after")) });
            Assert.Equal(record.Serialize(), BaileysSenderKey.Read("sender-key", new("sender-key", stored)).Serialize());
            var written = Json(writer => BaileysSenderKey.Write(writer, record));
            Assert.Equal(record.Serialize(), BaileysSenderKey.Read("sender-key", new("sender-key", written)).Serialize());
        }
    }

    [Fact]
    public void Our_own_sender_key_goes_on_after_the_last_message_on_either_side()
    {
        var random = new SeededRandom(5);
        var record = SenderKeyCipher.Create(SenderKeyRecord.Empty, random);
        for (uint i = 0; i < 3; i++) (_, record) = SenderKeyCipher.Encrypt(record, [1], new byte[64]);
        var written = Json(writer => BaileysSenderKey.Write(writer, record));
        var inner = JsonNode.Parse(written.GetProperty("data").GetBytesFromBase64())![0]!;
        Assert.Equal(3, (int)inner["senderChainKey"]!["iteration"]!);
        var back = BaileysSenderKey.Read("sender-key", new("sender-key", written));
        Assert.Equal(record.Serialize(), back.Serialize());
        Assert.True(back.IsOwn);
    }

    [Fact]
    public void Of_a_sender_key_that_was_handed_out_twice_the_first_is_the_one_in_use()
    {
        var random = new SeededRandom(6);
        SenderKeyState Own() => SenderKeyCipher.Create(SenderKeyRecord.Empty, random).States[0] with { Signing = null };
        var (old, used) = (Own(), Own());
        var unused = used with { Chain = new(Mutilations.Bytes(32), 7) };
        var written = Json(writer => BaileysSenderKey.Write(writer, SenderKeyRecord.Of([unused, old, used])));
        Assert.Equal(SenderKeyRecord.Of([old, used]).Serialize(), BaileysSenderKey.Read("sender-key", new("sender-key", written)).Serialize());
    }

    [Theory]
    [InlineData("\"AQID\"")]
    [InlineData("{\"type\":\"Buffer\",\"data\":\"AQID\"}")]
    [InlineData("{\"type\":\"Buffer\",\"data\":[1,2,3]}")]
    [InlineData("{\"0\":1,\"1\":2,\"2\":3}")]
    [InlineData("[1,2,3]")]
    public void Bytes_are_read_in_each_form_they_were_ever_written_in(string json) =>
        Assert.Equal([1, 2, 3], new BaileysValue("file", JsonDocument.Parse(json).RootElement).Bytes());

    private static byte[] Stored(Participant who, Participant with) => who.Store.Sessions[with.Address];

    private static byte[] RoundTrip(byte[] record) =>
        BaileysSession.Read(new("session", Json(writer => BaileysSession.Write(writer, SessionRecord.Deserialize(record), Now)))).Serialize();

    private static JsonElement Json(Action<Utf8JsonWriter> write) => JsonDocument.Parse(BaileysWriting.Json(write)).RootElement;

    // A recorded session of which both sides have sent, with something changed.
    private static JsonElement Changed(Action<JsonObject> change)
    {
        var steps = Vectors.Load("signal-session.json").GetProperty("scenarios").GetProperty("with_one_time_prekey").GetProperty("steps");
        var recorded = steps.EnumerateArray().First(step => step.TryGetProperty("session_after", out _)).GetProperty("session_after");
        var session = JsonNode.Parse(recorded.GetRawText())!;
        change(session["_sessions"]!.AsObject().Single().Value!.AsObject());
        return JsonSerializer.SerializeToElement(session);
    }

    /// <summary>A session file without what gets lost on purpose.</summary>
    internal static string Comparable(JsonElement file)
    {
        var node = JsonNode.Parse(file.GetRawText())!;
        foreach (var (_, session) in node["_sessions"]!.AsObject())
        {
            var index = session!["indexInfo"]!.AsObject();
            index["closed"] = (long)index["closed"]! == -1 ? -1 : 0;
            foreach (var lost in (string[])["used", "created", "baseKeyType"]) index.Remove(lost);
            var chains = session["_chains"]!.AsObject();
            var last = (string)session["currentRatchet"]!["lastRemoteEphemeralKey"]!;
            if (!chains.ContainsKey(last)) session["currentRatchet"]!.AsObject().Remove("lastRemoteEphemeralKey");
            if ((long)session["currentRatchet"]!["previousCounter"]! < 0) session["currentRatchet"]!["previousCounter"] = 0;
            foreach (var (_, chain) in chains)
            {
                if (!chain!["chainKey"]!.AsObject().ContainsKey("key")) chain["chainKey"]!.AsObject().Remove("counter");
            }
        }

        return Sorted(node)!.ToJsonString();
    }

    /// <summary>The same with properties in a fixed order.</summary>
    internal static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject given => new JsonObject(given.OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => KeyValuePair.Create(property.Key, Sorted(property.Value)))),
        JsonArray given => new JsonArray([.. given.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
