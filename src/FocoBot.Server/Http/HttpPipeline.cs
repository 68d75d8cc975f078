using FocoBot.Security;

namespace FocoBot.Http;

/// <summary>What every request goes through before it reaches a room.</summary>
internal static class HttpPipeline
{
    public static void AddHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTrustedProxies(configuration);
        services.AddSingleton<DeniedAccess>();
        services.AddProblemDetails();
        services.AddOpenApi();
        // A body that can't be read is the caller's 400 in every environment, not an exception page.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<OriginCheck>();
    }
}
