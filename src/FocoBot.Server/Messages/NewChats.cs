using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>How a device stands with people who don't know it.</summary>
/// <param name="UsedToday">Chats that it has begun in the past 24 hours.</param>
/// <param name="Limit">How many that may be.</param>
/// <param name="HeldUntil">WhatsApp has refused to begin more: none are before that. Null when it has not.</param>
internal sealed record NewChatStanding(long UsedToday, int Limit, DateTimeOffset? HeldUntil);

/// <summary>Why no chat is begun now.</summary>
/// <param name="Wait">When one may be.</param>
/// <param name="Detail">The reason, for people.</param>
internal sealed record NewChatRefusal(TimeSpan Wait, string Detail);

/// <summary>
/// Chats with strangers: people who have not written to this account, and to whom this device has got no message through. So many a day may be begun, and none for a while once WhatsApp has
/// refused one. Whom somebody has written to, or who has written, is no stranger: that never counts.
/// </summary>
internal static class NewChats
{
    private const string Held = "WhatsApp lets this account begin no new chats for now. Answers, and messages to people it has chats with, go on.";
    private const string TooMany = "The device has begun as many new chats as it may in a day. Answers, and messages to people it has chats with, go on.";

    /// <summary>How a device stands.</summary>
    public static async Task<NewChatStanding> ReadAsync(Work work, Guid device, DateTimeOffset now)
    {
        var row = await RowAsync(work, device, now).ConfigureAwait(false);
        return row is null ? new NewChatStanding(0, 0, null) : new NewChatStanding(row.Used, NewChatLimits.Of(row.LinkedAt, now), row.HeldUntil > now ? row.HeldUntil : null);
    }

    /// <summary>Whether this device has got a message through to somebody, or a message came from there.</summary>
    public static async Task<bool> IsKnownAsync(Work work, Guid device, Jid chat) => await work.ScalarAsync<long>(
        """
        SELECT count(*) FROM whatsapp_device_chats c WHERE c.device_id = @device AND (c.chat_id = @chat OR c.alternate_id = @chat) AND c.written_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM whatsapp_new_chats n WHERE n.device_id = c.device_id AND n.chat_id IN (c.chat_id, c.alternate_id) AND n.known_at IS NULL)
        """, new { device, chat = chat.ToString() }).ConfigureAwait(false) > 0;

    /// <summary>Counts a message to a stranger, in the unit that accepts it, before it is written there. A chat counts once a day.</summary>
    /// <returns>Null when it may go; else nothing has changed.</returns>
    public static async Task<NewChatRefusal?> BeginAsync(Work work, Guid device, Jid chat, DateTimeOffset now)
    {
        if (await IsKnownAsync(work, device, chat).ConfigureAwait(false)) return null;
        // One after the other: two must not take the last place together.
        await work.ScalarAsync<long>("SELECT owner_epoch FROM whatsapp_devices WHERE id = @device /*pg: FOR NO KEY UPDATE */", new { device }).ConfigureAwait(false);
        if (await RowAsync(work, device, now).ConfigureAwait(false) is not { } row) return null;
        if (row.HeldUntil > now) return new NewChatRefusal(row.HeldUntil.Value - now, Held);
        var since = now - NewChatLimits.Day;
        var isCounted = await work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_new_chats WHERE device_id = @device AND chat_id = @chat AND opened_at > @since", new { device, chat = chat.ToString(), since }).ConfigureAwait(false) > 0;
        if (isCounted) return null;
        if (row.Used >= NewChatLimits.Of(row.LinkedAt, now)) return new NewChatRefusal(row.Oldest!.Value - since, TooMany);
        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_new_chats (device_id, chat_id, opened_at) VALUES (@device, @chat, @now)
            ON CONFLICT (device_id, chat_id) DO UPDATE SET opened_at = excluded.opened_at, known_at = NULL
            """, new { device, chat = chat.ToString(), now }).ConfigureAwait(false);
        return null;
    }

    /// <summary>A number turned out to be written otherwise: what was begun under the one is begun under the other.</summary>
    public static Task MoveAsync(Work work, Guid device, string from, string to) => work.PostAsync(
        """
        INSERT INTO whatsapp_new_chats (device_id, chat_id, opened_at, known_at)
        SELECT n.device_id, @to, n.opened_at, n.known_at FROM whatsapp_new_chats n
        WHERE n.device_id = @device AND n.chat_id = @from AND NOT EXISTS (SELECT 1 FROM whatsapp_device_chats c WHERE c.device_id = @device AND c.chat_id = @to AND c.written_at IS NOT NULL)
        ON CONFLICT (device_id, chat_id) DO NOTHING;
        DELETE FROM whatsapp_new_chats WHERE device_id = @device AND chat_id = @from
        """, new { device, from, to });

    /// <summary>Whether a message to this chat, accepted before, would begin one that WhatsApp lets nobody begin now.</summary>
    public static async Task<bool> IsHeldAsync(Work work, Guid device, Jid chat, DateTimeOffset now) => await work.ScalarAsync<long>(
        """
        SELECT count(*) FROM whatsapp_devices d JOIN whatsapp_new_chats n ON n.device_id = d.id
        WHERE d.id = @device AND d.new_chats_held_until > @now AND n.chat_id = @chat AND n.known_at IS NULL
        """, new { device, chat = chat.ToString(), now }).ConfigureAwait(false) > 0;

    /// <summary>Who is in this chat is no stranger any more, by whatever address it was begun.</summary>
    public static Task KnowAsync(Work work, Guid device, string chat, string? alternate, DateTimeOffset now) => work.PostAsync(
        """
        UPDATE whatsapp_new_chats SET known_at = @now WHERE device_id = @device AND known_at IS NULL
          AND (chat_id IN (@chat, @alternate) OR chat_id IN (SELECT c.alternate_id FROM whatsapp_device_chats c WHERE c.device_id = @device AND c.chat_id IN (@chat, @alternate)))
        """, new { device, chat, alternate = alternate ?? chat, now });

    /// <summary>WhatsApp has refused a message for that: none is begun for a while, unless it has said until when.</summary>
    public static Task RefusedAsync(Work work, Guid device, DateTimeOffset now) => work.PostAsync(
        "UPDATE whatsapp_devices SET new_chats_held_until = @until WHERE id = @device AND (new_chats_held_until IS NULL OR new_chats_held_until <= @now)", new { device, now, until = now + NewChatLimits.Hold });

    /// <summary>WhatsApp has said until when none may be begun; null when it lets the account again.</summary>
    public static Task HoldAsync(Work work, Guid device, DateTimeOffset? until) =>
        work.PostAsync("UPDATE whatsapp_devices SET new_chats_held_until = @until WHERE id = @device", new { device, until });

    private static Task<Row?> RowAsync(Work work, Guid device, DateTimeOffset now) => work.FirstAsync<Row>(
        """
        SELECT linked_at AS LinkedAt, new_chats_held_until AS HeldUntil,
          (SELECT count(*) FROM whatsapp_new_chats n WHERE n.device_id = d.id AND n.opened_at > @since) AS Used,
          (SELECT min(n.opened_at) FROM whatsapp_new_chats n WHERE n.device_id = d.id AND n.opened_at > @since) AS Oldest
        FROM whatsapp_devices d WHERE d.id = @device
        """, new { device, since = now - NewChatLimits.Day });

    private sealed record Row(DateTimeOffset? LinkedAt, DateTimeOffset? HeldUntil, long Used, DateTimeOffset? Oldest);
}
