using FocoBot.Channels;
using FocoBot.Devices.Routing;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Notifications;

/// <summary>What an account is told, until it has been told. A row goes its way once its unit has committed, whatever becomes of this process.</summary>
internal sealed class NotificationBook(Keyring keyring, TimeProvider clock)
{
    private const string PayloadColumn = "focobot_scheduled_notifications.payload";

    /// <summary>Raised when one is put down.</summary>
    public OutboxSignal Waits { get; } = new();

    /// <summary>Puts down a notification that leaves now.</summary>
    /// <param name="work">The unit of what gives rise to it.</param>
    /// <param name="account">Who is told.</param>
    /// <param name="kind">What it is, for those who look at the table.</param>
    /// <param name="route">Which way it goes.</param>
    /// <param name="text">What the person reads.</param>
    /// <returns>Its id.</returns>
    public async Task<Guid> AddAsync(Work work, Guid account, string kind, MessageKind route, string text)
    {
        var (id, now) = (Ids.New(clock), clock.GetUtcNow());
        var key = await keyring.OfAsync(work, account).ConfigureAwait(false);
        await work.PostAsync(
            "INSERT INTO focobot_scheduled_notifications (id, user_id, kind, due_at, payload, created_at) VALUES (@id, @account, @kind, @now, @payload, @now)",
            new { id, account, kind, now, payload = key.SealJson(PayloadColumn, id, new NotificationPayload(route, text)) }).ConfigureAwait(false);
        work.OnCommit(Waits.Raise);
        return id;
    }

    /// <summary>One of an account's; null when it has none like that.</summary>
    public static Task<NotificationRow?> FindAsync(Work work, Guid account, Guid id) =>
        work.FirstAsync<NotificationRow>($"SELECT {Columns} FROM focobot_scheduled_notifications WHERE id = @id AND user_id = @account", new { id, account });

    /// <summary>Those that are to be looked at: they are due, or it is time to ask again what became of them.</summary>
    public static Task<List<Guid>> OpenAsync(Work work, DateTimeOffset now) => work.QueryAsync<Guid>(
        """
        SELECT id FROM focobot_scheduled_notifications WHERE status IN ('pending', 'sending') AND due_at <= @now AND (next_try_at IS NULL OR next_try_at <= @now) ORDER BY due_at, id LIMIT @Batch
        """, new { now, NotificationLimits.Batch });

    /// <summary>Leaves one alone for a while, so that it does not stand in the way of others.</summary>
    public static Task PostponeAsync(Work work, Guid id, DateTimeOffset until) =>
        work.PostAsync("UPDATE focobot_scheduled_notifications SET next_try_at = @until WHERE id = @id", new { id, until });

    /// <summary>Takes one to work on it; null when somebody else has it, or it is done.</summary>
    public static Task<NotificationRow?> TakeAsync(Work work, Guid id) => work.FirstAsync<NotificationRow>(
        $"SELECT {Columns} FROM focobot_scheduled_notifications WHERE id = @id AND status IN ('pending', 'sending') /*pg: FOR UPDATE SKIP LOCKED */", new { id });

    /// <summary>What it says.</summary>
    public async Task<NotificationPayload> OpenAsync(Work work, NotificationRow row) =>
        (await keyring.OfAsync(work, row.AccountId).ConfigureAwait(false)).OpenJson<NotificationPayload>(PayloadColumn, row.Id, row.Payload!);

    private const string Columns =
        """
        id, user_id AS AccountId, kind, channel, status, reason, payload, device_id AS DeviceId, handed_id AS HandedId, handed_at AS HandedAt, tried, created_at AS CreatedAt, sent_at AS SentAt
        """;
}

/// <summary>The sealed content of a notification.</summary>
internal sealed record NotificationPayload(MessageKind Route, string Text);

/// <summary>A notification as it stands in the table.</summary>
internal sealed record NotificationRow(
    Guid Id, Guid AccountId, string Kind, string? Channel, string Status, string? Reason, byte[]? Payload, Guid? DeviceId, Guid? HandedId, DateTimeOffset? HandedAt, string Tried,
    DateTimeOffset CreatedAt, DateTimeOffset? SentAt);
