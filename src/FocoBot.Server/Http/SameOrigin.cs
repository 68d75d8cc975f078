namespace FocoBot.Http;

/// <summary>Whether a browser's page of ours made a request: browsers open WebSockets for any page, cookies included.</summary>
internal static class SameOrigin
{
    /// <summary>True without an <c>Origin</c> (no browser), and with ours: the address the request came to, or the public one.</summary>
    public static bool Allows(HttpRequest request, ServerOptions options)
    {
        if (request.Headers.Origin.Count == 0) return true;
        var origin = request.Headers.Origin.ToString();
        return origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || (options.PublicBaseUrl is { } url && origin.Equals(new Uri(url).GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase));
    }
}
