using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Wire;

namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>
/// Hands a sender key to a member of the group: <c>33 | protobuf{ id=1, iteration=2, chainKey=3 (32), signingKey=4 pub33 }</c>.
/// It is secret, and travels inside a session.
/// </summary>
internal readonly ref struct SenderKeyDistributionMessage
{
    public uint Id { get; private init; }

    public uint Iteration { get; private init; }

    public ReadOnlySpan<byte> ChainKey { get; private init; }

    public ReadOnlySpan<byte> SigningKey { get; private init; }

    public static SenderKeyDistributionMessage Read(ReadOnlySpan<byte> source)
    {
        var reader = new ProtobufReader(WireFormat.Body(source, 0), SignalException.Malformed);
        uint? id = null, iteration = null;
        ReadOnlySpan<byte> chainKey = default, signingKey = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    id = reader.UInt32;
                    break;
                case 2:
                    iteration = reader.UInt32;
                    break;
                case 3:
                    chainKey = reader.Bytes;
                    break;
                case 4:
                    signingKey = WireFormat.ReadKey(reader.Bytes);
                    break;
            }
        }
        if (id is null || iteration is null || chainKey.Length != X25519.KeySize || signingKey.IsEmpty)
            throw WireFormat.Incomplete();
        return new() { Id = id.Value, Iteration = iteration.Value, ChainKey = chainKey, SigningKey = signingKey };
    }

    public static byte[] Write(uint id, uint iteration, ReadOnlySpan<byte> chainKey, ReadOnlySpan<byte> signingKey)
    {
        var message = new byte[1 + ProtobufWriter.SizeOf(id) + ProtobufWriter.SizeOf(iteration) + ProtobufWriter.SizeOf(chainKey)
            + WireFormat.KeyFieldSize];
        message[0] = WireFormat.Version;
        var writer = new ProtobufWriter(message.AsSpan(1));
        writer.UInt64(1, id);
        writer.UInt64(2, iteration);
        writer.Bytes(3, chainKey);
        WireFormat.WriteKey(signingKey, writer.Bytes(4, WireFormat.KeySize));
        return message;
    }
}
