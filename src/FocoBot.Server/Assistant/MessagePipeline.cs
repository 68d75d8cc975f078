using FocoBot.Assistant.Admission;
using FocoBot.Channels;
using FocoBot.Channels.Web;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant;

/// <summary>
/// Takes one message through all its steps in one unit of work: rate, link, lockout, session, fingerprint, understand, act,
/// audit, reply. A crash at any instruction leaves the message waiting or all of its effects done.
/// </summary>
internal sealed class MessagePipeline(Database database, Keyring keyring, Gatekeeper gatekeeper, Acting.Performer performer, Outbox outbox, ChatWaiters waiters, TimeProvider clock)
{
    internal const string HistoryColumn = "focobot_command_history.text";
    private static readonly TimeSpan ProcessedFor = TimeSpan.FromDays(30);

    /// <summary>Handles the oldest waiting message of a sender.</summary>
    public Task<Progress> ProcessNextAsync(string address, Advice? advice, CancellationToken cancellation) =>
        database.AsService("act on a message").WriteAsync(async work =>
        {
            var started = clock.GetTimestamp();
            if (await PendingMessage.NextAsync(work, address).ConfigureAwait(false) is not { } message) return Progress.Nothing;
            if (message.NextTryAt > clock.GetUtcNow()) return Progress.Later;
            var content = message.Open(keyring);
            var admission = await gatekeeper.AdmitAsync(work, message, content).ConfigureAwait(false);
            var outcome = admission.Outcome ?? await performer.PerformAsync(work, message, content, admission, advice?.For(message.Id)).ConfigureAwait(false);
            await FinishAsync(work, message, content, outcome, clock.GetElapsedTime(started)).ConfigureAwait(false);
            // What arrives from here on raises its own signal.
            return message.HasMore ? Progress.Done : Progress.Nothing;
        }, cancellation);

    private async Task FinishAsync(Work work, PendingMessage message, InboundContent content, Outcome outcome, TimeSpan took)
    {
        var now = clock.GetUtcNow();
        await work.PostAsync("UPDATE inbox SET state = 'done', done_at = @now, error_code = @ErrorCode WHERE id = @Id", new { message.Id, now, outcome.ErrorCode }).ConfigureAwait(false);
        await work.PostAsync(
            """
            INSERT INTO whatsapp_processed_messages (id, message_sid, phone, user_id, processed_at, expires_at)
            VALUES (@id, @ProviderId, @Subject, @UserId, @now, @expires) ON CONFLICT (message_sid) DO NOTHING
            """, new { id = Ids.New(clock), message.ProviderId, outcome.Subject, outcome.UserId, now, expires = now + ProcessedFor }).ConfigureAwait(false);
        if (outcome.Intent is not null && outcome.UserId is { } userId)
            await RecordCommandAsync(work, message, content, outcome, userId, took).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(outcome.Action, outcome.ErrorCode is null)
        {
            UserId = outcome.UserId,
            Phone = outcome.Subject,
            MessageSid = message.ProviderId,
            ErrorCode = outcome.ErrorCode,
            ProcessingTimeMs = (long)took.TotalMilliseconds,
            Details = new { channel = message.Channel, intent = outcome.Intent },
        }).ConfigureAwait(false);
        if (outcome.Reply is { } reply)
            await outbox.EnqueueAsync(work, new OutgoingMessage(message.Channel, message.Address, outcome.Purpose, reply)
            {
                UserId = outcome.UserId,
                InboxId = message.Id,
                Language = outcome.Phrases.Code,
            }).ConfigureAwait(false);
        work.OnCommit(() => waiters.Complete(message.ProviderId, new ChatAnswer(outcome.Reply, outcome.ErrorCode)));
    }

    private async Task RecordCommandAsync(Work work, PendingMessage message, InboundContent content, Outcome outcome, Guid userId, TimeSpan took)
    {
        var id = Ids.New(clock);
        var key = await keyring.OfAsync(work, userId).ConfigureAwait(false);
        await work.PostAsync(
            """
            INSERT INTO focobot_command_history (id, user_id, phone, channel, intent, text, success, error_code, duration_ms, created_at)
            VALUES (@id, @userId, @phone, @Channel, @Intent, @text, @success, @ErrorCode, @duration, @now)
            """,
            new
            {
                id,
                userId,
                phone = message.Channel == ChannelNames.Twilio ? outcome.Subject : null,
                message.Channel,
                outcome.Intent,
                outcome.ErrorCode,
                text = key.Seal(HistoryColumn, id, content.Text),
                success = outcome.ErrorCode is null,
                duration = (long)took.TotalMilliseconds,
                now = clock.GetUtcNow(),
            }).ConfigureAwait(false);
    }
}

/// <summary>What became of a look at a sender's messages.</summary>
internal enum Progress
{
    /// <summary>No other is waiting.</summary>
    Nothing,

    /// <summary>One was handled, and more are waiting.</summary>
    Done,

    /// <summary>The next one failed and is to be tried again later.</summary>
    Later,
}
