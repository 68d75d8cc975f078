using System.Threading.Channels;
using FocoBot.Channels;
using FocoBot.Storage;

namespace FocoBot.Assistant;

/// <summary>
/// Works the inbox off: many senders at once, each sender's messages one after another in their order. Signals only save
/// the wait; a sweep finds whatever a crash or a lost signal left behind.
/// </summary>
internal sealed class InboxWorker(Database database, InboxSignal signal, MessagePipeline pipeline, Advisor advisor, FailureDesk failures, TimeProvider clock, ILogger<InboxWorker> log) : BackgroundService
{
    // Two a core: while one waits for its commit, the other prepares. More would make messages that arrive, and their 200s, stand
    // in line behind those that are worked off (bench.sh webhook).
    private static readonly int Workers = Math.Max(4, 2 * Environment.ProcessorCount);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal); // queued or at work; true: more came since

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Listen(Enqueue);
        var workers = Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)).ToList();
        await SweepAsync(stoppingToken).ConfigureAwait(false);
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private void Enqueue(string address)
    {
        lock (_known)
        {
            if (_known.TryAdd(address, false)) _ready.Writer.TryWrite(address);
            else _known[address] = true;
        }
    }

    private void Begin(string address)
    {
        lock (_known) _known[address] = false;
    }

    private void End(string address)
    {
        lock (_known)
        {
            if (_known[address]) _ready.Writer.TryWrite(address);
            else _known.Remove(address);
        }
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var address in _ready.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
            {
                Begin(address);
                await WorkOffAsync(address, stopping).ConfigureAwait(false);
                End(address);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task WorkOffAsync(string address, CancellationToken stopping)
    {
        try
        {
            Progress progress;
            do
            {
                var advice = await advisor.AdviseAsync(address, stopping).ConfigureAwait(false);
                // Once begun, a message is finished: shutting down waits for its commit.
                progress = await pipeline.ProcessNextAsync(address, advice, CancellationToken.None).ConfigureAwait(false);
            }
            while (progress == Progress.Done && !stopping.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            AssistantLog.MessageFailed(log, e.GetType().Name);
            await failures.RecordAsync(address, e).ConfigureAwait(false);
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SweepEvery, clock);
        try
        {
            do
            {
                try
                {
                    var waiting = await database.AsService("sweep the inbox").ReadAsync(work => work.QueryAsync<string>(
                        "SELECT DISTINCT address FROM inbox WHERE state = 'pending' AND (next_try_at IS NULL OR next_try_at <= @now)", new { now = clock.GetUtcNow() }), stopping).ConfigureAwait(false);
                    foreach (var address in waiting) Enqueue(address);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    AssistantLog.SweepFailed(log, e.GetType().Name);
                }
            }
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }
}
