namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// The three messages of the handshake. Newer clients add fields that mean nothing to us.
/// <code>
/// HandshakeMessage { ClientHello clientHello = 2; ServerHello serverHello = 3; ClientFinish clientFinish = 4; }
/// ClientHello      { bytes ephemeral = 1; }
/// ServerHello      { bytes ephemeral = 1; bytes static = 2; bytes payload = 3; }
/// ClientFinish     { bytes static = 1; bytes payload = 2; }
/// </code>
/// </summary>
internal static class HandshakeMessage
{
    private const int ClientHelloField = 2, ServerHelloField = 3, ClientFinishField = 4;

    public static byte[] WriteClientHello(ReadOnlySpan<byte> ephemeral) =>
        new ProtobufWriter().Add(ClientHelloField, new ProtobufWriter().Add(1, ephemeral).ToArray()).ToArray();

    public static byte[] WriteServerHello(ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> sealedStatic, ReadOnlySpan<byte> sealedPayload) =>
        new ProtobufWriter().Add(ServerHelloField, new ProtobufWriter().Add(1, ephemeral).Add(2, sealedStatic).Add(3, sealedPayload).ToArray()).ToArray();

    public static byte[] WriteClientFinish(ReadOnlySpan<byte> sealedStatic, ReadOnlySpan<byte> sealedPayload) =>
        new ProtobufWriter().Add(ClientFinishField, new ProtobufWriter().Add(1, sealedStatic).Add(2, sealedPayload).ToArray()).ToArray();

    /// <summary>The client's ephemeral key.</summary>
    /// <exception cref="ProtocolException">This is no client's hello.</exception>
    public static ReadOnlySpan<byte> ReadClientHello(ReadOnlySpan<byte> message) => Read(message, ClientHelloField).First;

    /// <exception cref="ProtocolException">This is no server's hello.</exception>
    public static ServerHello ReadServerHello(ReadOnlySpan<byte> message)
    {
        var fields = Read(message, ServerHelloField);
        return new(fields.First, fields.Second, fields.Third);
    }

    /// <exception cref="ProtocolException">This is no client's finish.</exception>
    public static ClientFinish ReadClientFinish(ReadOnlySpan<byte> message)
    {
        var fields = Read(message, ClientFinishField);
        return new(fields.First, fields.Second);
    }

    // The first three fields of the message within; those missing are empty, and fail where their bytes are needed.
    private static ThreeFields Read(ReadOnlySpan<byte> message, int wanted)
    {
        var outer = new ProtobufReader(message);
        ReadOnlySpan<byte> inner = default;
        while (outer.Next())
        {
            if (outer.Field == wanted)
                inner = outer.Bytes;
        }

        if (inner.IsEmpty)
            throw new ProtocolException("Another message of the handshake was expected.");

        var reader = new ProtobufReader(inner);
        var fields = default(ThreeFields);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: fields.First = reader.Bytes; break;
                case 2: fields.Second = reader.Bytes; break;
                case 3 when wanted == ServerHelloField: fields.Third = reader.Bytes; break;
            }
        }

        return fields;
    }

    /// <summary>The server's ephemeral key, and encrypted its static key and its certificates.</summary>
    public readonly ref struct ServerHello(ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> sealedStatic, ReadOnlySpan<byte> sealedPayload)
    {
        public ReadOnlySpan<byte> Ephemeral { get; } = ephemeral;

        public ReadOnlySpan<byte> Static { get; } = sealedStatic;

        public ReadOnlySpan<byte> Payload { get; } = sealedPayload;
    }

    /// <summary>Encrypted, the client's static key and its payload.</summary>
    public readonly ref struct ClientFinish(ReadOnlySpan<byte> sealedStatic, ReadOnlySpan<byte> sealedPayload)
    {
        public ReadOnlySpan<byte> Static { get; } = sealedStatic;

        public ReadOnlySpan<byte> Payload { get; } = sealedPayload;
    }

    private ref struct ThreeFields
    {
        public ReadOnlySpan<byte> First, Second, Third;
    }
}
