using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// Checks <c>X-Twilio-Signature</c>: base64 of HMAC-SHA1, keyed with an auth token, over the URL Twilio called followed by
/// every form key and value in ordinal order. Source: twilio.com/docs/usage/webhooks/webhooks-security.
/// </summary>
/// <param name="authTokens">The tokens in force, the primary first; a second one while rotating.</param>
public sealed class TwilioSignature(IReadOnlyList<string> authTokens)
{
    private const string BodyHashParameter = "bodySHA256=";
    private const int Base64Length = 28;
    private readonly byte[][] _keys = [.. authTokens.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Checks a form POST; with <see cref="TwilioForm.Empty"/>, a GET.</summary>
    /// <param name="publicUrl">The URL as Twilio was told it: public scheme and host, path and query still encoded. A fragment is ignored.</param>
    /// <param name="form">Every field received, known or not.</param>
    /// <param name="header">The header's value; null or malformed is refused.</param>
    public bool IsValid(string publicUrl, TwilioForm form, string? header)
    {
        Span<byte> claimed = stackalloc byte[Base64Length];
        if (header is not { Length: Base64Length } || !Ascii.IsValid(header))
            return false;
        Encoding.ASCII.GetBytes(header, claimed);

        var url = publicUrl.AsSpan();
        if (url.IndexOf('#') is var fragment and >= 0)
            url = url[..fragment];
        var (authority, port) = FindPort(url);

        // The fields are written once; each form of the URL goes right before them.
        var urlRoom = Encoding.UTF8.GetMaxByteCount(url.Length + 4);
        var buffer = ArrayPool<byte>.Shared.Rent(urlRoom + FieldBytes(form));
        try
        {
            var end = WriteFields(form, buffer, urlRoom);
            return Matches(buffer, urlRoom, end, url[..authority], url[authority..port], url[port..], claimed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Checks a JSON request: no field is signed, but the URL carries the body's SHA-256 in lower hexadecimal.</summary>
    public bool IsValidJson(string publicUrl, ReadOnlySpan<byte> body, string? header)
    {
        var query = publicUrl.AsSpan(publicUrl.IndexOf('?') + 1);
        if (query.IndexOf('#') is var fragment and >= 0)
            query = query[..fragment];

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        Span<char> expected = stackalloc char[2 * SHA256.HashSizeInBytes];
        Convert.TryToHexStringLower(hash, expected, out _);

        foreach (var range in query.Split('&'))
        {
            if (query[range] is var part && part.StartsWith(BodyHashParameter, StringComparison.Ordinal))
                return part[BodyHashParameter.Length..].SequenceEqual(expected) && IsValid(publicUrl, TwilioForm.Empty, header);
        }

        return false;
    }

    // Twilio signs sometimes with the port and sometimes without; the host's case and everything else are kept.
    private bool Matches(
        byte[] buffer, int start, int end, ReadOnlySpan<char> host, ReadOnlySpan<char> port, ReadOnlySpan<char> path, ReadOnlySpan<byte> claimed)
    {
        if (port.IsEmpty)
            port = host.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";

        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Span<byte> actual = stackalloc byte[Base64Length];
        foreach (var withPort in (ReadOnlySpan<bool>)[false, true])
        {
            var from = start;
            WriteBefore(buffer, ref from, path);
            if (withPort)
                WriteBefore(buffer, ref from, port);
            WriteBefore(buffer, ref from, host);

            foreach (var key in _keys)
            {
                HMACSHA1.HashData(key, buffer.AsSpan(from, end - from), hash);
                Base64.EncodeToUtf8(hash, actual, out _, out _);
                if (CryptographicOperations.FixedTimeEquals(actual, claimed))
                    return true;
            }
        }

        return false;
    }

    private static void WriteBefore(byte[] buffer, ref int at, ReadOnlySpan<char> text)
    {
        at -= Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, buffer.AsSpan(at));
    }

    private static int FieldBytes(TwilioForm form)
    {
        var total = 0;
        for (var i = 0; i < form.Count; i++)
            total += form.Key(i).Length + form.Value(i).Length;
        return total;
    }

    // A repeated key counts once for each distinct value.
    private static int WriteFields(TwilioForm form, byte[] buffer, int at)
    {
        for (var i = 0; i < form.Count; i++)
        {
            if (i > 0 && form.Key(i).SequenceEqual(form.Key(i - 1)) && form.Value(i).SequenceEqual(form.Value(i - 1)))
                continue;
            form.Key(i).CopyTo(buffer.AsSpan(at));
            at += form.Key(i).Length;
            form.Value(i).CopyTo(buffer.AsSpan(at));
            at += form.Value(i).Length;
        }

        return at;
    }

    /// <summary>Where the port with its colon begins, and where the path begins; the same place without a port.</summary>
    private static (int Port, int Path) FindPort(ReadOnlySpan<char> url)
    {
        var host = url.IndexOf("://") is var scheme and >= 0 ? scheme + 3 : 0;
        var path = url[host..].IndexOfAny('/', '?') is var rest and >= 0 ? host + rest : url.Length;
        var colon = url[host..path].LastIndexOf(':');
        var isPort = colon >= 0 && colon > url[host..path].LastIndexOf(']');
        return (isPort ? host + colon : path, path);
    }
}
