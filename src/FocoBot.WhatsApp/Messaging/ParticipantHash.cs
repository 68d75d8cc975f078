using System.Security.Cryptography;
using System.Text;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// The <c>phash</c> of a group message: tells the server which devices the sender knows of. Over all devices of all
/// participants and the sending device itself.
/// </summary>
internal static class ParticipantHash
{
    /// <summary><c>"2:"</c> and base64 of the first 6 bytes of <c>SHA256</c> over the sorted <c>user.0:device@server</c> texts.</summary>
    public static string Compute(IEnumerable<(string User, int Device, string Server)> devices)
    {
        var texts = devices.Select(d => $"{d.User}.0:{d.Device}@{d.Server}").Order(StringComparer.Ordinal);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(texts)));
        return "2:" + Convert.ToBase64String(hash.AsSpan(0, 6));
    }
}
