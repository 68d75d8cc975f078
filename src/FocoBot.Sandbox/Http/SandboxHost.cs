using FocoBot.Sandbox.Media;

namespace FocoBot.Sandbox.Http;

/// <summary>The network as a program: WebSockets for clients and HTTP to play the phones, on one port.</summary>
public static class SandboxHost
{
    private const string DefaultUrl = "http://127.0.0.1:5090";

    /// <summary>Registers the network. It listens on this machine alone unless told otherwise.</summary>
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls(DefaultUrl);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new SandboxNetwork(services.GetRequiredService<TimeProvider>(), builder.Configuration.GetValue<long?>("seed")));
        builder.Services.AddHostedService<MediaServer>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<Refusals>();
        builder.Services.AddOpenApi("v1");
    }

    /// <summary>Maps the WebSocket and the control of the phones.</summary>
    public static void MapSandbox(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.MapOpenApi("/openapi/v1.json");
        app.Map("/ws/chat", ServeAsync).ExcludeFromDescription();
        app.MapPhones();
    }

    private static async Task ServeAsync(HttpContext context, SandboxNetwork network, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        await network.ServeAsync(socket, lifetime.ApplicationStopping).ConfigureAwait(false);
    }
}
