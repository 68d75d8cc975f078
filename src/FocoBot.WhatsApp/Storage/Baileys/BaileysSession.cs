using System.Globalization;
using System.Text.Json;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Sessions;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// The sessions with one device, as libsignal for Node keeps them. Keys are base64, public ones with their prefix; times are milliseconds.
/// <code>
/// { "version": "v1", "_sessions": { baseKey: {
///     "registrationId": n,
///     "currentRatchet": { "ephemeralKeyPair": { "pubKey", "privKey" }, "lastRemoteEphemeralKey", "previousCounter": n, "rootKey" },
///     "indexInfo": { "baseKey", "baseKeyType": 1 ours | 2 theirs, "closed": -1 | time, "used": time, "created": time, "remoteIdentityKey" },
///     "_chains": { ratchetKey: { "chainKey": { "counter": of the last key used, "key"? }, "chainType": 1 sending | 2 receiving, "messageKeys": { counter: seed } } },
///     "pendingPreKey"?: { "signedKeyId": n, "baseKey", "preKeyId"?: n } } } }
/// </code>
/// Not carried over, for nobody reads it again: who began an old session, when it was begun, and chains without any key.
/// </summary>
internal static class BaileysSession
{
    private const int Ours = 1, Theirs = 2, Sending = 1, Receiving = 2, IsOpen = -1;
    private const long LatestTime = long.MaxValue / 2;

    public static SessionRecord Read(BaileysValue file)
    {
        var sessions = file["_sessions"].Properties()
            .Select(session => (State: ReadState(session.Value), Index: session.Value["indexInfo"]))
            .Select(session => (
                session.State,
                IsOpen: session.Index["closed"].Number(IsOpen, LatestTime) == IsOpen && !session.State.SendingChain.IsClosed,
                Used: session.Index.Optional("used")?.Number(0, LatestTime) ?? 0))
            .OrderByDescending(session => session.IsOpen)
            .ThenByDescending(session => session.Used)
            .ToList();
        return SessionRecord.Of([.. sessions.Select(session => session.State)], sessions is [{ IsOpen: true }, ..]);
    }

    /// <param name="json">Where to.</param>
    /// <param name="record">What.</param>
    /// <param name="now">Milliseconds: the sessions seem to have been used just before, in their order.</param>
    public static void Write(Utf8JsonWriter json, SessionRecord record, long now)
    {
        json.WriteStartObject();
        json.WriteStartObject("_sessions");
        foreach (var state in record.States)
        {
            WriteState(json, state, state == record.Current ? IsOpen : now, now);
            now--;
        }

        json.WriteEndObject();
        json.WriteString("version", "v1");
        json.WriteEndObject();
    }

    private static SessionState ReadState(BaileysValue session)
    {
        var (ratchet, index) = (session["currentRatchet"], session["indexInfo"]);
        var ours = ratchet["ephemeralKeyPair"].Pair("privKey", "pubKey");
        MessageChain? sending = null;
        var receiving = new List<ReceivingChain>();
        foreach (var (name, chain) in session["_chains"].Properties())
        {
            var key = session.PublicKey(name);
            if (chain["chainType"].Number(Sending, Receiving) == Receiving)
                receiving.Add(new(key, ReadChain(chain)));
            else if (ours.Public.Span.SequenceEqual(key))
                sending = ReadChain(chain);
        }

        // A closed chain without keys only tells a repeated message from a strange one.
        while (receiving.Count > Limits.ReceiverChains)
            receiving.RemoveAt(Math.Max(receiving.FindIndex(chain => chain.Chain is { IsClosed: true, Skipped.Count: 0 }), 0));

        return new()
        {
            RemoteRegistrationId = session.Optional("registrationId")?.UInt32() ?? 0,
            RemoteIdentity = index["remoteIdentityKey"].PublicKey(),
            BaseKey = index["baseKey"].PublicKey(),
            RootKey = ratchet["rootKey"].Bytes(MessageChain.KeySize),
            OwnRatchet = ours,
            SendingChain = sending ?? throw session.Broken(),
            // -1 when the chain before was never used.
            PreviousCounter = (uint)Math.Max(ratchet["previousCounter"].Number(-1, uint.MaxValue), 0),
            ReceivingChains = [.. receiving],
            Pending = session.Optional("pendingPreKey") is { } pending
                ? new(pending["signedKeyId"].UInt32(), pending.Optional("preKeyId")?.UInt32())
                : null,
        };
    }

    private static MessageChain ReadChain(BaileysValue chain)
    {
        var counter = chain["chainKey"]["counter"].Number(-1, uint.MaxValue - 2);
        var key = chain["chainKey"].Optional("key")?.Bytes(MessageChain.KeySize);
        var seeds = chain["messageKeys"].Properties()
            .Select(entry => (Counter: ParseCounter(entry.Name) ?? throw chain.Broken(), Seed: entry.Value.Bytes(MessageChain.KeySize)));
        return ReadSkipped(seeds, counter) is not { } skipped ? throw chain.Broken()
            : key is null ? MessageChain.Closed(skipped) : new(key, (uint)(counter + 1), skipped);
    }

    /// <summary>The seeds of messages that are missing; null when they are none of such a chain.</summary>
    internal static SkippedKeys? ReadSkipped(IEnumerable<(uint Counter, byte[] Seed)> seeds, long lastUsed)
    {
        var sorted = seeds.OrderBy(entry => entry.Counter).ToList();
        var doubled = sorted.Zip(sorted.Skip(1)).Any(pair => pair.First.Counter == pair.Second.Counter);
        return doubled || (sorted.Count > 0 && sorted[^1].Counter > lastUsed) ? null : SkippedKeys.Of(sorted.TakeLast(Limits.SkippedKeys));
    }

    private static uint? ParseCounter(string name) =>
        uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var counter) ? counter : null;

    private static void WriteState(Utf8JsonWriter json, SessionState state, long closed, long used)
    {
        var baseKey = BaileysWriting.Prefixed(state.BaseKey);
        json.WriteStartObject(Convert.ToBase64String(baseKey));
        json.WriteNumber("registrationId", state.RemoteRegistrationId);

        json.WriteStartObject("currentRatchet");
        json.WriteStartObject("ephemeralKeyPair");
        json.WriteBase64String("pubKey", BaileysWriting.Prefixed(state.OwnRatchet.Public.Span));
        json.WriteBase64String("privKey", state.OwnRatchet.Private.Span);
        json.WriteEndObject();
        // Names the chain to be closed at the next step. Before there is one, any key will do that names none.
        json.WriteBase64String("lastRemoteEphemeralKey", state.ReceivingChains is [.., var last] ? BaileysWriting.Prefixed(last.RatchetKey) : baseKey);
        json.WriteNumber("previousCounter", state.PreviousCounter);
        json.WriteBase64String("rootKey", state.RootKey);
        json.WriteEndObject();

        json.WriteStartObject("indexInfo");
        json.WriteBase64String("baseKey", baseKey);
        // Once it is answered only the other side's word matters: it may repeat a first message, which we never do.
        json.WriteNumber("baseKeyType", state.Pending is null ? Theirs : Ours);
        json.WriteNumber("closed", closed);
        json.WriteNumber("used", used);
        json.WriteNumber("created", used);
        json.WriteBase64String("remoteIdentityKey", BaileysWriting.Prefixed(state.RemoteIdentity));
        json.WriteEndObject();

        json.WriteStartObject("_chains");
        foreach (var chain in state.ReceivingChains)
            WriteChain(json, chain.RatchetKey, Receiving, chain.Chain);
        WriteChain(json, state.OwnRatchet.Public.Span, Sending, state.SendingChain);
        json.WriteEndObject();

        if (state.Pending is { } pending)
        {
            json.WriteStartObject("pendingPreKey");
            json.WriteNumber("signedKeyId", pending.SignedPreKeyId);
            json.WriteBase64String("baseKey", baseKey);
            if (pending.PreKeyId is { } preKeyId)
                json.WriteNumber("preKeyId", preKeyId);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteChain(Utf8JsonWriter json, ReadOnlySpan<byte> ratchetKey, int type, MessageChain chain)
    {
        var skipped = chain.Skipped;
        json.WriteStartObject(Convert.ToBase64String(BaileysWriting.Prefixed(ratchetKey)));
        json.WriteStartObject("chainKey");
        json.WriteNumber("counter", !chain.IsClosed ? chain.Index - 1L : skipped.Count == 0 ? 0 : skipped.Counter(skipped.Count - 1));
        if (!chain.IsClosed)
            json.WriteBase64String("key", chain.Key);
        json.WriteEndObject();
        json.WriteNumber("chainType", type);
        json.WriteStartObject("messageKeys");
        for (var i = 0; i < skipped.Count; i++)
            json.WriteBase64String(skipped.Counter(i).ToString(CultureInfo.InvariantCulture), skipped.Seed(i));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
