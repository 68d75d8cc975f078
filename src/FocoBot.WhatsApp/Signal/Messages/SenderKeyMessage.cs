using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Wire;

namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>A group message: <c>33 | protobuf{ id=1, iteration=2, ciphertext=3 } | signature64</c>.</summary>
internal readonly ref struct SenderKeyMessage
{
    public uint Id { get; private init; }

    public uint Iteration { get; private init; }

    public ReadOnlySpan<byte> Ciphertext { get; private init; }

    /// <summary>What the signature covers: version and protobuf.</summary>
    public ReadOnlySpan<byte> Signed { get; private init; }

    public ReadOnlySpan<byte> Signature { get; private init; }

    public static SenderKeyMessage Read(ReadOnlySpan<byte> source)
    {
        var reader = new ProtobufReader(WireFormat.Body(source, XEdDsa.SignatureSize), SignalException.Malformed);
        uint? id = null, iteration = null;
        ReadOnlySpan<byte> ciphertext = default;
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
                    ciphertext = reader.Bytes;
                    break;
            }
        }
        if (id is null || iteration is null || ciphertext.IsEmpty)
            throw WireFormat.Incomplete();
        return new()
        {
            Id = id.Value,
            Iteration = iteration.Value,
            Ciphertext = ciphertext,
            Signed = source[..^XEdDsa.SignatureSize],
            Signature = source[^XEdDsa.SignatureSize..],
        };
    }

    /// <summary>Writes the message with room for its signature at the end.</summary>
    public static byte[] Write(uint id, uint iteration, ReadOnlySpan<byte> ciphertext)
    {
        var message = new byte[1 + ProtobufWriter.SizeOf(id) + ProtobufWriter.SizeOf(iteration) + ProtobufWriter.SizeOf(ciphertext)
            + XEdDsa.SignatureSize];
        message[0] = WireFormat.Version;
        var writer = new ProtobufWriter(message.AsSpan(1));
        writer.UInt64(1, id);
        writer.UInt64(2, iteration);
        writer.Bytes(3, ciphertext);
        return message;
    }
}
