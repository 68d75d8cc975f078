using System.Net;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A media host that lies, behind the client's own HTTP; the way there is the offline network's.</summary>
public class HostileMediaHostTests
{
    public static TheoryData<string> Lies => ["truncated", "cut off", "flipped at first", "flipped at last", "one more", "endless", "announced too long", "empty"];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_file_that_is_not_the_one_named_is_an_error_and_nothing_of_it_is_handed_over(string lie)
    {
        await using var network = await Network.StartAsync();
        var destination = new MemoryStream();
        network.Host.OnDownload = file => Lie(lie, file);
        await Assert.ThrowsAnyAsync<WhatsAppException>(() => network.Client.DownloadAsync(network.Message, destination, Token));
        Assert.Equal(0, destination.Length);

        network.Host.OnDownload = null;
        await network.Client.DownloadAsync(network.Message, destination, Token);
        Assert.Equal(network.File, destination.ToArray());
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    public async Task A_redirect_is_refused_both_ways(HttpStatusCode status)
    {
        await using var network = await Network.StartAsync();
        network.Host.Answer = () => new HttpResponseMessage(status) { Headers = { Location = new("https://example.org/") } };
        await Assert.ThrowsAsync<ProtocolException>(() => network.Client.DownloadAsync(network.Message, Stream.Null, Token));
        await Assert.ThrowsAsync<ProtocolException>(() => network.Client.UploadAsync(new MemoryStream(network.File), MediaType.Image, Token));
    }

    [Fact]
    public async Task What_came_over_a_redirect_that_somebody_else_followed_is_refused()
    {
        await using var network = await Network.StartAsync();
        network.Host.Redirect = new("https://example.org/");
        await Assert.ThrowsAsync<ProtocolException>(() => network.Client.DownloadAsync(network.Message, Stream.Null, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"direct_path":5}""")]
    [InlineData("""{"direct_path":"v/x"}""")]
    [InlineData("""{"url":"https://example.org/x"}""")]
    [InlineData("\0")]
    public async Task An_answer_to_an_upload_that_is_none_is_an_error(string json)
    {
        await using var network = await Network.StartAsync();
        network.Host.Answer = () => new(HttpStatusCode.OK) { Content = new StringContent(json) };
        await Assert.ThrowsAsync<ProtocolException>(() => network.Client.UploadAsync(new MemoryStream(network.File), MediaType.Image, Token));
    }

    [Fact]
    public async Task An_answer_to_an_upload_has_an_end()
    {
        await using var network = await Network.StartAsync();
        network.Host.Answer = () => new(HttpStatusCode.OK) { Content = new StringContent(new string(' ', 1 << 20)) };
        await Assert.ThrowsAsync<ProtocolException>(() => network.Client.UploadAsync(new MemoryStream(network.File), MediaType.Image, Token));
    }

    [Fact]
    public async Task A_host_that_fails_says_so_with_its_status()
    {
        await using var network = await Network.StartAsync();
        network.Host.Answer = () => new(HttpStatusCode.ServiceUnavailable);
        var failed = await Assert.ThrowsAsync<MediaUnavailableException>(() => network.Client.DownloadAsync(network.Message, Stream.Null, Token));
        Assert.Equal((503, false), (failed.Status, failed.IsGone));
        failed = await Assert.ThrowsAsync<MediaUnavailableException>(() => network.Client.UploadAsync(new MemoryStream(network.File), MediaType.Image, Token));
        Assert.Equal(503, failed.Status);
        network.Host.Answer = () => throw new HttpRequestException("no line");
        failed = await Assert.ThrowsAsync<MediaUnavailableException>(() => network.Client.DownloadAsync(network.Message, Stream.Null, Token));
        Assert.Null(failed.Status);
    }

    [Fact]
    public async Task Only_hosts_that_the_server_names_are_called_whatever_a_message_says()
    {
        await using var network = await Network.StartAsync();
        var host = network.Sandbox.Network.MediaBaseUrl!.Authority;
        foreach (var url in new[] { "https://example.org/v/x", "http://example.org/v/x", "https://example.org:1/v/x" })
        {
            var elsewhere = network.Message.Clone();
            elsewhere.ImageMessage.Url = url;
            await network.Client.DownloadAsync(elsewhere, Stream.Null, Token);
            elsewhere.ImageMessage.ClearDirectPath();
            await Assert.ThrowsAnyAsync<WhatsAppException>(() => network.Client.DownloadAsync(elsewhere, Stream.Null, Token));
        }

        foreach (var path in new[] { "@example.org/v/x", ".example.org/v/x", ":1/v/x", "//example.org/v/x", "/\\example.org", "https://example.org/", "/", "" })
        {
            var elsewhere = network.Message.Clone();
            elsewhere.ImageMessage.ClearUrl();
            elsewhere.ImageMessage.DirectPath = path;
            await Assert.ThrowsAnyAsync<WhatsAppException>(() => network.Client.DownloadAsync(elsewhere, Stream.Null, Token));
        }

        Assert.All(network.Host.Called, uri => Assert.Equal(("https", host), (uri.Scheme, uri.Authority)));
    }

    private static HttpContent Lie(string lie, byte[] file) => lie switch
    {
        "truncated" => new ByteArrayContent(file[..^16]),
        "cut off" => new StreamContent(new Broken(file[..(file.Length / 2)])),
        "flipped at first" => new ByteArrayContent([(byte)(file[0] ^ 1), .. file[1..]]),
        "flipped at last" => new ByteArrayContent([.. file[..^1], (byte)(file[^1] ^ 1)]),
        "one more" => new ByteArrayContent([.. file, 0]),
        "endless" => new StreamContent(new Endless()),
        "announced too long" => new ByteArrayContent([.. file, .. new byte[1 << 20]]),
        "empty" => new ByteArrayContent([]),
        _ => throw new ArgumentOutOfRangeException(nameof(lie)),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A client and a file of its that is on the media host.</summary>
    private sealed record Network(SandboxServer Sandbox, SandboxClient Linked, Liar Host, byte[] File, Message Message) : IAsyncDisposable
    {
        public WhatsAppClient Client => Linked.Client;

        public static async Task<Network> StartAsync()
        {
            var sandbox = await SandboxServer.StartAsync();
            var host = new Liar(sandbox.MediaHandler());
            var (_, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", media: host);
            var file = MediaFiles.Bytes(200_000);
            var uploaded = await client.Client.UploadAsync(new MemoryStream(file), MediaType.Image, Token);
            return new(sandbox, client, host, file, uploaded.ToMessage(MediaFiles.Description(MediaType.Image)));
        }

        public async ValueTask DisposeAsync()
        {
            await Linked.DisposeAsync();
            await Sandbox.DisposeAsync();
        }
    }

    private sealed class Liar(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public Func<byte[], HttpContent>? OnDownload { get; set; }

        public Func<HttpResponseMessage>? Answer { get; set; }

        public Uri? Redirect { get; set; }

        public List<Uri> Called { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Called.Add(request.RequestUri!);
            if (Answer is not null)
                return Answer();
            var response = await base.SendAsync(request, cancellationToken);
            if (OnDownload is not null)
                response.Content = OnDownload(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (Redirect is not null)
                request.RequestUri = Redirect;
            return response;
        }
    }

    private sealed class Broken(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new HttpIOException(HttpRequestError.ResponseEnded);
    }

    private sealed class Endless() : MemoryStream(new byte[1 << 16])
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Position = 0;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
