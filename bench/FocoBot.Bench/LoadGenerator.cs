using System.Globalization;
using System.Net;
using System.Threading.Channels;

namespace FocoBot.Bench;

/// <summary>
/// Sends a plan's messages at their instants, whatever became of those before (an open loop): a server that falls behind meets
/// the same load, and a message's latency counts from when it was due.
/// </summary>
internal static class LoadGenerator
{
    private const int Connections = 256;
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(200);

    /// <summary><c>load HOST:PORT FIRST COUNT RATE PHONES</c>: one line a message on stdout, <c>due (µs since 1970) latency (µs) status</c>.</summary>
    public static async Task RunAsync(string[] args)
    {
        var numbers = args[1..].Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var plan = new LoadPlan(numbers[0], numbers[1], numbers[2], numbers[3]);
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        foreach (var answer in await SendAsync(plan, IPEndPoint.Parse(args[0])).ConfigureAwait(false))
            await output.WriteLineAsync(answer.ToString()).ConfigureAwait(false);
    }

    private static async Task<LoadAnswer[]> SendAsync(LoadPlan plan, IPEndPoint server)
    {
        var requests = new byte[plan.Count][];
        Parallel.For(0, plan.Count, i => requests[i] = plan.Request(i));
        GC.Collect();

        var free = Channel.CreateUnbounded<LoadConnection>();
        for (var i = 0; i < Connections; i++) free.Writer.TryWrite(new LoadConnection(server));
        var answers = new LoadAnswer[plan.Count];
        var open = new Task[plan.Count];
        var clock = TimeProvider.System;
        var (start, startedAt) = (clock.GetTimestamp(), clock.GetUtcNow());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1), clock);
        for (var next = 0; next < plan.Count && await timer.WaitForNextTickAsync().ConfigureAwait(false);)
        {
            for (var now = clock.GetElapsedTime(start); next < plan.Count && Lead + plan.DueAt(next) <= now; next++) open[next] = SendOneAsync(next);
        }

        await Task.WhenAll(open).ConfigureAwait(false);
        return answers;

        async Task SendOneAsync(int index)
        {
            var connection = await free.Reader.ReadAsync().ConfigureAwait(false);
            var status = await connection.ExchangeAsync(requests[index]).ConfigureAwait(false);
            var due = Lead + plan.DueAt(index);
            answers[index] = new LoadAnswer(startedAt + due, clock.GetElapsedTime(start) - due, status);
            free.Writer.TryWrite(connection);
        }
    }
}

/// <summary>What became of one message.</summary>
/// <param name="DueAt">When it was to be sent.</param>
/// <param name="Latency">From then to the end of the answer.</param>
/// <param name="Status">The HTTP status; <see cref="LoadConnection.Broken"/> without an answer.</param>
internal readonly record struct LoadAnswer(DateTimeOffset DueAt, TimeSpan Latency, int Status)
{
    public static LoadAnswer Parse(string line)
    {
        var parts = line.Split(' ').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new LoadAnswer(DateTimeOffset.UnixEpoch.AddMicroseconds(parts[0]), TimeSpan.FromMicroseconds(parts[1]), (int)parts[2]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(DueAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond} {(long)Latency.TotalMicroseconds} {Status}");
}
