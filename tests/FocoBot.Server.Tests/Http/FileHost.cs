using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FocoBot.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FocoBot.Tests.Http;

/// <summary>A host of files on this machine that is reached as if it were public ones: every name and address leads to it, and it is seen which address was dialled.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    public const string Public = "93.184.216.34";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly Dictionary<string, string[]> _names;
    private readonly int _port;
    private readonly int _securePort;

    private FileHost(WebApplication app, X509Certificate2 certificate, Dictionary<string, string[]> names)
    {
        (_app, _certificate, _names) = (app, certificate, names);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        _port = addresses.Find(address => address.Scheme == "http")!.Port;
        _securePort = addresses.Find(address => address.Scheme == "https")!.Port;
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        Network = new FetchNetwork(ResolveAsync, DialAsync, trust);
    }

    public FetchNetwork Network { get; }

    /// <summary>Where connections went to.</summary>
    public ConcurrentQueue<IPEndPoint> Dialled { get; } = new();

    /// <summary>How often names were looked up.</summary>
    public int Lookups { get; private set; }

    /// <summary>Heads of the requests that came.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Requests { get; } = new();

    /// <param name="answer">Answers every request.</param>
    /// <param name="names">Addresses of names; of all others <see cref="Public"/>.</param>
    public static async Task<FileHost> StartAsync(RequestDelegate answer, params (string Name, string[] Addresses)[] names)
    {
        var certificate = Certificate(["files.example.com", .. names.Select(name => name.Name)]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
        });
        var app = builder.Build();
        FileHost? host = null;
        app.Run(context =>
        {
            host!.Requests.Enqueue(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            return answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host = new FileHost(app, certificate, names.ToDictionary(name => name.Name, name => name.Addresses));
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // endless answers are cut
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation)
    {
        Lookups++;
        return name == "nowhere.example.com" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(Array.ConvertAll(_names.GetValueOrDefault(name, [Public]), IPAddress.Parse));
    }

    private async Task<Stream> DialAsync(IPEndPoint place, CancellationToken cancellation)
    {
        Dialled.Enqueue(place);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, place.Port == 443 ? _securePort : _port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static X509Certificate2 Certificate(string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=files", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names) alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
