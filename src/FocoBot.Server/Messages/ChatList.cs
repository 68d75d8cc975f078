using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>A chat of a device.</summary>
/// <param name="Chat">Its address, as messages have it.</param>
/// <param name="Alternate">The person's other address, if it is known.</param>
/// <param name="Number">The person's phone number, if it is known.</param>
/// <param name="Name">The name in the address book, or what the person calls himself; null when neither is known, and for groups.</param>
/// <param name="IsOwn">It is the chat with oneself.</param>
/// <param name="IsKept">Whether messages are kept now.</param>
/// <param name="Choice">What the owner has chosen for this chat; null when the device's consent decides.</param>
/// <param name="WrittenAt">When FocoBot first wrote to it.</param>
/// <param name="LastMessageAt">When the newest message that is kept was put down.</param>
internal sealed record ChatView(string Chat, string? Alternate, string? Number, string? Name, bool IsOwn, bool IsKept, bool? Choice, DateTimeOffset? WrittenAt, DateTimeOffset? LastMessageAt);

/// <summary>Where a list of chats goes on.</summary>
internal sealed record ChatPosition(DateTimeOffset At, string Chat);

/// <summary>Chats that a device keeps or was told about, the one with the newest message first.</summary>
internal static class ChatList
{
    private const string Rows =
        $"""
        SELECT c.chat_id AS Chat, c.alternate_id AS Alternate, c.is_kept AS Choice, c.written_at AS WrittenAt, d.consent, d.client_id AS OwnPhone, d.lid AS OwnLid, {ContactBook.Columns},
          (SELECT m.created_at FROM whatsapp_messages m WHERE m.device_id = c.device_id AND m.chat_id = c.chat_id ORDER BY m.id DESC LIMIT 1) AS Newest
        FROM whatsapp_device_chats c JOIN whatsapp_devices d ON d.id = c.device_id
        LEFT JOIN whatsapp_device_contacts k ON k.device_id = c.device_id AND k.contact_id = CASE WHEN c.alternate_id LIKE '%@s.whatsapp.net' THEN c.alternate_id ELSE c.chat_id END
        WHERE c.device_id = @Id
        """;

    /// <summary>Chats after a position, one more than asked for if there are more.</summary>
    public static async Task<List<(ChatView View, ChatPosition Position)>> ReadAsync(Work work, KeptDevice device, ChatPosition? after, int limit)
    {
        var rows = await work.QueryAsync<Row>(
            $"""
            SELECT l.*, COALESCE(l.Newest, l.WrittenAt, @never) AS At FROM ({Rows}) l
            {(after is null ? "" : "WHERE COALESCE(l.Newest, l.WrittenAt, @never) < @At OR (COALESCE(l.Newest, l.WrittenAt, @never) = @At AND l.Chat > @Chat)")}
            ORDER BY COALESCE(l.Newest, l.WrittenAt, @never) DESC, l.Chat LIMIT @limit
            """, new { device.Id, never = DateTimeOffset.UnixEpoch, after?.At, after?.Chat, limit = limit + 1 }).ConfigureAwait(false);
        return rows.ConvertAll(row => (View(device, row), new ChatPosition(row.At, row.Chat)));
    }

    /// <summary>One chat; null when nothing is put down of it.</summary>
    public static async Task<ChatView?> FindAsync(Work work, KeptDevice device, string chat) =>
        await work.FirstAsync<Row>($"SELECT l.*, @never AS At FROM ({Rows} AND c.chat_id = @chat) l", new { device.Id, chat, never = DateTimeOffset.UnixEpoch }).ConfigureAwait(false) is { } row ? View(device, row) : null;

    private static ChatView View(KeptDevice device, Row row)
    {
        var owner = new ChatOwner(row.Consent, row.OwnPhone, row.OwnLid);
        var (chat, alternate) = (Jid.Parse(row.Chat), row.Alternate is null ? (Jid?)null : Jid.Parse(row.Alternate));
        var isOwn = owner.IsOwn(chat) || (alternate is { } other && owner.IsOwn(other));
        var name = ContactBook.BookNameOf(device, row.Contact, row.BookSealed)?.FullName ?? ContactBook.PushNameOf(device, row.Contact, row.PushSealed);
        return new ChatView(
            row.Chat, row.Alternate, MessageBook.NumberOf(chat, alternate), name, isOwn, owner.Keeps(row.Choice, isOwn, row.WrittenAt is not null), row.Choice, row.WrittenAt, row.Newest);
    }

    private sealed record Row(
        string Chat, string? Alternate, bool? Choice, DateTimeOffset? WrittenAt, string Consent, string? OwnPhone, string? OwnLid,
        string? Contact, string? ContactAlternate, byte[]? BookSealed, byte[]? PushSealed, DateTimeOffset? Newest, DateTimeOffset At);
}
