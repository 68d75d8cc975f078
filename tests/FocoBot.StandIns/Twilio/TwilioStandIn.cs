using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FocoBot.StandIns.Twilio;

/// <summary>
/// A local Twilio: takes, keeps and lists messages as the real API does, reports their status, and fails on request. In process
/// for tests, or a process of its own for benchmarks and crash tests.
/// </summary>
public sealed class TwilioStandIn : IAsyncDisposable
{
    private const int LargestBody = 64 * 1024;
    private readonly WebApplication _app;

    private TwilioStandIn(WebApplication app, TwilioStandInOptions options)
    {
        _app = app;
        Messages = new MessageLog(options.Capacity);
        Callbacks = new StatusCallbacks(options);
        var api = new TwilioApi(options, Messages, Faults, Callbacks);
        var control = new TwilioControl(Messages, Faults, Callbacks, api);
        app.Run(context => HandleAsync(context, api, control));
    }

    /// <summary>Where it listens; the value for <c>TWILIO_API_BASE_URL</c>.</summary>
    public Uri BaseUrl => new(_app.Urls.First());

    /// <summary>What was received.</summary>
    public MessageLog Messages { get; }

    /// <summary>What shall go wrong.</summary>
    public FaultQueue Faults { get; } = new();

    /// <summary>The status callbacks sent.</summary>
    public StatusCallbacks Callbacks { get; }

    /// <summary>Starts a stand-in.</summary>
    public static async Task<TwilioStandIn> StartAsync(TwilioStandInOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        // Hanging requests end with their client; stopping does not wait for clients that stay.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

        var standIn = new TwilioStandIn(builder.Build(), options);
        await standIn._app.StartAsync();
        return standIn;
    }

    /// <summary>Runs until the process is asked to end.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await Callbacks.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static async Task HandleAsync(HttpContext context, TwilioApi api, TwilioControl control)
    {
        try
        {
            var isControl = context.Request.Path.Value?.StartsWith(TwilioControl.Prefix, StringComparison.Ordinal) == true;
            await (isControl ? control.HandleAsync(context) : api.HandleAsync(context));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; nobody is there to answer.
        }
    }
}
