using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>Whether a chat's messages are kept: as the owner has chosen for it, else as for the whole device.</summary>
/// <param name="IsKept">They are.</param>
/// <param name="IsOwn">It is the chat with oneself.</param>
/// <param name="Phone">The account's own address by phone number.</param>
/// <param name="HasAssistant">The owner talks to the assistant in the chat with oneself.</param>
/// <param name="IsNew">FocoBot has begun it with a stranger, and nothing came of that yet.</param>
internal sealed record ChatStanding(bool IsKept, bool IsOwn, Jid? Phone, bool HasAssistant, bool IsNew)
{
    public static async Task<ChatStanding> ReadAsync(Work work, Guid device, Jid chat, Jid? alternate)
    {
        var rows = await work.QueryAsync<Row>(
            """
            SELECT d.consent, d.assistant, d.client_id AS phone, d.lid, c.is_kept AS chosen, c.written_at AS writtenAt, CASE WHEN n.known_at IS NULL THEN n.opened_at END AS openedAt
            FROM whatsapp_devices d LEFT JOIN whatsapp_device_chats c ON c.device_id = d.id AND c.chat_id IN (@chat, @alternate)
              LEFT JOIN whatsapp_new_chats n ON n.device_id = d.id AND n.chat_id = c.chat_id
            WHERE d.id = @device
            """, new { device, chat = chat.ToString(), alternate = (alternate ?? chat).ToString() }).ConfigureAwait(false);
        if (rows.Count == 0) return new ChatStanding(false, false, null, false, false);
        var phone = Parse(rows[0].Phone);
        var isOwn = chat == phone || chat == Parse(rows[0].Lid) || (alternate is { } other && other == phone);
        var chosen = rows.Select(row => row.Chosen).FirstOrDefault(choice => choice is not null);
        return new ChatStanding(chosen ?? (isOwn || rows[0].Consent == "all" || rows.Exists(row => row.WrittenAt is not null)), isOwn, phone, rows[0].Assistant,
            rows.Exists(row => row.OpenedAt is not null));
    }

    private static Jid? Parse(string? address) => Jid.TryParse(address, out var jid) ? jid.WithoutDevice() : null;

    private sealed record Row(string Consent, bool Assistant, string? Phone, string? Lid, bool? Chosen, DateTimeOffset? WrittenAt, DateTimeOffset? OpenedAt);
}
