using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Framing;
using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using Google.Protobuf;
using SenderKeyDistributionMessage = FocoBot.WhatsApp.Signal.Messages.SenderKeyDistributionMessage;

namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// Recorded bytes, damaged in ways that keep some of their structure, into everything that decodes what a peer sends. Only a right answer,
/// a <see cref="ProtocolException"/> or a <see cref="SignalException"/> may come out. An execution depends on its number and the seed only.
/// </summary>
internal static class Fuzz
{
    public const string Usage = "./bench.sh fuzz [COUNT=10000000] [SEED=1]";

    private const int LongestSeed = 4096;
    private static readonly JsonElement AppStateVector = Vector("app-state.json");
    private static readonly AppStateKeys Keys = new(Bytes(AppStateVector, "key_id"), Bytes(AppStateVector, "key_data"));

    public static int Run(string[] args)
    {
        if (args.Length > 2 || !args.All(arg => long.TryParse(arg, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var numbers = args.Select(arg => long.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (count, seed) = (numbers.Length > 0 ? numbers[0] : 10_000_000, numbers.Length > 1 ? numbers[1] : 1);
        (string Name, byte[][] Seeds, Func<byte[], bool> Read)[] targets =
        [
            ("frame", Hexes("binary-nodes.json", "encoded_hex").Select(Framed).ToArray(), ReadFrames),
            ("node", Hexes("binary-nodes.json", "encoded_hex"), ReadNode),
            ("protobuf envelope", [.. Hexes("signal-session.json"), .. Hexes("sender-key.json"), .. Hexes("noise-handshake.json")], ReadEnvelope),
            ("padding", Hexes("padding.json"), ReadPadding),
            ("app state patch", Hexes("app-state.json", "syncd_patch_protobuf"), ReadPatch),
        ];
        Console.WriteLine($"\n| {count:N0} executions, seed {seed} | executions | accepted | refused | a second |\n|---|---|---|---|---|");
        return targets.Count(target => !Attack(target.Name, target.Seeds, target.Read, count / targets.Length, (ulong)seed)) == 0 ? 0 : 1;
    }

    private static bool Attack(string name, byte[][] seeds, Func<byte[], bool> read, long count, ulong seed)
    {
        var start = Stopwatch.GetTimestamp();
        long refused = 0;
        for (long i = 0; i < count; i++)
        {
            var input = new Mutator(seed, (ulong)i).Damage(seeds);
            try
            {
                if (!read(input))
                    return Fail("a wrong answer");
            }
            catch (Exception answer) when (answer is ProtocolException or SignalException or AppStateKeyMissingException)
            {
                refused++;
            }
            catch (Exception failed)
            {
                return Fail(failed.ToString());
            }

            bool Fail(string how)
            {
                Console.WriteLine($"{name}, execution {i} of seed {seed}: {how}\n{Convert.ToHexString(input)}");
                return false;
            }
        }

        Console.WriteLine($"| {name}, {seeds.Length} seeds | {count:N0} | {count - refused:N0} | {refused:N0} | {count / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} |");
        return true;
    }

    private static byte[] Framed(byte[] payload)
    {
        var output = new ArrayBufferWriter<byte>();
        Frame.Write(payload, output);
        Frame.Write(payload, output);
        return output.WrittenSpan.ToArray();
    }

    // What is read is what was there, to the byte.
    private static bool ReadFrames(byte[] input)
    {
        var rest = input.AsSpan();
        while (Frame.TryRead(rest, Limits.HandshakeFrame, out var payload, out var consumed))
        {
            if (consumed != Frame.HeaderLength + payload.Length || !rest[Frame.HeaderLength..consumed].SequenceEqual(payload))
                return false;
            rest = rest[consumed..];
        }

        return true;
    }

    // What was read is written to what reads as the same.
    private static bool ReadNode(byte[] input)
    {
        var written = Write(Stanza.Read(input));
        return written.AsSpan().SequenceEqual(Write(Stanza.Read(written)));
    }

    private static byte[] Write(Node node)
    {
        var output = new ArrayBufferWriter<byte>();
        Stanza.Write(node, output);
        return output.WrittenSpan.ToArray();
    }

    private static bool ReadEnvelope(byte[] input)
    {
        // All of them look at it; accepted is what any takes.
        var (taken, refusal) = (false, default(Exception));
        Try(bytes => SignalMessage.Read(bytes).Ciphertext.Length <= bytes.Length);
        Try(bytes => PreKeySignalMessage.Read(bytes).Message.Length <= bytes.Length);
        Try(bytes => SenderKeyMessage.Read(bytes).Ciphertext.Length <= bytes.Length);
        Try(bytes => SenderKeyDistributionMessage.Read(bytes).ChainKey.Length == 32);
        Try(bytes =>
        {
            HandshakeMessage.ReadServerHello(bytes, out var ephemeral, out _, out _);
            return ephemeral.Length <= bytes.Length;
        });
        Try(bytes => Same(ProtoReader.Parse<Message>(bytes)));
        return taken ? true : throw refusal!;

        void Try(Func<byte[], bool> read)
        {
            try
            {
                taken |= read(input) ? true : throw new InvalidDataException("A wrong answer.");
            }
            catch (Exception refused) when (refused is ProtocolException or SignalException)
            {
                refusal = refused;
            }
        }
    }

    private static bool Same(Message message) => message.Equals(Message.Parser.ParseFrom(message.ToByteArray()));

    private static bool ReadPadding(byte[] input)
    {
        var text = Padding.Unpad(input);
        return text.Length < input.Length && input.AsSpan(text.Length).IndexOfAnyExcept(input[^1]) < 0 && input.Length - text.Length == input[^1];
    }

    private static bool ReadPatch(byte[] input)
    {
        var patch = ProtoReader.Parse<SyncdPatch>(input);
        // Without its version a patch is taken as the next one; its MACs cover the rest.
        var state = CollectionState.Empty(AppStateVector.GetProperty("collection").GetString()!);
        var applied = state.Apply(patch, null, _ => Keys, _ => null);
        return applied.State.Version == 1;
    }

    private static JsonElement Vector(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Repository.Find("tests", "FocoBot.WhatsApp.Tests", "vectors", name))).RootElement;

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);

    // Every hexadecimal text of a file of vectors, or those under a name.
    private static byte[][] Hexes(string file, string? name = null) =>
        [.. Find(Vector(file), name, under: null).Where(bytes => bytes.Length <= LongestSeed).DistinctBy(Convert.ToHexString)];

    private static IEnumerable<byte[]> Find(JsonElement element, string? name, string? under) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Find(member.Value, name, member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Find(item, name, under)),
        JsonValueKind.String when (name ?? under) == under && element.GetString() is { Length: > 1 } text && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) =>
            [Convert.FromHexString(text)],
        _ => [],
    };
}
