using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using FocoBot.Bench;
using FocoBot.StandIns.Twilio;
using FocoBot.Tests.Processes;

namespace FocoBot.Tests.Durability;

/// <summary>
/// People who write while the server dies and comes back: forty at a time, each a few messages and then gone, so that nobody
/// meets a rate limit. Twilio's part is played too: what got no answer is delivered again, and now and then what did.
/// </summary>
internal sealed class Crowd(ProcessHost host, int people, int seed)
{
    private const int AtATime = 40;
    private const int MessagesEach = 8;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    // Not faster, or everybody has written before the last kill.
    private static readonly TimeSpan LongestThought = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private int _next = -1;

    /// <summary>Messages that were answered with 200, by number, and who wrote them.</summary>
    public ConcurrentDictionary<int, string> Accepted { get; } = new();

    /// <summary>Pairs of messages of one sender, of which the first was accepted before the second was begun.</summary>
    public ConcurrentBag<(int Before, int After)> Orders { get; } = [];

    /// <summary>Answers that were neither 200 nor missing.</summary>
    public ConcurrentBag<HttpStatusCode> Refusals { get; } = [];

    /// <summary>What a message says; its number is found again in the task's title and in the reply.</summary>
    public static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"Nueva tarea - Comprar leche {number:D6}");

    /// <summary>The number in a title or reply; null without one.</summary>
    public static int? NumberIn(string text)
    {
        var at = text.IndexOf("leche ", StringComparison.Ordinal);
        return at >= 0 && int.TryParse(text.AsSpan(at + 6, Math.Min(6, text.Length - at - 6)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Writes until <paramref name="stop"/>; then everybody finishes what they began. All accepted when it ends.</summary>
    public async Task WriteAsync(CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) is var person && person < people) await LiveAsync(person, stop);
        })));
        _http.Dispose();
    }

    private async Task LiveAsync(int person, CancellationToken stop)
    {
        var random = new Random(HashCode.Combine(seed, person));
        var from = LinkedPhones.Address(person);
        int? last = null;
        for (var i = 0; i < MessagesEach && !stop.IsCancellationRequested; i++)
        {
            var number = (person * MessagesEach) + i;
            if (random.Next(4) == 0 && i + 1 < MessagesEach)
            {
                // Two at once: either may come first.
                await Task.WhenAll(DeliverAsync(number, from, twice: true), DeliverAsync(number + 1, from, twice: false));
                if (last is { } both) Orders.Add((both, number + 1));
                i++;
            }
            else
            {
                await DeliverAsync(number, from, random.Next(4) == 0);
            }

            if (last is { } before) Orders.Add((before, number));
            last = number;
            await Task.Delay(LongestThought * random.NextDouble(), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task DeliverAsync(int number, string from, bool twice)
    {
        var webhook = ProcessHost.Inbound(ProcessHost.Sid(number), from, Text(number));
        var second = twice ? PostAsync(webhook) : Task.FromResult(false);
        while (!await PostAsync(webhook)) await Task.Delay(Again, TimeProvider.System);
        Accepted[number] = from;
        await second;
    }

    private async Task<bool> PostAsync(InboundWebhook webhook)
    {
        try
        {
            using var request = host.Request(webhook);
            using var answer = await _http.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.OK) Refusals.Add(answer.StatusCode);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
