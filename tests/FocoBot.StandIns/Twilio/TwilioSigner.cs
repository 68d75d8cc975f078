using System.Security.Cryptography;
using System.Text;

namespace FocoBot.StandIns.Twilio;

/// <summary>Signs requests as Twilio does. Written apart from the server's check, so that the two can prove each other.</summary>
public static class TwilioSigner
{
    /// <summary>The <c>X-Twilio-Signature</c> of a form POST; no key may occur twice.</summary>
    public static string Sign(string authToken, string url, IEnumerable<KeyValuePair<string, string>> form)
    {
        var text = new StringBuilder(url.Split('#')[0]);
        foreach (var (key, value) in form.OrderBy(field => field.Key, StringComparer.Ordinal))
            text.Append(key).Append(value);
        var hash = HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(text.ToString()));
        return Convert.ToBase64String(hash);
    }
}
