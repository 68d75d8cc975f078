using FocoBot.Accounts;
using FocoBot.Devices;
using FocoBot.Http;
using Yarp.ReverseProxy.Transforms;

namespace FocoBot.WebApp;

/// <summary>What this server offers to people, asked before they sign in.</summary>
/// <param name="Registration">Who may register: <c>open</c>, <c>invite</c> or <c>closed</c>.</param>
/// <param name="DeviceLinking">Whether devices can be linked.</param>
/// <param name="Sandbox">Whether there is an offline network to try things with; in Development only.</param>
public sealed record AppView(string Registration, bool DeviceLinking, bool Sandbox);

/// <summary>What this room adds to the server.</summary>
public static class WebAppRoom
{
    public static void AddWebApp(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.Configure<RouteOptions>(options => options.SetParameterPolicy<PageRoute>(PageRoute.Name));
    }

    public static void MapWebApp(this WebApplication app)
    {
        app.MapGet("/api/app", View).AllowAnonymous().WithTags("App").WithName("getApp").WithSummary("What this server offers");
        // The virtual phones of the offline network, for whoever is signed in; who that is, is not their business.
        if (app.Services.GetRequiredService<DeviceOptions>().Sandbox is { } sandbox)
            app.MapForwarder("/sandbox/{**rest}", sandbox.GetLeftPart(UriPartial.Authority), context => context.AddRequestHeaderRemove("Cookie")).RequireWebSession();
        app.MapPages();
    }

    private static AppView View(ServerOptions server, DeviceOptions devices) => new(server.Registration, devices.IsEnabled, devices.Sandbox is not null);
}
