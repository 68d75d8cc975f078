using System.Net;
using System.Security.Cryptography.X509Certificates;
using FocoBot.Sandbox;
using FocoBot.Sandbox.Http;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>The offline network on a free port of this machine.</summary>
internal sealed class SandboxServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private int _people;

    private SandboxServer(WebApplication app)
    {
        _app = app;
        Network = app.Services.GetRequiredService<SandboxNetwork>();
        Http = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        WebSocket = new UriBuilder(Http) { Scheme = "ws", Path = "/ws/chat" }.Uri;
        AuthorityFile = Path.GetTempFileName();
        File.WriteAllText(AuthorityFile, Network.MediaCertificateAuthority);
    }

    public SandboxNetwork Network { get; }

    public Uri Http { get; }

    public Uri WebSocket { get; }

    public static async Task<SandboxServer> StartAsync(int seed = 1)
    {
        var builder = WebApplication.CreateBuilder(["--urls", $"http://{IPAddress.Loopback}:0", "--seed", $"{seed}"]);
        builder.Logging.ClearProviders();
        builder.AddSandbox();
        var app = builder.Build();
        app.MapSandbox();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SandboxServer(app);
    }

    /// <summary>A file with the certificate authority of the media host.</summary>
    public string AuthorityFile { get; }

    /// <summary>Somebody with a phone.</summary>
    public VirtualPhone AddPhone(string name, bool passkey = false) => Network.AddPhone($"1555000{++_people:D4}", name, passkey);

    /// <summary>Somebody with a phone, and Baileys as its companion, linked by QR code and ready.</summary>
    public async Task<(VirtualPhone Phone, BaileysPeer Peer)> LinkedAsync(string name, BaileysSettings? settings = null)
    {
        var phone = AddPhone(name);
        return (phone, await LinkedAsync(phone, settings));
    }

    /// <summary>Baileys as a companion of somebody's phone, linked by QR code and ready.</summary>
    public async Task<BaileysPeer> LinkedAsync(VirtualPhone phone, BaileysSettings? settings = null)
    {
        var peer = await StartBaileysAsync(settings);
        phone.Scan((await peer.WaitForAsync<QrShown>()).Qr);
        await ReadyAsync(peer);
        return peer;
    }

    /// <summary>Baileys, not linked yet, which finds the media host and trusts it.</summary>
    public Task<BaileysPeer> StartBaileysAsync(BaileysSettings? settings = null) =>
        BaileysPeer.StartAsync(WebSocket, (settings ?? new()) with { CertificateAuthority = AuthorityFile, MediaHost = Network.MediaBaseUrl });

    /// <summary>Waits until Baileys lets messages out, and has what its phone sends a new companion.</summary>
    public static async Task ReadyAsync(BaileysPeer peer)
    {
        await peer.WaitForAsync<Opened>();
        await peer.WaitForAsync<CaughtUp>();
        await peer.WaitForAsync<HistoryArrived>();
    }

    /// <summary>What transfers files, and trusts the media host.</summary>
    public SocketsHttpHandler MediaHandler()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(Network.MediaCertificateAuthority));
        return new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { CertificateChainPolicy = policy } };
    }

    /// <summary>A message that a phone shows.</summary>
    public static async Task<PhoneMessage> ShownAsync(VirtualPhone phone, Func<PhoneMessage, bool> fits)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (phone.Messages().FirstOrDefault(fits) is { } shown) return shown;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Waits until the network's counts are as wished.</summary>
    public async Task EventuallyAsync(Func<SandboxStatistics, bool> fits)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!fits(Network.Statistics())) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
    }

    /// <summary>Waits for something of a test's own.</summary>
    /// <param name="holds">What.</param>
    /// <param name="what">Says what is missing when it does not come.</param>
    public async Task UntilAsync(Func<bool> holds, Func<string> what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!holds())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"{what()} {Network.Statistics()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Whether the server has a message from a companion.</summary>
    public bool HasTaken(Jid companion, string id)
    {
        lock (Network.Gate) return Network.Accounts.FindDevice(companion)!.SentTo(id) is not null;
    }

    /// <summary>Breaks a companion's connection; what was dropped on it comes with the next one.</summary>
    public void Break(Jid companion)
    {
        Network.PlanFaults(companion, new FaultPlan(StreamError: 503));
        Network.PlanFaults(companion, null);
    }

    /// <summary>Breaks a companion's connection without a word.</summary>
    public void Cut(Jid companion)
    {
        lock (Network.Gate) Network.Accounts.FindDevice(companion)!.Connection?.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        File.Delete(AuthorityFile);
    }
}
