namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>The padding of every plaintext: n bytes of value n, with n from 1 to 16, against telling messages by their length.</summary>
internal static class Padding
{
    private const int Most = 16;

    /// <summary>Appends the padding; its length is drawn from one random byte.</summary>
    public static byte[] Pad(ReadOnlySpan<byte> plaintext, byte random)
    {
        var length = random % Most + 1;
        var padded = new byte[plaintext.Length + length];
        plaintext.CopyTo(padded);
        padded.AsSpan(plaintext.Length).Fill((byte)length);
        return padded;
    }

    /// <summary>What is left without the padding. Others may pad with more than 16 bytes.</summary>
    /// <exception cref="SignalException">It isn't padded.</exception>
    public static ReadOnlyMemory<byte> Unpad(ReadOnlyMemory<byte> padded)
    {
        var bytes = padded.Span;
        var length = bytes.IsEmpty ? (byte)0 : bytes[^1];
        if (length == 0 || length > bytes.Length || bytes[^length..].ContainsAnyExcept(length))
            throw SignalException.Malformed("A plaintext isn't padded.");
        return padded[..^length];
    }
}
