using System.Net;
using FocoBot.Sandbox.Server;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FocoBot.Sandbox.Media;

/// <summary>
/// The media host: HTTPS on a port of its own, for clients that take any address they get and speak nothing else.
/// <code>
/// POST /mms/{type}/{token}?auth=…&amp;token=…   body = the encrypted file, token = base64url of its SHA-256 → {"url", "direct_path"}
/// GET  /v/{name}?…                          → the file
/// </code>
/// </summary>
internal sealed class MediaServer(SandboxNetwork network, IConfiguration configuration) : IHostedService
{
    private const string DefaultUrl = "https://127.0.0.1:0";

    // What clients upload under.
    private static readonly HashSet<string> Types = ["image", "video", "audio", "document", "sticker", "md-app-state", "md-msg-hist", "thumbnail-link"];

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var url = new Uri(configuration["media"] ?? DefaultUrl);
        var (certificate, authority) = MediaCertificates.Make(url.Host, network.Clock.GetUtcNow());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = ServerLimits.MediaFileBytes;
            // A host's name is for clients; whoever gives one wants to be reached from elsewhere.
            var address = IPAddress.TryParse(url.Host, out var given) ? given : IPAddress.Any;
            kestrel.Listen(address, url.Port, listen => listen.UseHttps(certificate));
        });
        _app = builder.Build();
        _app.MapPost("/mms/{type}/{token}", UploadAsync);
        _app.MapGet("/v/{name}", Download);
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        var bound = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        network.OpenMedia(new UriBuilder(Uri.UriSchemeHttps, url.Host, bound.Port).Uri, authority);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;
        await _app.StopAsync(cancellationToken).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IResult> UploadAsync(HttpRequest request, string type, string token, string? auth, CancellationToken cancellation)
    {
        if (!Types.Contains(type)) return Results.NotFound();
        if (auth != network.Media.Auth) return Results.Unauthorized();
        if (request.Query["token"] != token) return Results.BadRequest();
        MediaBlob blob;
        try
        {
            blob = await network.Media.KeepAsync(request.Body, cancellation).ConfigureAwait(false);
        }
        catch (SandboxException)
        {
            return Results.StatusCode(StatusCodes.Status507InsufficientStorage);
        }

        if (!IsHash(token, blob.Sha256))
        {
            network.Media.Discard(blob);
            return Results.BadRequest();
        }

        var path = network.Media.Publish(blob);
        return Results.Json(new Dictionary<string, string> { ["url"] = new Uri(network.MediaBaseUrl!, path).ToString(), ["direct_path"] = path });
    }

    private IResult Download(HttpRequest request, string? hash)
    {
        var path = request.Path.ToString();
        if (network.Media.Find(path) is not { } blob) return Results.StatusCode(network.Media.IsExpired(path) ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound);
        return hash is null || IsHash(hash, blob.Sha256) ? Results.Stream(blob.Open(), "application/octet-stream", enableRangeProcessing: true) : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    // Clients differ in whether they pad it.
    private static bool IsHash(string given, byte[] sha256) => given.TrimEnd('=') == Convert.ToBase64String(sha256).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
