using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>The code of 8 characters that a person types into the phone, and what it protects.</summary>
internal static class LinkCode
{
    public const int RandomLength = 5;
    public const int WrappedLength = 80;

    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";
    private const int Iterations = 2 << 16;

    /// <summary>Base32 of 5 bytes, highest bits first: 8 characters.</summary>
    public static string FromBytes(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomLength);
        ulong bits = 0;
        foreach (var b in random)
            bits = bits << 8 | b;
        return string.Create(8, bits, static (chars, bits) =>
        {
            for (var i = 0; i < chars.Length; i++)
                chars[i] = Alphabet[(int)(bits >> (35 - 5 * i)) & 31];
        });
    }

    /// <summary>A code as it is shown: <c>XXXX-XXXX</c>.</summary>
    public static string Display(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>A code as typed, or one of the caller's own choice: dash and blanks are dropped, letters made upper case.</summary>
    /// <exception cref="FormatException">Not 8 letters and digits.</exception>
    public static string Normalize(string typed)
    {
        var code = string.Concat(typed.Where(c => c != '-' && !char.IsWhiteSpace(c))).ToUpperInvariant();
        return code.Length == 8 && code.All(char.IsAsciiLetterOrDigit) ? code : throw new FormatException("A linking code has 8 letters and digits");
    }

    /// <summary>
    /// Wraps an ephemeral public key: <c>salt(32) | iv(16) | AES-256-CTR(PBKDF2-SHA256(code, salt, 131072), iv)(key)</c>.
    /// Takes tens of milliseconds of computing.
    /// </summary>
    /// <param name="code">The 8 characters.</param>
    /// <param name="publicKey">The key, 32 bytes.</param>
    /// <param name="salt">32 random bytes.</param>
    /// <param name="iv">16 random bytes.</param>
    public static byte[] Wrap(string code, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> iv) =>
        [.. salt, .. iv, .. Mask(code, salt, iv, publicKey)];

    /// <summary>Unwraps the other side's key. A wrong code goes unnoticed here and gives another key: the key bundle then won't open.</summary>
    /// <exception cref="ProtocolException">The length is wrong.</exception>
    public static byte[] Unwrap(string code, ReadOnlySpan<byte> wrapped) =>
        wrapped.Length == WrappedLength
            ? Mask(code, wrapped[..32], wrapped[32..48], wrapped[48..])
            : throw new ProtocolException("A wrapped key has 80 bytes");

    // CTR over the two blocks of a key: the counter is the IV as one big-endian number.
    private static byte[] Mask(string code, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> key)
    {
        Span<byte> counters = stackalloc byte[32];
        iv.CopyTo(counters);
        BinaryPrimitives.WriteUInt128BigEndian(counters[16..], unchecked(BinaryPrimitives.ReadUInt128BigEndian(iv) + 1));
        using var aes = Aes.Create();
        aes.Key = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(code), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var masked = aes.EncryptEcb(counters, PaddingMode.None);
        for (var i = 0; i < masked.Length; i++)
            masked[i] ^= key[i];
        return masked;
    }
}
