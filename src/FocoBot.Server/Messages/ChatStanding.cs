using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>Whether a chat's messages are kept: as the owner has chosen for it, else as for the whole device.</summary>
/// <param name="IsKept">They are.</param>
/// <param name="IsOwn">It is the chat with oneself.</param>
/// <param name="Phone">The account's own address by phone number.</param>
/// <param name="HasAssistant">The owner talks to the assistant in the chat with oneself.</param>
/// <param name="IsNew">FocoBot has begun it with a stranger, and nothing came of that yet.</param>
/// <param name="Known">What is put down of the chat, under either address.</param>
internal sealed record ChatStanding(bool IsKept, bool IsOwn, Jid? Phone, bool HasAssistant, bool IsNew, IReadOnlyList<KnownChat> Known)
{
    public static async Task<ChatStanding> ReadAsync(Work work, Guid device, Jid chat, Jid? alternate)
    {
        var rows = await work.QueryAsync<Row>(
            $"""
            SELECT d.consent, d.assistant, d.client_id AS phone, d.lid, c.chat_id AS chat, c.alternate_id AS alternate, c.is_kept AS chosen, c.written_at AS writtenAt, n.chat_id AS newChat
            FROM whatsapp_devices d LEFT JOIN ({KnownChats.Search}) c ON true
              LEFT JOIN whatsapp_new_chats n ON n.device_id = d.id AND n.chat_id IN (c.chat_id, c.alternate_id) AND n.known_at IS NULL
            WHERE d.id = @device
            """, new { device, chat = chat.ToString(), alternate = (alternate ?? chat).ToString() }).ConfigureAwait(false);
        if (rows.Count == 0) return new ChatStanding(false, false, null, false, false, []);
        var owner = new ChatOwner(rows[0].Consent, rows[0].Phone, rows[0].Lid);
        var known = rows.Where(row => row.Chat is not null).Select(row => new KnownChat(row.Chat!, row.Alternate, row.Chosen, row.WrittenAt)).Distinct().ToList();
        var isOwn = owner.IsOwn(chat) || (alternate is { } other && owner.IsOwn(other));
        return new ChatStanding(owner.Keeps(KnownChats.ChoiceOf(known), isOwn, known.Exists(row => row.WrittenAt is not null)), isOwn, owner.Phone, rows[0].Assistant,
            rows.Exists(row => row.NewChat is not null), known);
    }

    private sealed record Row(string Consent, bool Assistant, string? Phone, string? Lid, string? Chat, string? Alternate, bool? Chosen, DateTimeOffset? WrittenAt, string? NewChat);
}

/// <summary>What the owner of a device allows for all of its chats, and which is the one with oneself.</summary>
internal sealed record ChatOwner(string Consent, Jid? Phone, Jid? Lid)
{
    public ChatOwner(string consent, string? phone, string? lid) : this(consent, Parse(phone), Parse(lid))
    {
    }

    public bool IsOwn(Jid chat) => chat == Phone || chat == Lid;

    /// <summary>Whether messages of a chat are kept.</summary>
    /// <param name="choice">The owner's choice for this chat.</param>
    /// <param name="isOwn">It is the one with oneself.</param>
    /// <param name="isWrittenTo">FocoBot has written to it.</param>
    public bool Keeps(bool? choice, bool isOwn, bool isWrittenTo) => choice ?? (isOwn || isWrittenTo || Consent == "all");

    private static Jid? Parse(string? address) => Jid.TryParse(address, out var jid) ? jid.WithoutDevice() : null;
}
