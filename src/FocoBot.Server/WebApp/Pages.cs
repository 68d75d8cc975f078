using System.Security.Cryptography;

namespace FocoBot.WebApp;

/// <summary>Serves the browser app: its one page, whatever the address says, and its files.</summary>
internal static class Pages
{
    private const string Nonce = "{{nonce}}";
    private const string ForEver = "public, max-age=31536000, immutable";
    private static readonly PathString Assets = "/assets";

    /// <summary>Maps the page and its files where they were built; without them the API's description stands in for the page.</summary>
    public static void MapPages(this WebApplication app)
    {
        var page = Path.Combine(app.Environment.WebRootPath ?? "", "index.html");
        if (!File.Exists(page))
        {
            app.MapGet("/", () => Results.Redirect("/docs")).AllowAnonymous().ExcludeFromDescription();
            return;
        }

        var content = File.ReadAllText(page);
        // The names of these files hold a hash of what is in them.
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Assets), branch => branch.Use(KeepForEver));
        // What publishing has put down of the files, with their compressed forms.
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, $"{app.Environment.ApplicationName}.staticwebassets.endpoints.json"))) app.MapStaticAssets().AllowAnonymous();
        app.MapMethods($"{{*path:{PageRoute.Name}}}", [HttpMethods.Get, HttpMethods.Head], context => ShowAsync(context, content)).AllowAnonymous().ExcludeFromDescription();
    }

    // Styles that are made at run time carry the nonce of their page; inline style attributes can't carry one (docs/adr/0006).
    private static string Policy(string nonce) =>
        $"default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
        + "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static Task ShowAsync(HttpContext context, string content)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy = Policy(nonce);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(content.Replace(Nonce, nonce, StringComparison.Ordinal), context.RequestAborted);
    }

    private static Task KeepForEver(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var response = ((HttpContext)state).Response;
            if (response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified) response.Headers.CacheControl = ForEver;
            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}

/// <summary>Addresses of pages: all that do not belong to programs.</summary>
internal sealed class PageRoute : IRouteConstraint
{
    public const string Name = "page";

    private static readonly string[] NotPages = ["api", "sandbox", "assets", "docs", "openapi", "health"];

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
    {
        var path = values.TryGetValue(routeKey, out var value) ? value as string ?? "" : "";
        var first = path.Split('/', 2)[0];
        // Files have endings, pages have none.
        return !NotPages.Contains(first, StringComparer.OrdinalIgnoreCase) && !path.Contains('.', StringComparison.Ordinal);
    }
}
