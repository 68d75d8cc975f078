using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace FocoBot.Bench.Devices;

/// <summary>Messages through the REST API: each device writes to the phone of the next one, and so each also gets as many.</summary>
internal sealed class DeviceTraffic(Uri server, IReadOnlyList<LinkedFixture> devices) : IDisposable
{
    private const int AtOnce = 16;
    private readonly HttpClient _http = new() { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Has each device send once within a minute, evenly, for so many minutes.</summary>
    /// <returns>How many were accepted, and how long each answer took.</returns>
    public async Task<(int Accepted, Percentiles Answers)> EveryMinuteAsync(int minutes)
    {
        var times = new List<TimeSpan>();
        var accepted = 0;
        var start = Stopwatch.GetTimestamp();
        using var room = new SemaphoreSlim(256);
        var sending = new List<Task>();
        for (var number = 0; number < devices.Count * minutes; number++)
        {
            var due = TimeSpan.FromMinutes(1) * number / devices.Count;
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early) await Task.Delay(early, TimeProvider.System).ConfigureAwait(false);
            await room.WaitAsync().ConfigureAwait(false);
            sending.Add(OneAsync(number));
        }

        await Task.WhenAll(sending).ConfigureAwait(false);
        return (accepted, Percentiles.Of(times));

        async Task OneAsync(int number)
        {
            var began = Stopwatch.GetTimestamp();
            var isAccepted = await SendAsync(number % devices.Count, $"{number:D8} El mensaje de prueba, con su texto de siempre").ConfigureAwait(false);
            lock (times)
            {
                times.Add(Stopwatch.GetElapsedTime(began));
                if (isAccepted) accepted++;
            }

            room.Release();
        }
    }

    /// <summary>Has each device send so many, as quickly as they are taken.</summary>
    public async Task<int> AsQuicklyAsItGoesAsync(int each)
    {
        var accepted = 0;
        await Parallel.ForAsync(0, devices.Count * each, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            if (await SendAsync(number % devices.Count, $"{number:D8} El mensaje de prueba, con su texto de siempre").ConfigureAwait(false)) Interlocked.Increment(ref accepted);
        }).ConfigureAwait(false);
        return accepted;
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> SendAsync(int device, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/integrations/whatsapp/device/{devices[device].Id}/send")
        {
            Content = JsonContent.Create(new { to = "+" + devices[(device + 1) % devices.Count].Phone, message = text }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", devices[device].Key);
        using var answer = await _http.SendAsync(request).ConfigureAwait(false);
        return answer.StatusCode == HttpStatusCode.Accepted;
    }
}
