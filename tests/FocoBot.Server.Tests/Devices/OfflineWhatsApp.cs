using System.Net;
using FocoBot.Sandbox;
using FocoBot.Sandbox.Http;
using FocoBot.Sandbox.Phones;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocoBot.Tests.Devices;

/// <summary>The sandbox on a free port of this machine, and the phones on it.</summary>
public sealed class OfflineWhatsApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _people;

    private OfflineWhatsApp(WebApplication app) => _app = app;

    public SandboxNetwork Network => _app.Services.GetRequiredService<SandboxNetwork>();

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<OfflineWhatsApp> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateBuilder(["--urls", $"http://{IPAddress.Loopback}:0"]);
        builder.Logging.ClearProviders();
        builder.AddSandbox();
        builder.Services.AddSingleton(clock);
        var app = builder.Build();
        app.MapSandbox();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OfflineWhatsApp(app);
    }

    /// <summary>Somebody with a phone.</summary>
    public VirtualPhone AddPhone(string name, bool passkey = false) => Network.AddPhone($"1555000{++_people:D4}", name, passkey);

    /// <summary>Waits until something holds.</summary>
    public async Task UntilAsync(Func<bool> holds, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (!holds())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not come to that: {Network.Statistics()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Hangs up on everybody and listens no more.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
