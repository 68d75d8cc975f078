namespace FocoBot.Security;

/// <summary>The headers that tell browsers what our answers may do.</summary>
internal static class SecurityHeaders
{
    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";

    // Pages load from us alone. A page that needs more sets its own policy, which is left as it is.
    private const string PagePolicy =
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string OneYear = "max-age=31536000";

    private static readonly PathString[] Pages = ["/swagger", "/docs"];

    /// <summary>Sets the headers as the answer starts, so that error answers carry them too.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            Set((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    private static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = IsPage(context) ? PagePolicy : ApiPolicy;
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) headers.CacheControl = "no-store";
        // A browser that learned this for localhost would refuse plain http to every program on that machine.
        if (context.Request.IsHttps && !LocalHost.Is(context.Request.Host)) headers.StrictTransportSecurity = OneYear;
    }

    private static bool IsPage(HttpContext context) =>
        context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true
        || Array.Exists(Pages, page => context.Request.Path.StartsWithSegments(page, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Names of this machine.</summary>
internal static class LocalHost
{
    public static bool Is(HostString host) =>
        host.Host is "localhost" or "127.0.0.1" or "[::1]" || host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
