using System.Collections.Frozen;
using System.Globalization;

namespace FocoBot.WhatsApp.Binary;

/// <summary>
/// The strings that have a short form on the wire: one byte for 235 of them, two bytes (a dictionary's tag and an index) for four
/// times 256 more. The list is <c>tokens.txt</c>: the short form in hex, a blank, the string.
/// </summary>
internal static class TokenDictionary
{
    /// <summary>The version that a connection's intro announces.</summary>
    public const byte Version = 3;

    private const int Dictionaries = 4;
    private const int DictionarySize = 256;

    private static readonly string[] Single = new string[Tag.Dictionary0];
    private static readonly string[] Double = new string[Dictionaries * DictionarySize];

    // Token to its short form; a single byte is below the tag of the first dictionary.
    private static readonly FrozenDictionary<string, ushort> Codes = Load();

    /// <summary>The string of a one-byte token; 0 has none.</summary>
    public static string GetSingle(byte token) => Single[token];

    /// <summary>The string of a two-byte token.</summary>
    /// <param name="dictionary">The dictionary, 0 to 3.</param>
    /// <param name="index">The index in it.</param>
    public static string GetDouble(int dictionary, byte index) => Double[(dictionary * DictionarySize) + index];

    /// <summary>Finds a string's short form: the byte itself, or the dictionary's tag and the index as a big-endian number.</summary>
    public static bool TryGetCode(string text, out ushort code) => Codes.TryGetValue(text, out code);

    private static FrozenDictionary<string, ushort> Load()
    {
        Single[0] = "";
        var codes = new Dictionary<string, ushort>(Single.Length + Double.Length, StringComparer.Ordinal);
        using var lines = new StreamReader(typeof(TokenDictionary).Assembly.GetManifestResourceStream("tokens.txt")!);
        while (lines.ReadLine() is { } line)
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            var code = ushort.Parse(line.AsSpan(0, blank), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var token = line[(blank + 1)..];
            if (code < Single.Length)
                Single[code] = token;
            else
                Double[code - (Tag.Dictionary0 << 8)] = token;
            codes.Add(token, code);
        }

        return codes.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
