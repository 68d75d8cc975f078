using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FocoBot.Accounts;

/// <summary>Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, 30 s, 6 digits.</summary>
internal static class Totp
{
    private const int StepSeconds = 30;
    private const int SecretBytes = 20; // the hash's length, RFC 4226 §4 R6
    private const int Drift = 1;        // a phone's clock may be one step off, RFC 6238 §5.2
    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648 §6

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    public static string CodeAt(byte[] secret, long step, int digits = 6)
    {
        // RFC 4226 §5.3: HMAC over the big-endian counter; the last nibble says which 31 bits to take.
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // What authenticator apps compute; HMAC-SHA-1 is not broken by SHA-1's collisions.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var truncated = BinaryPrimitives.ReadUInt32BigEndian(mac[(mac[^1] & 0x0F)..]) & 0x7FFFFFFF;
        return (truncated % (uint)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step that <paramref name="code"/> belongs to, within the drift; null when it is wrong.</summary>
    public static long? Match(byte[] secret, string code, DateTimeOffset now)
    {
        long? match = null;
        for (var step = StepAt(now) - Drift; step <= StepAt(now) + Drift; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeAt(secret, step)), Encoding.UTF8.GetBytes(code)))
                match = step;
        return match;
    }

    public static string Base32(byte[] bytes)
    {
        var text = new StringBuilder();
        int buffer = 0, bits = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8 | b) & 0xFFFF;
            bits += 8;
            for (; bits >= 5; bits -= 5) text.Append(Base32Alphabet[(buffer >> (bits - 5)) & 31]);
        }

        if (bits > 0) text.Append(Base32Alphabet[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>What authenticator apps scan.</summary>
    public static string Uri(byte[] secret, string email) =>
        $"otpauth://totp/FocoBot:{System.Uri.EscapeDataString(email)}?secret={Base32(secret)}&issuer=FocoBot&algorithm=SHA1&digits=6&period={StepSeconds}";
}
