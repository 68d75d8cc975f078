using System.Buffers;
using System.Diagnostics;

namespace FocoBot.WhatsApp.Binary;

/// <summary>
/// Strings of few kinds of characters, two to a byte:
/// <code>
/// tag (255 numbers | 251 hex) | L | ceil(n/2) bytes, first character in the high nibble
/// L = ceil(n/2), bit 7 set when n is odd; the last low nibble is then 15
/// numbers: 0-9, '-' = 10, '.' = 11        hex: 0-9, A-F (upper case)
/// </code>
/// </summary>
internal static class PackedText
{
    /// <summary>The longest string that is written packed.</summary>
    public const int MaxLength = 127;

    private const byte OddLength = 0x80;
    private const int Padding = 15;
    private const string Numbers = "0123456789-.", Hex = "0123456789ABCDEF";

    private static readonly SearchValues<char> NumberChars = SearchValues.Create(Numbers), HexChars = SearchValues.Create(Hex);

    /// <summary>The tag under which a string can be packed, or null when it can't.</summary>
    public static byte? TagFor(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength)
            return null;
        if (!text.ContainsAnyExcept(NumberChars))
            return Tag.Nibble8;
        return text.ContainsAnyExcept(HexChars) ? null : Tag.Hex8;
    }

    /// <summary>The bytes after the tag that a packed string of this length takes.</summary>
    public static int SizeOf(int length) => 1 + ((length + 1) / 2);

    /// <summary>Writes what follows the tag: the length byte and the nibbles.</summary>
    /// <param name="tag">What <see cref="TagFor"/> said.</param>
    /// <param name="text">The string.</param>
    /// <param name="output">Exactly <see cref="SizeOf"/> bytes.</param>
    public static void Write(byte tag, ReadOnlySpan<char> text, Span<byte> output)
    {
        Debug.Assert(output.Length == SizeOf(text.Length), "The caller makes room.");
        var odd = (text.Length & 1) != 0;
        output[0] = (byte)((output.Length - 1) | (odd ? OddLength : 0));
        for (var i = 1; i < output.Length; i++)
        {
            var high = Nibble(text[(2 * i) - 2]);
            var low = odd && i == output.Length - 1 ? Padding : Nibble(text[(2 * i) - 1]);
            output[i] = (byte)((high << 4) | low);
        }

        // Digits are the same in both alphabets, and hex has no '-' or '.'.
        int Nibble(char c) => (tag == Tag.Nibble8 ? Numbers : Hex).IndexOf(c, StringComparison.Ordinal);
    }

    /// <summary>Unpacks the nibbles.</summary>
    /// <param name="tag">The tag in front.</param>
    /// <param name="length">The length byte.</param>
    /// <param name="packed">The bytes after it, as many as <see cref="PackedSize"/> says.</param>
    public static string Read(byte tag, byte length, ReadOnlySpan<byte> packed)
    {
        var odd = (length & OddLength) != 0;
        if (odd && packed.IsEmpty)
            throw new ProtocolException("A packed string has an odd length of no bytes.");

        var alphabet = tag == Tag.Nibble8 ? Numbers : Hex;
        Span<char> text = stackalloc char[2 * packed.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var nibble = (i & 1) == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 0xF;
            if (odd && i == text.Length - 1)
                return nibble == Padding ? new(text[..i]) : throw new ProtocolException("A packed string of odd length lacks its padding.");
            if (nibble >= alphabet.Length)
                throw new ProtocolException("A packed string has a nibble without meaning.");
            text[i] = alphabet[nibble];
        }

        return new(text);
    }

    /// <summary>How many bytes of nibbles follow a length byte.</summary>
    public static int PackedSize(byte length) => length & ~OddLength;
}
