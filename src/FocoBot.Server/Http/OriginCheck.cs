namespace FocoBot.Http;

/// <summary>Marks an endpoint whose callers sign their requests (webhooks): browsers' origins say nothing about those.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class SignedByCallerAttribute : Attribute;

/// <summary>
/// Keeps other sites from changing things in a signed-in person's name. A change, or a WebSocket, that comes from a
/// browser must come from our own pages: <c>Sec-Fetch-Site</c> says so, or the <c>Origin</c> where a browser lacks it.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, ServerOptions options, DeniedAccess denied)
{
    private readonly string? _publicOrigin = options.PublicBaseUrl is { } url ? new Uri(url).GetLeftPart(UriPartial.Authority) : null;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!Changes(context.Request) || IsExempt(context) || IsOurs(context.Request))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        await denied.RecordAsync(context, "CROSS_SITE").ConfigureAwait(false);
        await Problem.Of(StatusCodes.Status403Forbidden, "CROSS_SITE", "Changes must come from FocoBot's own pages.").ExecuteAsync(context).ConfigureAwait(false);
    }

    // A browser opens a WebSocket with a GET and with cookies, and lets any page do it.
    private static bool Changes(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Headers.Upgrade.Count > 0;

    // A key that a program adds by itself can't be borrowed by a page, as a cookie can.
    private static bool IsExempt(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<SignedByCallerAttribute>() is not null
        || (context.Request.Headers.Authorization.Count > 0 && context.Request.Headers.Cookie.Count == 0);

    private bool IsOurs(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0) return site.ToString() is "same-origin" or "none";
        var origin = request.Headers.Origin;
        // Neither header: no browser of today. Without a cookie there is nothing to borrow.
        if (origin.Count == 0) return request.Headers.Cookie.Count == 0;
        var text = origin.ToString();
        return text.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || text.Equals(_publicOrigin, StringComparison.OrdinalIgnoreCase);
    }
}
