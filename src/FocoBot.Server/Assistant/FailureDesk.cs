using FocoBot.Assistant.Admission;
using FocoBot.Assistant.Replies;
using FocoBot.Channels;
using FocoBot.Channels.Web;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant;

/// <summary>
/// What happens to a message whose handling threw. It is tried again a few times, and then set aside with a word to the
/// sender, so that one bad message never stops the ones behind it for good.
/// </summary>
internal sealed class FailureDesk(Database database, Outbox outbox, ChatWaiters waiters, TimeProvider clock, ILogger<FailureDesk> log)
{
    private const int MaxAttempts = 5;

    public async Task RecordAsync(string address, Exception error)
    {
        try
        {
            await database.AsService("a message failed").WriteAsync(async work =>
            {
                if (await PendingMessage.NextAsync(work, address).ConfigureAwait(false) is not { } message) return;
                var attempts = message.Attempts + 1;
                if (attempts < MaxAttempts)
                    await work.ExecuteAsync("UPDATE inbox SET attempts = @attempts, next_try_at = @next WHERE id = @Id",
                        new { attempts, next = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Pow(2, attempts - 1)), message.Id }).ConfigureAwait(false);
                else
                    await SetAsideAsync(work, message, error).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The store itself is away: the message stays as it is, and the sweep comes back to it.
            AssistantLog.SweepFailed(log, e.GetType().Name);
        }
    }

    private async Task SetAsideAsync(Work work, PendingMessage message, Exception error)
    {
        var now = clock.GetUtcNow();
        await work.ExecuteAsync("UPDATE inbox SET state = 'failed', attempts = attempts + 1, done_at = @now, error_code = 'INTERNAL' WHERE id = @Id", new { now, message.Id }).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.CommandFailed, false)
        {
            UserId = message.UserId, Phone = message.Address, MessageSid = message.ProviderId, ErrorCode = "INTERNAL", Details = new { exception = error.GetType().Name },
        }).ConfigureAwait(false);
        var language = await work.FirstAsync<string>(
            "SELECT a.language FROM accounts a LEFT JOIN whatsapp_user_links l ON l.user_id = a.id WHERE a.id = @UserId OR (l.address = @Address AND l.verified) LIMIT 1",
            new { message.UserId, message.Address }).ConfigureAwait(false);
        var reply = Phrasebook.Of(language ?? "es").Say("error.internal");
        await outbox.EnqueueAsync(work, new OutgoingMessage(message.Channel, message.Address, "reply", reply) { InboxId = message.Id, UserId = message.UserId }).ConfigureAwait(false);
        work.OnCommit(() => waiters.Complete(message.ProviderId, new ChatAnswer(reply, "INTERNAL")));
    }
}
