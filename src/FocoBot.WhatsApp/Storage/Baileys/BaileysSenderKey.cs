using System.Text.Json;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.SenderKeys;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// The sender keys of one member of a group: a Buffer with JSON in it, newest last. The iteration is the one to be used next; Baileys itself
/// leaves it out unless it is 0, and keeps the seed of what it left out.
/// <code>
/// [{ "senderKeyId": n, "senderChainKey": { "iteration": n, "seed": Buffer },
///    "senderSigningKey": { "public": Buffer 33, "private"?: Buffer 32, empty for others' },
///    "senderMessageKeys": [{ "iteration": n, "seed": Buffer }] }]
/// </code>
/// </summary>
internal static class BaileysSenderKey
{
    public static SenderKeyRecord Read(string file, BaileysValue buffer)
    {
        var states = new List<SenderKeyState>();
        foreach (var item in BaileysValue.Parse(file, buffer.Bytes()).Items())
        {
            var state = ReadState(item);
            // Baileys adds a key that is handed out again a second time, and goes on with the first.
            if (states.All(other => other.Id != state.Id))
                states.Insert(0, state);
        }

        return SenderKeyRecord.Of(states);
    }

    public static void Write(Utf8JsonWriter json, SenderKeyRecord record) => json.WriteBuffer(BaileysWriting.Json(inner =>
    {
        inner.WriteStartArray();
        foreach (var state in record.States.Reverse())
            WriteState(inner, state);
        inner.WriteEndArray();
    }));

    private static SenderKeyState ReadState(BaileysValue state)
    {
        var (chain, signing) = (state["senderChainKey"], state["senderSigningKey"]);
        var iteration = chain["iteration"].Number(0, uint.MaxValue - 1);
        var seeds = state.Optional("senderMessageKeys")?.Items().Select(entry => (entry["iteration"].UInt32(), entry["seed"].Bytes(MessageChain.KeySize)));
        var skipped = BaileysSession.ReadSkipped(seeds ?? [], iteration - 1) ?? throw state.Broken();
        return new(
            state["senderKeyId"].UInt32(),
            new(chain["seed"].Bytes(MessageChain.KeySize), (uint)iteration, skipped),
            signing["public"].PublicKey(),
            signing.Optional("private")?.Bytes() switch
            {
                null or [] => null,
                { Length: X25519.KeySize } => SigningKey.FromPrivate(signing.Pair().Private.Span),
                _ => throw state.Broken(),
            });
    }

    private static void WriteState(Utf8JsonWriter json, SenderKeyState state)
    {
        var skipped = state.Chain.Skipped;
        json.WriteStartObject();
        json.WriteNumber("senderKeyId", state.Id);
        json.WriteStartObject("senderChainKey");
        json.WriteNumber("iteration", state.Chain.Index);
        json.WriteBuffer("seed", state.Chain.Key);
        json.WriteEndObject();
        json.WriteStartObject("senderSigningKey");
        json.WriteBuffer("public", BaileysWriting.Prefixed(state.SigningPublic));
        json.WriteBuffer("private", state.Signing is { } signing ? signing.Private : []);
        json.WriteEndObject();
        json.WriteStartArray("senderMessageKeys");
        for (var i = 0; i < skipped.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("iteration", skipped.Counter(i));
            json.WriteBuffer("seed", skipped.Seed(i));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
