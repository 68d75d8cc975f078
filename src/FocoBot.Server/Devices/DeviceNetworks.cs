using System.Security.Cryptography.X509Certificates;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Devices;

/// <summary>Where devices connect: WhatsApp itself, or in Development the offline one that <c>FOCOBOT_SANDBOX_URL</c> names.</summary>
internal sealed class DeviceNetworks(DeviceOptions options, TimeProvider clock, ILoggerFactory logs) : IDisposable
{
    public const string Live = "live";
    public const string Sandbox = "sandbox";

    private static readonly TimeSpan InfoTime = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new() { Timeout = InfoTime };
    private readonly SemaphoreSlim _asking = new(1);
    private SandboxInfo? _sandbox;
    private HttpClient? _sandboxMedia;

    public bool Knows(string network) => network == Live || (network == Sandbox && options.Sandbox is not null);

    /// <summary>A client for a device of a network.</summary>
    /// <exception cref="HttpRequestException">The sandbox does not answer.</exception>
    public async Task<WhatsAppClient> ClientAsync(string network, IDeviceStore store, CancellationToken cancellation)
    {
        var made = new WhatsAppClientOptions
        {
            Store = store, Clock = clock, Logger = logs.CreateLogger<WhatsAppClient>(), QuickReconnects = options.ReconnectAttempts, LongReconnectPause = DeviceLimits.SlowReconnect,
        };
        if (network == Live) return new WhatsAppClient(made);
        var info = await SandboxAsync(cancellation).ConfigureAwait(false);
        return new WhatsAppClient(made with { Uri = new Uri(info.WebSocketUrl), RootKey = Convert.FromBase64String(info.RootPublicKey), MediaHttp = _sandboxMedia });
    }

    public void Dispose()
    {
        _http.Dispose();
        _asking.Dispose();
        _sandboxMedia?.Dispose();
    }

    private async Task<SandboxInfo> SandboxAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_sandbox is not null) return _sandbox;
            var info = await _http.GetFromJsonAsync<SandboxInfo>(new Uri(options.Sandbox!, "/sandbox/info"), cancellation).ConfigureAwait(false)
                ?? throw new HttpRequestException("The sandbox does not say where it is.");
            if (info.MediaCertificateAuthority is { } authority) _sandboxMedia = MediaClient(authority);
            return _sandbox = info;
        }
        finally
        {
            _asking.Release();
        }
    }

    // The sandbox's file host has a certificate authority of its own.
    private static HttpClient MediaClient(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority));
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { CertificateChainPolicy = policy } });
    }

    private sealed record SandboxInfo(string WebSocketUrl, string RootPublicKey, string? MediaCertificateAuthority);
}
