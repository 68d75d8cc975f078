using FocoBot.Storage;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// What Twilio says became of our messages. Callbacks come late, twice and out of order, so a row only ever moves forward.
/// </summary>
internal sealed class DeliveryStatuses(Database database, TimeProvider clock)
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
                RETURNING address, error_code AS ErrorCode
                """, new { state, callback.MessageSid, now = clock.GetUtcNow(), id = Guid.TryParseExact(row, "N", out var id) ? id : Guid.Empty, error = callback.ErrorCode?.ToString(System.Globalization.CultureInfo.InvariantCulture), rank = RankOf(state) }).ConfigureAwait(false);
            if (moved is not null && state == "failed" && callback.ErrorCode is { } code && ChannelAddress.TryParse(moved.Address, out var to))
                await SendConsequences.ApplyAsync(work, moved.Address, TwilioErrors.Classify(code, 0, to), clock.GetUtcNow()).ConfigureAwait(false);
        }, cancellation);
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

    private sealed record Moved(string Address, string? ErrorCode);
}

/// <summary>What a refusal or failure says about the address itself.</summary>
internal static class SendConsequences
{
    public static Task ApplyAsync(Work work, string address, ErrorClass error, DateTimeOffset now) => error switch
    {
        ErrorClass.BadAddress => work.PostAsync("UPDATE contacts SET bad_at = @now WHERE address = @address", new { address, now }),
        ErrorClass.Suppress => work.PostAsync("UPDATE contacts SET suppressed_at = coalesce(suppressed_at, @now), suppressed_reason = coalesce(suppressed_reason, 'blocked') WHERE address = @address", new { address, now }),
        _ => Task.CompletedTask,
    };
}
