using System.Net;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Tests.Client;
using FocoBot.WhatsApp.Tests.Interop;

namespace FocoBot.WhatsApp.Tests.Media;

/// <summary>Which media host is asked, when, and for how long; the hosts are in memory.</summary>
public class MediaTransferTests
{
    private static readonly byte[] File = MediaFiles.Bytes();

    private readonly FakeClock _clock = new();
    private readonly Hosts _hosts = new();
    private int _asked;

    [Fact]
    public async Task Hosts_are_tried_in_turn_until_one_has_done_it()
    {
        using var transfer = Transfer("a.example", "b.example", "c.example");
        _hosts.Failing["a.example"] = _ => throw new HttpRequestException("no line");
        _hosts.Failing["b.example"] = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        var uploaded = await transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, Token);
        Assert.Equal(File, await DownloadedAsync(transfer, uploaded));
        Assert.Equal(["a.example", "b.example", "c.example", "a.example", "b.example", "c.example"], _hosts.Called);
    }

    [Fact]
    public async Task A_file_that_one_host_has_no_longer_or_damaged_is_had_from_another()
    {
        using var transfer = Transfer("a.example", "b.example", "c.example");
        var uploaded = await transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, Token);
        _hosts.Failing["a.example"] = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Gone));
        _hosts.Failing["b.example"] = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(File) });
        Assert.Equal(File, await DownloadedAsync(transfer, uploaded));
        _hosts.Failing["c.example"] = _hosts.Failing["b.example"];
        // Gone at one and wrong at the others: the phone may yet help.
        Assert.True((await Assert.ThrowsAsync<MediaUnavailableException>(() => DownloadedAsync(transfer, uploaded))).IsGone);
        _hosts.Failing["a.example"] = _hosts.Failing["b.example"];
        await Assert.ThrowsAsync<ProtocolException>(() => DownloadedAsync(transfer, uploaded));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task Leave_to_upload_is_asked_for_anew_once_when_it_is_refused(HttpStatusCode status)
    {
        using var transfer = Transfer("a.example");
        _hosts.Failing["a.example"] = async request =>
            request.RequestUri!.Query.Contains("auth=leave1&", StringComparison.Ordinal) ? new(status) : await _hosts.AnswerAsync(request);
        await transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, Token);
        Assert.Equal(2, _asked);
        await transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, Token);
        Assert.Equal(2, _asked);

        _hosts.Failing["a.example"] = _ => Task.FromResult(new HttpResponseMessage(status));
        var refused = await Assert.ThrowsAsync<MediaUnavailableException>(() => transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, Token));
        Assert.Equal(((int?)status, false, 3), (refused.Status, refused.IsGone, _asked));
    }

    [Fact]
    public async Task The_hosts_are_asked_for_anew_when_their_time_is_over()
    {
        using var transfer = Transfer("a.example");
        var uploaded = await transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, Token);
        _clock.Advance(TimeSpan.FromSeconds(299));
        await DownloadedAsync(transfer, uploaded);
        Assert.Equal(1, _asked);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await DownloadedAsync(transfer, uploaded);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_host_that_stands_still_is_left_for_the_next()
    {
        using var transfer = Transfer("a.example", "b.example");
        var uploaded = await transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, Token);
        var reached = new TaskCompletionSource();
        _hosts.Failing["a.example"] = async request =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _hosts.Cancellation);
            return new();
        };
        var download = DownloadedAsync(transfer, uploaded);
        await reached.Task;
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(File, await download);
    }

    [Fact]
    public async Task Giving_up_is_no_failure_of_a_host()
    {
        using var transfer = Transfer("a.example", "b.example");
        using var giveUp = new CancellationTokenSource();
        _hosts.Failing["a.example"] = async _ =>
        {
            await giveUp.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _hosts.Cancellation);
            return new();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer.UploadAsync(new MemoryStream(File), MediaKind.Image, giveUp.Token));
        Assert.Equal(["a.example"], _hosts.Called);
    }

    [Fact]
    public async Task What_the_library_speaks_HTTP_with_itself_knows_only_TLS_with_trusted_certificates()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        using var http = new MediaHttp(given: null, TimeProvider.System);
        await Assert.ThrowsAsync<ProtocolException>(() => http.GetAsync(sandbox.Http, Stream.Null, 1000, Token));
        await Assert.ThrowsAsync<ProtocolException>(() => http.PostAsync(sandbox.Http, new MemoryStream(), Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(sandbox.Network.MediaBaseUrl!, Stream.Null, 1000, Token));
    }

    private MediaTransfer Transfer(params string[] names) => new(
        new() { Store = new InMemoryDeviceStore(), Clock = _clock, MediaHttp = new(_hosts) },
        _ => Task.FromResult(new MediaConnection($"leave{++_asked}", [.. names], TimeSpan.FromSeconds(300))));

    private static async Task<byte[]> DownloadedAsync(MediaTransfer transfer, UploadedMedia uploaded)
    {
        var file = new MemoryStream();
        await transfer.DownloadAsync(new(uploaded.Kind, uploaded.MediaKey, uploaded.File, uploaded.Place.DirectPath), file, Token);
        return file.ToArray();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Hosts that share one file, and of which some fail.</summary>
    private sealed class Hosts : HttpMessageHandler
    {
        private byte[] _file = [];

        public Dictionary<string, Func<HttpRequestMessage, Task<HttpResponseMessage>>> Failing { get; } = [];

        public List<string> Called { get; } = [];

        /// <summary>Of the request that is being answered.</summary>
        public CancellationToken Cancellation { get; private set; }

        public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
        {
            if (request.Method == HttpMethod.Get)
                return new(HttpStatusCode.OK) { Content = new ByteArrayContent(_file) };
            _file = await request.Content!.ReadAsByteArrayAsync(Cancellation);
            return new(HttpStatusCode.OK) { Content = new StringContent("""{"direct_path":"/v/x?y=z"}""") };
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Cancellation = cancellationToken;
            Called.Add(request.RequestUri!.Host);
            return Failing.TryGetValue(request.RequestUri.Host, out var fail) ? fail(request) : AnswerAsync(request);
        }
    }
}
