using System.Text.Json;
using System.Text.Json.Serialization;
using FocoBot.Security;
using Microsoft.AspNetCore.Http.Timeouts;

namespace FocoBot.Http;

/// <summary>The habits of every endpoint: JSON, errors, limits of size and time, the API's description.</summary>
public static class HttpRoom
{
    public static void AddHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTrustedProxies(configuration);
        services.AddSingleton<DeniedAccess>();
        services.AddSingleton<Cursors>();
        services.AddExceptionHandler<LastResort>();
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(options => Strict(options.SerializerOptions));
        // In Development too: LastResort turns what can't be bound into a problem.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = HttpLimits.RequestTime,
            WriteTimeoutResponse = context => StatusProblems.Of(StatusCodes.Status504GatewayTimeout).ExecuteAsync(context),
        });
        services.AddApiDescription();
    }

    /// <summary>What wraps every endpoint; goes before authentication.</summary>
    public static void UseHttp(this IApplicationBuilder app)
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

    internal static void Strict(JsonSerializerOptions options)
    {
        options.MaxDepth = HttpLimits.JsonDepth;
        options.AllowDuplicateProperties = false; // two values, and each reader may take another
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }
}
