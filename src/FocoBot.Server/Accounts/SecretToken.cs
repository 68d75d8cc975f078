using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FocoBot.Accounts;

/// <summary>Random tokens of 256 bits. Only their SHA-256 is stored: that many bits need no salt and no slow hash.</summary>
internal static class SecretToken
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
