using FocoBot.WhatsApp.Wire;

namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>
/// A message of a session:
/// <c>33 | protobuf{ ephemeralKey=1 pub33, counter=2, previousCounter=3, ciphertext=4 } | mac8</c>.
/// </summary>
internal readonly ref struct SignalMessage
{
    public const int MacSize = 8;

    public ReadOnlySpan<byte> RatchetKey { get; private init; }

    public uint Counter { get; private init; }

    public uint PreviousCounter { get; private init; }

    public ReadOnlySpan<byte> Ciphertext { get; private init; }

    /// <summary>What the authentication code covers: version and protobuf.</summary>
    public ReadOnlySpan<byte> Authenticated { get; private init; }

    public ReadOnlySpan<byte> Mac { get; private init; }

    public static SignalMessage Read(ReadOnlySpan<byte> source)
    {
        var reader = new ProtobufReader(WireFormat.Body(source, MacSize), SignalException.Malformed);
        ReadOnlySpan<byte> ratchetKey = default, ciphertext = default;
        uint? counter = null;
        var previousCounter = 0U;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    ratchetKey = WireFormat.ReadKey(reader.Bytes);
                    break;
                case 2:
                    counter = reader.UInt32;
                    break;
                case 3:
                    previousCounter = reader.UInt32;
                    break;
                case 4:
                    ciphertext = reader.Bytes;
                    break;
            }
        }
        if (ratchetKey.IsEmpty || counter is null || ciphertext.IsEmpty)
            throw WireFormat.Incomplete();
        return new()
        {
            RatchetKey = ratchetKey,
            Counter = counter.Value,
            PreviousCounter = previousCounter,
            Ciphertext = ciphertext,
            Authenticated = source[..^MacSize],
            Mac = source[^MacSize..],
        };
    }

    /// <summary>Writes the message with room for its authentication code at the end.</summary>
    public static byte[] Write(ReadOnlySpan<byte> ratchetKey, uint counter, uint previousCounter, ReadOnlySpan<byte> ciphertext)
    {
        var message = new byte[1 + WireFormat.KeyFieldSize + ProtobufWriter.SizeOf(counter) + ProtobufWriter.SizeOf(previousCounter)
            + ProtobufWriter.SizeOf(ciphertext) + MacSize];
        message[0] = WireFormat.Version;
        var writer = new ProtobufWriter(message.AsSpan(1));
        WireFormat.WriteKey(ratchetKey, writer.Bytes(1, WireFormat.KeySize));
        writer.UInt64(2, counter);
        writer.UInt64(3, previousCounter);
        writer.Bytes(4, ciphertext);
        return message;
    }
}
