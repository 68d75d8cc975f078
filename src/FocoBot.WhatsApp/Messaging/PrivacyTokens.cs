using System.Security.Cryptography;
using System.Text;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Tokens that show the server that a first message to somebody is welcome.</summary>
internal static class PrivacyTokens
{
    /// <summary>The <c>cstoken</c>: <c>HMAC-SHA256(nctSalt, LID of the recipient)</c>, sent where there is no valid <c>tctoken</c>.</summary>
    public static byte[] ChatToken(ReadOnlySpan<byte> nctSalt, string recipientLid) =>
        HMACSHA256.HashData(nctSalt, Encoding.UTF8.GetBytes(recipientLid));
}
