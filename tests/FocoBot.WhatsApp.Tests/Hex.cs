namespace FocoBot.WhatsApp.Tests;

internal static class Hex
{
    public static string ToHex(this ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    public static string ToHex(this byte[] bytes) => Convert.ToHexStringLower(bytes);
}
