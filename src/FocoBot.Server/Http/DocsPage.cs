namespace FocoBot.Http;

/// <summary>The browsable API page at <c>/docs</c>.</summary>
internal static class DocsPage
{
    // Scripts from us alone; the page builds style attributes and draws its icons from data URLs.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseDocsPage(this IApplicationBuilder app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase), page => page.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        }));
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "FocoBot API";
            options.SwaggerEndpoint("/openapi/v1.json", "FocoBot");
        });
    }
}
