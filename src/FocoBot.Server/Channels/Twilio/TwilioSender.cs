using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// Takes the outbox to Twilio. The intent to send is on the disk before the request goes out, and what came of it after, in
/// batches: one commit claims the next messages and settles the last ones. A message whose answer was lost is looked up at
/// Twilio before it is ever sent again.
/// </summary>
internal sealed class TwilioSender(
    Database database, Keyring keyring, OutboxSignal signal, TwilioClient client, SendPace pace, TwilioOptions options, ServerOptions server, TimeProvider clock, ILogger<TwilioSender> log)
    : BackgroundService
{
    private const int Concurrency = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Under load the messages of this long share a turn, and with it a commit; a single one never waits.
    private static readonly TimeSpan TurnEvery = TimeSpan.FromMilliseconds(20);

    // A place further in the future than this is not waited for: the message goes back, and others take their turn.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseWhenStopped = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _flying = new();
    private readonly ConcurrentQueue<Verdict> _verdicts = new();
    private readonly OutboxTable _table = new(keyring, options, clock);
    private DateTimeOffset _pausedUntil;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var began = Stopwatch.GetTimestamp();
                var more = await TurnAsync(claim: true, stoppingToken).ConfigureAwait(false);
                if (more) continue;
                await signal.WaitAsync(Tick, stoppingToken).ConfigureAwait(false);
                // The machine's own pace, whatever time it is.
                if (TurnEvery - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early) await Task.Delay(early, TimeProvider.System, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                TwilioLog.OutboxFailed(log, e.GetType().Name);
                await signal.WaitAsync(Tick, CancellationToken.None).ConfigureAwait(false);
            }
        }

        // What is on its way is waited for and settled, so that a clean stop leaves nothing to look up.
        await Task.WhenAll(_flying.Values.Select(landed => landed.Task)).ConfigureAwait(false);
        await TurnAsync(claim: false, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Settles what came back and claims what may go out; true when there is likely more to claim at once.</summary>
    private async Task<bool> TurnAsync(bool claim, CancellationToken cancellation)
    {
        // Looked at first: what lands while this turn runs is neither settled nor claimed in it.
        var flying = _flying.Keys.ToHashSet();
        var settled = new List<Verdict>();
        while (_verdicts.TryDequeue(out var verdict)) settled.Add(verdict);
        var now = clock.GetUtcNow();
        var room = claim && now >= _pausedUntil ? Concurrency - flying.Count : 0;
        if (settled.Count == 0 && room <= 0) return false;
        List<Claimed> claimed;
        try
        {
            claimed = await database.AsService("send the outbox").WriteAsync(async work =>
            {
                await _table.SettleAsync(work, settled).ConfigureAwait(false);
                return room > 0 ? await _table.ClaimAsync(work, room, flying).ConfigureAwait(false) : [];
            }, cancellation).ConfigureAwait(false);
        }
        catch
        {
            foreach (var verdict in settled) _verdicts.Enqueue(verdict);
            throw;
        }

        foreach (var message in claimed)
        {
            // Entered before it starts: it may land before this loop goes on.
            _flying[message.Id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = Task.Run(() => FlyAsync(message), CancellationToken.None);
        }

        return claimed.Count == room && room > 0;
    }

    private async Task FlyAsync(Claimed message)
    {
        Verdict verdict;
        try
        {
            verdict = message.LostAnswer ? await LookUpAsync(message).ConfigureAwait(false) : await SendAsync(message).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever broke, it may have broken after the request: look before sending again.
            TwilioLog.OutboxFailed(log, e.GetType().Name);
            verdict = Verdict.LookLater(message);
        }

        _verdicts.Enqueue(verdict);
        if (_flying.TryRemove(message.Id, out var landed)) landed.SetResult();
        signal.Raise();
    }

    private async Task<Verdict> SendAsync(Claimed message)
    {
        var wait = pace.Reserve(options.Sender, message.To, LongestWait);
        if (wait > LongestWait) return Verdict.PutBack(message, wait);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock).ConfigureAwait(false);
        var outbound = new OutboundMessage(message.To, message.Content, StatusCallback(message.Id));
        return await client.SendAsync(outbound, CancellationToken.None).ConfigureAwait(false) switch
        {
            SendResult.Accepted accepted => Verdict.Accepted(message, accepted.Sid),
            SendResult.Refused refused => Refused(message, refused),
            SendResult.NotSent => Retry(message, null, null),
            _ => Verdict.LookLater(message),
        };
    }

    private Verdict Refused(Claimed message, SendResult.Refused refused)
    {
        var code = refused.Code?.ToString(CultureInfo.InvariantCulture) ?? "HTTP" + refused.HttpStatus.ToString(CultureInfo.InvariantCulture);
        switch (refused.Class)
        {
            case ErrorClass.RetryNow or ErrorClass.RetryLater:
                return Retry(message, code, refused.RetryAfter);
            case ErrorClass.StopChannel:
                _pausedUntil = clock.GetUtcNow() + PauseWhenStopped;
                TwilioLog.ChannelStopped(log, code, PauseWhenStopped.TotalSeconds);
                return Verdict.PutBack(message, PauseWhenStopped);
            case ErrorClass.AlertOperator:
                TwilioLog.Misconfigured(log, code);
                break;
        }

        return Verdict.Failed(message, code, refused.Class);
    }

    private Verdict Retry(Claimed message, string? code, TimeSpan? retryAfter)
    {
        if (RetrySchedule.NextDelay((int)Math.Max(1, message.Attempts), clock.GetUtcNow() - message.CreatedAt, retryAfter, Random.Shared) is { } delay)
            return Verdict.PutBack(message, delay);
        TwilioLog.GivenUp(log, message.Attempts, code);
        return Verdict.Failed(message, code ?? "UNREACHABLE", ErrorClass.GiveUp);
    }

    private async Task<Verdict> LookUpAsync(Claimed message)
    {
        var listing = await client.ListAsync(message.To, message.AttemptedAt - OutboxTable.ClockSkew, CancellationToken.None).ConfigureAwait(false);
        var found = listing.Messages.Where(listed => !message.KnownSids.Contains(listed.Sid) && IsThis(listed, message)).MinBy(listed => listed.CreatedAt);
        if (found is not null) return Verdict.Accepted(message, found.Sid);
        var age = clock.GetUtcNow() - message.AttemptedAt;
        return (listing.IsComplete && age >= options.AbsenceIsProof) || age >= OutboxTable.StopLooking
            ? Verdict.PutBack(message, TimeSpan.Zero)
            : Verdict.LookLater(message);
    }

    // A template comes back with its variables filled in, so only its time can tell.
    private static bool IsThis(ListedMessage listed, Claimed message) => message.Content is not OutboundContent.Text text || listed.Body == text.Body;

    // The row's id goes along, because a callback may overtake the answer that tells us Twilio's id.
    private Uri? StatusCallback(Guid id) => server.PublicBaseUrl is { } url ? new Uri($"{url}{WebhookEndpoint.Path}?{DeliveryStatuses.RowParameter}={id:N}") : null;
}
