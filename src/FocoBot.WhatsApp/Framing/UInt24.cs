namespace FocoBot.WhatsApp.Framing;

/// <summary>A number of three bytes, big-endian.</summary>
internal static class UInt24
{
    public static int Read(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];

    public static void Write(Span<byte> bytes, int value)
    {
        bytes[2] = (byte)value;
        bytes[1] = (byte)(value >> 8);
        bytes[0] = (byte)(value >> 16);
    }
}
