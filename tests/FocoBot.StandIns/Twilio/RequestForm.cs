using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FocoBot.StandIns.Twilio;

/// <summary>A form body as pairs; enough for the few requests Twilio's API takes.</summary>
internal static class RequestForm
{
    public static async Task<Dictionary<string, string>?> ReadAsync(HttpRequest request)
    {
        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.IsCompleted)
            {
                var form = Parse(Encoding.UTF8.GetString(read.Buffer));
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return form;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Dictionary<string, string> Parse(string body)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var range in body.AsSpan().Split('&'))
        {
            var pair = body.AsSpan()[range];
            var equals = pair.IndexOf('=');
            if (equals > 0)
                form.TryAdd(WebUtility.UrlDecode(pair[..equals].ToString()), WebUtility.UrlDecode(pair[(equals + 1)..].ToString()));
        }

        return form;
    }
}
