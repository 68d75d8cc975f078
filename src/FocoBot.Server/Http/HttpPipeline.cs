using System.Text.Json;
using System.Text.Json.Serialization;
using FocoBot.Security;
using Microsoft.AspNetCore.Http.Timeouts;

namespace FocoBot.Http;

/// <summary>What every request goes through before it reaches a room: JSON, errors, limits of size and time.</summary>
internal static class HttpPipeline
{
    public static void AddHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTrustedProxies(configuration);
        services.AddSingleton<DeniedAccess>();
        services.AddSingleton<Cursors>();
        services.AddSingleton(FetchNetwork.Real);
        services.AddSingleton<GuardedFetch>();
        services.AddProblemDetails();
        services.AddExceptionHandler<LastResort>();
        // What can't be bound goes to LastResort in every environment, and becomes the caller's problem there.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => BeStrict(options.SerializerOptions));
        services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = HttpLimits.RequestTime,
            WriteTimeoutResponse = context => StatusProblems.Of(StatusCodes.Status504GatewayTimeout).ExecuteAsync(context),
        });
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => StatusProblems.Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseMiddleware<OriginCheck>();
        app.Use(BodyLimit.CheckAsync);
        app.UseRequestTimeouts();
        app.UseWebSockets();
        app.UseDocsPage();
    }

    private static void BeStrict(JsonSerializerOptions options)
    {
        options.MaxDepth = HttpLimits.JsonDepth;
        options.AllowDuplicateProperties = false; // two values, and each reader may take another
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }
}
