using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using FocoBot.Bench;
using FocoBot.Channels.Twilio;
using FocoBot.StandIns.Twilio;
using FocoBot.Tests.Processes;

namespace FocoBot.Tests.Hostile;

/// <summary>Whatever is thrown at the webhook in whatever number: the right status, no memory kept, no effect but the one that is due.</summary>
[Collection(ProcessTests.Name)]
public sealed class FloodTests(ITestOutputHelper output)
{
    private const int AtOnce = 16;
    private const int WarmUp = 10_000;
    private const long MostGrowth = 20_000_000;
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    private static readonly InboundWebhook Honest = ProcessHost.Inbound(ProcessHost.Sid(1), LinkedPhones.Address(0), "Nueva tarea - Comprar leche");

    [Fact]
    public Task A_flood_is_answered_and_leaves_nothing_behind() => WithstandAsync(6_000);

    [Fact, Trait("Length", "long")]
    public Task A_hundred_thousand_hostile_requests_leave_nothing_behind() => WithstandAsync(100_000);

    private async Task WithstandAsync(int count)
    {
        await using var host = await ProcessHost.CreateAsync(people: 1);
        await host.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce });
        await FloodAsync(host, http, WarmUp);
        var before = host.Server.Figures.ResidentBytes;
        await FloodAsync(host, http, count);
        var growth = host.Server.Figures.ResidentBytes - before;
        output.WriteLine($"{count} requests: resident memory {before >> 20} MiB, then {growth / (1024.0 * 1024):+0.0;-0.0} MiB.");
        Assert.InRange(growth, long.MinValue, MostGrowth);

        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, http, new Hostility(HttpStatusCode.OK, Bytes(Honest.Body), Honest.Signature)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, Quick);
        await BusinessChannel.EventuallyAsync(() => Task.FromResult(host.Twilio.Messages.Received > 0 ? host : null));
        await host.Server.StopAsync();

        await using var database = await host.Data.OpenAsync(TimeProvider.System);
        Assert.Equal((1, 1), await database.AsService("count").ReadAsync(async work =>
            (await work.ScalarAsync<long>("SELECT count(*) FROM inbox"), await work.ScalarAsync<long>("SELECT count(*) FROM tasks"))));
        Assert.Equal(1, host.Twilio.Messages.Received);
    }

    private static Task FloodAsync(ProcessHost host, HttpClient http, int count) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var hostility = Kinds[i % Kinds.Length](i);
            Assert.Equal(hostility.Expected, await StatusAsync(host, http, hostility));
        });

    private static readonly Func<int, Hostility>[] Kinds =
    [
        i => new(HttpStatusCode.Forbidden, Bytes(Honest.Body), Convert.ToBase64String(SHA1.HashData(BitConverter.GetBytes(i)))),
        _ => new(HttpStatusCode.Forbidden, Bytes(Honest.Body), null),
        i => new(HttpStatusCode.Forbidden, Bytes(Honest.Body + "&Extra=" + i.ToString(CultureInfo.InvariantCulture)), Honest.Signature),
        _ => new(HttpStatusCode.OK, Bytes(Honest.Body), Honest.Signature),
        _ => new(HttpStatusCode.RequestEntityTooLarge, new byte[TwilioLimits.WebhookBytes + 1], Honest.Signature),
        _ => new(HttpStatusCode.RequestEntityTooLarge, new byte[TwilioLimits.WebhookBytes + 1], Honest.Signature, Chunked: true),
        _ => new(HttpStatusCode.UnsupportedMediaType, "{}"u8.ToArray(), Honest.Signature, "application/json"),
        _ => new(HttpStatusCode.UnsupportedMediaType, [0, 1, 2], Honest.Signature, null),
        i => new(HttpStatusCode.BadRequest, Noise(i), Honest.Signature),
        _ => new(HttpStatusCode.BadRequest, Bytes("Body=%FF%FE%C0"), Honest.Signature),
        _ => new(HttpStatusCode.BadRequest, Bytes("Body=a%00b"), Honest.Signature),
        _ => new(HttpStatusCode.BadRequest, Bytes("Body=%4"), Honest.Signature),
        _ => new(HttpStatusCode.BadRequest, Bytes(string.Join('&', Enumerable.Repeat("a=b", TwilioLimits.FormFields + 1))), Honest.Signature),
    ];

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    // Never valid UTF-8, whatever else is in it.
    private static byte[] Noise(int seed)
    {
        var bytes = new byte[1_000];
        new Random(seed).NextBytes(bytes);
        bytes[0] = 0xFF;
        return bytes;
    }

    private static async Task<HttpStatusCode> StatusAsync(ProcessHost host, HttpClient http, Hostility hostility)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Webhook) { Content = new ByteArrayContent(hostility.Body) };
        if (hostility.Type is { } type) request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (hostility.Signature is { } signature) request.Headers.Add("X-Twilio-Signature", signature);
        request.Headers.TransferEncodingChunked = hostility.Chunked;
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private sealed record Hostility(HttpStatusCode Expected, byte[] Body, string? Signature, string? Type = InboundWebhook.ContentType, bool Chunked = false);
}
