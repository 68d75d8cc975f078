using FocoBot.WhatsApp.Wire;

namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>
/// A message that starts a session:
/// <c>33 | protobuf{ preKeyId=1 (absent without a one-time prekey), baseKey=2 pub33, identityKey=3 pub33, message=4, registrationId=5, signedPreKeyId=6 }</c>,
/// where message is a whole <see cref="SignalMessage"/>.
/// </summary>
internal readonly ref struct PreKeySignalMessage
{
    public uint RegistrationId { get; private init; }

    public uint? PreKeyId { get; private init; }

    public uint SignedPreKeyId { get; private init; }

    public ReadOnlySpan<byte> BaseKey { get; private init; }

    public ReadOnlySpan<byte> IdentityKey { get; private init; }

    public ReadOnlySpan<byte> Message { get; private init; }

    public static PreKeySignalMessage Read(ReadOnlySpan<byte> source)
    {
        var reader = new ProtobufReader(WireFormat.Body(source, 0), SignalException.Malformed);
        ReadOnlySpan<byte> baseKey = default, identityKey = default, message = default;
        uint? preKeyId = null, signedPreKeyId = null;
        var registrationId = 0U;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    preKeyId = reader.UInt32;
                    break;
                case 2:
                    baseKey = WireFormat.ReadKey(reader.Bytes);
                    break;
                case 3:
                    identityKey = WireFormat.ReadKey(reader.Bytes);
                    break;
                case 4:
                    message = reader.Bytes;
                    break;
                case 5:
                    registrationId = reader.UInt32;
                    break;
                case 6:
                    signedPreKeyId = reader.UInt32;
                    break;
            }
        }
        if (baseKey.IsEmpty || identityKey.IsEmpty || message.IsEmpty || signedPreKeyId is null)
            throw WireFormat.Incomplete();
        return new()
        {
            RegistrationId = registrationId,
            PreKeyId = preKeyId,
            SignedPreKeyId = signedPreKeyId.Value,
            BaseKey = baseKey,
            IdentityKey = identityKey,
            Message = message,
        };
    }

    public static byte[] Write(
        uint registrationId, uint? preKeyId, uint signedPreKeyId, ReadOnlySpan<byte> baseKey, ReadOnlySpan<byte> identityKey, ReadOnlySpan<byte> message)
    {
        var result = new byte[1 + (preKeyId is { } id ? ProtobufWriter.SizeOf(id) : 0) + 2 * WireFormat.KeyFieldSize
            + ProtobufWriter.SizeOf(message) + ProtobufWriter.SizeOf(registrationId) + ProtobufWriter.SizeOf(signedPreKeyId)];
        result[0] = WireFormat.Version;
        var writer = new ProtobufWriter(result.AsSpan(1));
        if (preKeyId is { } oneTime)
            writer.UInt64(1, oneTime);
        WireFormat.WriteKey(baseKey, writer.Bytes(2, WireFormat.KeySize));
        WireFormat.WriteKey(identityKey, writer.Bytes(3, WireFormat.KeySize));
        writer.Bytes(4, message);
        writer.UInt64(5, registrationId);
        writer.UInt64(6, signedPreKeyId);
        return result;
    }
}
