using FocoBot.WhatsApp.Wire;

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
        new ProtobufBuilder().Add(ClientHelloField, new ProtobufBuilder().Add(1, ephemeral).ToArray()).ToArray();

    public static byte[] WriteServerHello(ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> sealedStatic, ReadOnlySpan<byte> sealedPayload) =>
        new ProtobufBuilder().Add(ServerHelloField, new ProtobufBuilder().Add(1, ephemeral).Add(2, sealedStatic).Add(3, sealedPayload).ToArray()).ToArray();

    public static byte[] WriteClientFinish(ReadOnlySpan<byte> sealedStatic, ReadOnlySpan<byte> sealedPayload) =>
        new ProtobufBuilder().Add(ClientFinishField, new ProtobufBuilder().Add(1, sealedStatic).Add(2, sealedPayload).ToArray()).ToArray();

    /// <summary>Finds the client's ephemeral key.</summary>
    /// <exception cref="ProtocolException">This is no client's hello.</exception>
    public static void ReadClientHello(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> ephemeral) =>
        Read(message, ClientHelloField, out ephemeral, out _, out _);

    /// <summary>Finds the server's ephemeral key, and encrypted its static key and its certificates.</summary>
    /// <exception cref="ProtocolException">This is no server's hello.</exception>
    public static void ReadServerHello(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> ephemeral, out ReadOnlySpan<byte> sealedStatic, out ReadOnlySpan<byte> sealedPayload) =>
        Read(message, ServerHelloField, out ephemeral, out sealedStatic, out sealedPayload);

    /// <summary>Finds, encrypted, the client's static key and its payload.</summary>
    /// <exception cref="ProtocolException">This is no client's finish.</exception>
    public static void ReadClientFinish(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> sealedStatic, out ReadOnlySpan<byte> sealedPayload) =>
        Read(message, ClientFinishField, out sealedStatic, out sealedPayload, out _);

    // The first three fields of the message within, which are bytes in all of them. Those missing are empty, and fail where they are needed.
    /// <summary>What a reader throws.</summary>
    public static ProtocolException Malformed(string why) => new(why);

    private static void Read(ReadOnlySpan<byte> message, int wanted, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second, out ReadOnlySpan<byte> third)
    {
        first = second = third = default;
        var outer = new ProtobufReader(message, Malformed);
        ReadOnlySpan<byte> inner = default;
        while (outer.Next())
        {
            if (outer.Field == wanted)
                inner = outer.Bytes;
        }

        var fields = new ProtobufReader(inner, Malformed);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: first = fields.Bytes; break;
                case 2: second = fields.Bytes; break;
                case 3: third = fields.Bytes; break;
            }
        }

        if (first.IsEmpty)
            throw new ProtocolException("Another message of the handshake was expected.");
    }
}
