using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// What Twilio says became of our messages. Callbacks come late, twice and out of order, so a row only ever moves forward.
/// </summary>
internal sealed class DeliveryStatuses(Database database, Keyring keyring, Outbox outbox, TimeProvider clock)
{
    /// <summary>The query parameter that names the outbox row; the row may not know Twilio's id yet.</summary>
    public const string RowParameter = "message";

    public Task ApplyAsync(StatusCallback callback, string? row, CancellationToken cancellation)
    {
        if (StateOf(callback.Status) is not { } state) return Task.CompletedTask;
        return database.AsService("delivery status").WriteAsync(async work =>
        {
            var moved = await work.FirstAsync<Moved>(
                """
                UPDATE outbox SET state = @state, error_code = coalesce(@error, error_code), provider_id = coalesce(provider_id, @MessageSid), done_at = coalesce(done_at, @now)
                WHERE (id = @id OR provider_id = @MessageSid) AND CASE state WHEN 'read' THEN 5 WHEN 'delivered' THEN 4 WHEN 'failed' THEN 3 WHEN 'sent' THEN 2 ELSE 1 END < @rank
                RETURNING id, user_id AS UserId, inbox_id AS InboxId, address, purpose, body, attempts, attempted_at AS AttemptedAt, created_at AS CreatedAt, notice_id AS NoticeId
                """, new { state, callback.MessageSid, now = clock.GetUtcNow(), id = Guid.TryParseExact(row, "N", out var id) ? id : Guid.Empty, error = callback.ErrorCode?.ToString(System.Globalization.CultureInfo.InvariantCulture), rank = RankOf(state) }).ConfigureAwait(false);
            if (moved is not null && state == "failed" && callback.ErrorCode is { } code && ChannelAddress.TryParse(moved.Address, out var to))
                await ConsequencesAsync(work, moved, TwilioErrors.Classify(code, 0, to)).ConfigureAwait(false);
        }, cancellation);
    }

    private Task ConsequencesAsync(Work work, Moved row, ErrorClass error) => error switch
    {
        ErrorClass.NeedsTemplate => SendAsTemplateAsync(work, row),
        ErrorClass.RetryNow or ErrorClass.RetryLater => SendAgainAsync(work, row),
        _ => SendConsequences.ApplyAsync(work, row.Address, error, clock.GetUtcNow()),
    };

    // The window was closed after all.
    private async Task SendAsTemplateAsync(Work work, Moved row)
    {
        var wasText = await work.ExecuteAsync("UPDATE contacts SET last_inbound_at = NULL WHERE address = @Address AND last_inbound_at <= @AttemptedAt", new { row.Address, row.AttemptedAt }).ConfigureAwait(false) > 0;
        if (wasText) await ReplaceAsync(work, row, templateOnly: true, null).ConfigureAwait(false);
    }

    // Taken, and then not delivered for a reason that passes, such as too many at once.
    private Task SendAgainAsync(Work work, Moved row) =>
        RetrySchedule.NextDelay((int)Math.Max(1, row.Attempts), clock.GetUtcNow() - row.CreatedAt, null, Random.Shared) is { } delay
            ? ReplaceAsync(work, row, templateOnly: false, clock.GetUtcNow() + delay)
            : Task.CompletedTask;

    // A message of its own takes the failed one's place, so that late words on the old one can't touch it.
    private async Task ReplaceAsync(Work work, Moved row, bool templateOnly, DateTimeOffset? nextTry)
    {
        if (row.Body is null) return;
        var key = row.UserId is { } user ? await keyring.OfAsync(work, user).ConfigureAwait(false) : keyring.Service;
        var body = key.OpenJson<OutboxBody>(Outbox.BodyColumn, row.Id, row.Body);
        if (templateOnly && body.Template is null) return;
        await outbox.EnqueueAsync(work, new OutgoingMessage(ChannelNames.Twilio, row.Address, row.Purpose, body.Text)
        {
            UserId = row.UserId, InboxId = row.InboxId, Template = body.Template, TemplateValues = body.TemplateValues, Language = body.Language, NoticeId = row.NoticeId,
            After = new FailedTry(row.Attempts, row.CreatedAt, nextTry),
        }).ConfigureAwait(false);
    }

    private static string? StateOf(MessageStatus status) => status switch
    {
        MessageStatus.Sent => "sent",
        MessageStatus.Delivered => "delivered",
        MessageStatus.Read => "read",
        _ when status.IsFailure() => "failed",
        _ => null,
    };

    private static int RankOf(string state) => state switch { "read" => 5, "delivered" => 4, "failed" => 3, _ => 2 };

    private sealed record Moved(Guid Id, Guid? UserId, Guid? InboxId, string Address, string Purpose, byte[]? Body, long Attempts, DateTimeOffset? AttemptedAt, DateTimeOffset CreatedAt, Guid? NoticeId);
}

/// <summary>What a refusal or failure says about the address itself.</summary>
internal static class SendConsequences
{
    public static Task ApplyAsync(Work work, string address, ErrorClass error, DateTimeOffset now) => error switch
    {
        ErrorClass.BadAddress => work.PostAsync("UPDATE contacts SET bad_at = @now WHERE address = @address", new { address, now }),
        ErrorClass.Suppress => work.PostAsync("UPDATE contacts SET suppressed_at = @now, suppressed_reason = 'blocked' WHERE address = @address AND suppressed_at IS NULL", new { address, now }),
        _ => Task.CompletedTask,
    };
}
