using System.Security.Cryptography;
using System.Text;
using FocoBot.Events;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>
/// Puts down what a device's connection brings, in the transaction that also holds the ratchet step: messages of the chats that the owner lets be kept, and what became of
/// those that were sent. Of other chats nothing is put down, no body, no event.
/// </summary>
public sealed class MessageBook(EventLog events, AssistantMail assistant, ContactBook contacts, TimeProvider clock)
{
    private const string Delivered =
        "UPDATE whatsapp_messages SET status = 'delivered', delivered_at = @time WHERE device_id = @Id AND message_id = @messageId AND direction = 'outbound' AND status IN ('pending', 'sent')";

    private const string Read =
        """
        UPDATE whatsapp_messages SET status = 'read', read_at = @time, delivered_at = COALESCE(delivered_at, @time)
        WHERE device_id = @Id AND message_id = @messageId AND direction = 'outbound' AND status IN ('pending', 'sent', 'delivered')
        """;

    internal const string ContentColumn = "whatsapp_messages.content";

    /// <summary>Keeps what an event says, if it is one of messages.</summary>
    public Task KeepAsync(Work work, KeptDevice device, ClientEvent happened) => happened switch
    {
        MessageReceived message => KeepAsync(work, device, message),
        MessageAcknowledged ack => KeepAsync(work, device, ack),
        ContactNamed named => contacts.KeepAsync(work, device, named),
        ReceiptReceived { Kind: ReceiptKind.Delivered or ReceiptKind.Read or ReceiptKind.Played } receipt => KeepAsync(work, device, receipt),
        NewChatsRestricted notice => NewChats.HoldAsync(work, device.Id, notice.IsRestricted ? notice.Until ?? clock.GetUtcNow() + NewChatLimits.Hold : null),
        _ => Task.CompletedTask,
    };

    /// <summary>Puts down a message that is about to be sent; without what it says if the owner does not let its chat be kept.</summary>
    internal async Task AddOutgoingAsync(Work work, KeptDevice device, NewOutgoing message)
    {
        var now = clock.GetUtcNow();
        var known = await KnownChats.FindAsync(work, device.Id, message.Chat, alternate: null).ConfigureAwait(false);
        var chat = await KnownChats.SettleAsync(work, device.Id, known, Jid.Parse(message.Chat), alternate: null).ConfigureAwait(false);
        await KnownChats.WrittenAsync(work, device.Id, chat, now).ConfigureAwait(false);
        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_messages (id, user_id, device_id, message_id, direction, message_type, content, media_mimetype, media_size, from_number, to_number, status, created_at, chat_id, sender_id)
            VALUES (@Row, @AccountId, @Id, @MessageId, 'outbound', @Type, @content, @MimeType, @Size, @From, @To, 'pending', @now, @chat, @Sender)
            """,
            new
            {
                message.Row, device.AccountId, device.Id, message.MessageId, message.Content.Type, message.Content.MimeType, message.Content.Size, message.From, message.To, now,
                content = KnownChats.ChoiceOf(known) == false ? null : device.Key.SealJson(ContentColumn, message.Row, message.Content.Body), chat, message.Sender,
            }).ConfigureAwait(false);
    }

    /// <summary>Takes note of where a message went that was sent, now that this is known: what comes from there belongs to it.</summary>
    internal static async Task SentAsync(Work work, KeptDevice device, Jid chat, Jid addressed)
    {
        var known = await KnownChats.FindAsync(work, device.Id, chat.ToString(), addressed.ToString()).ConfigureAwait(false);
        await KnownChats.SettleAsync(work, device.Id, known, chat, addressed).ConfigureAwait(false);
    }

    /// <summary>A message that waits to be sent belongs to another chat than was thought. The one that was thought of is forgotten if it was put down for that alone.</summary>
    internal async Task MoveAsync(Work work, KeptDevice device, Guid id, string from, Jid to)
    {
        var known = await KnownChats.FindAsync(work, device.Id, to.ToString(), alternate: null).ConfigureAwait(false);
        var chat = await KnownChats.SettleAsync(work, device.Id, known, to, alternate: null).ConfigureAwait(false);
        await KnownChats.WrittenAsync(work, device.Id, chat, clock.GetUtcNow()).ConfigureAwait(false);
        await work.ExecuteAsync("UPDATE whatsapp_messages SET chat_id = @chat, to_number = COALESCE(@number, to_number) WHERE id = @id", new { id, chat, number = NumberOf(to) }).ConfigureAwait(false);
        await work.PostAsync(
            """
            DELETE FROM whatsapp_device_chats WHERE device_id = @Id AND chat_id = @from AND is_kept IS NULL
              AND NOT EXISTS (SELECT 1 FROM whatsapp_messages m WHERE m.device_id = @Id AND m.chat_id = @from)
            """, new { device.Id, from }).ConfigureAwait(false);
    }

    /// <summary>Puts down where the file of a message lies that is being sent.</summary>
    internal static async Task AddMediaAsync(Work work, KeptDevice device, Guid id, byte[] media)
    {
        var content = await work.FirstAsync<byte[]>("SELECT content FROM whatsapp_messages WHERE id = @id AND device_id = @Device", new { id, Device = device.Id }).ConfigureAwait(false);
        if (content is null) return;
        var body = device.Key.OpenJson<MessageBody>(ContentColumn, id, content) with { Media = media };
        await work.PostAsync("UPDATE whatsapp_messages SET content = @content WHERE id = @id", new { id, content = device.Key.SealJson(ContentColumn, id, body) }).ConfigureAwait(false);
    }

    /// <summary>Puts down that a message was not sent, unless what became of it is known already.</summary>
    internal async Task FailAsync(Work work, KeptDevice device, Guid id, string code)
    {
        var failed = await work.FirstAsync<string>(
            "UPDATE whatsapp_messages SET status = 'failed', refusal_code = @code WHERE id = @id AND device_id = @Device AND status = 'pending' RETURNING message_id", new { id, code, Device = device.Id }).ConfigureAwait(false);
        if (failed is not null) await TellAsync(work, device, [failed], "failed", code).ConfigureAwait(false);
    }

    private async Task KeepAsync(Work work, KeptDevice device, MessageReceived message)
    {
        if (KeptContent.Of(message) is not { } content) return;
        var standing = await ChatStanding.ReadAsync(work, device.Id, message.Chat, message.ChatAlternate).ConfigureAwait(false);
        if (standing.IsNew) await NewChats.KnowAsync(work, device.Id, message.Chat.ToString(), message.ChatAlternate?.ToString(), clock.GetUtcNow()).ConfigureAwait(false);
        if (message.FromMe && standing.HasAssistant) await assistant.ForwardAsync(work, device, message, content, standing.IsOwn).ConfigureAwait(false);
        // Of strangers nothing is put down, not even that there are any.
        var chat = standing.IsKept || standing.Known.Count > 0 ? await KnownChats.SettleAsync(work, device.Id, standing.Known, message.Chat, message.ChatAlternate).ConfigureAwait(false) : "";
        if (!standing.IsKept) return;
        var row = Ids.New(clock);
        var now = clock.GetUtcNow();
        var sender = message.Sender.WithoutDevice();
        var isNew = await work.ExecuteAsync(
            "INSERT INTO whatsapp_message_keys (device_id, message_key, row_id, created_at) VALUES (@Id, @key, @row, @now) ON CONFLICT (device_id, message_key) DO NOTHING",
            new { device.Id, key = KeyOf(message.Chat, sender, message.Id), row, now }).ConfigureAwait(false) > 0;
        if (!isNew) return;
        await work.PostAsync(
            """
            INSERT INTO whatsapp_messages (id, user_id, device_id, message_id, direction, message_type, content, media_mimetype, media_size, from_number, to_number, status, sent_at, delivered_at, created_at, chat_id, sender_id)
            VALUES (@row, @AccountId, @Id, @messageId, @direction, @Type, @sealed, @MimeType, @Size, @from, @to, @status, @time, @delivered, @now, @chat, @sender)
            """,
            new
            {
                row, device.AccountId, device.Id, messageId = message.Id, content.Type, content.MimeType, content.Size, now,
                direction = message.FromMe ? "outbound" : "inbound", status = message.FromMe ? "sent" : "delivered", time = message.Time, delivered = message.FromMe ? (DateTimeOffset?)null : now,
                from = NumberOf(message.FromMe ? standing.Phone : message.Sender, message.SenderAlternate), to = NumberOf(message.FromMe ? message.Chat : standing.Phone, message.ChatAlternate),
                @sealed = device.Key.SealJson(ContentColumn, row, content.Body), chat, sender = sender.ToString(),
            }).ConfigureAwait(false);
        await contacts.KeepAsync(work, device, message).ConfigureAwait(false);
        if (content.Body is { Action: "delete", Target: { } target })
            await work.PostAsync("UPDATE whatsapp_messages SET content = NULL WHERE device_id = @Id AND message_id = @target AND chat_id = @chat", new { device.Id, target, chat }).ConfigureAwait(false);
        await events.AppendAsync(work, device.AccountId, "device.message", new
        {
            id = row, messageId = message.Id, chat, sender = sender.ToString(), direction = message.FromMe ? "outbound" : "inbound",
            type = content.Type, content.Body.Text, content.Body.Target, content.Body.Action, at = message.Time,
        }, device.Id).ConfigureAwait(false);
    }

    private async Task KeepAsync(Work work, KeptDevice device, MessageAcknowledged ack)
    {
        // A receipt may have been quicker.
        var (status, refusal) = (ack.Error == 0 ? "sent" : "failed", Refusal.CodeOf(ack.Reason));
        var row = await work.FirstAsync<Acknowledged>(
            """
            UPDATE whatsapp_messages SET status = CASE WHEN status = 'pending' THEN @status ELSE status END, sent_at = COALESCE(sent_at, @time),
              refusal_code = CASE WHEN status = 'pending' THEN @refusal ELSE refusal_code END
            WHERE device_id = @Id AND message_id = @messageId AND direction = 'outbound' RETURNING id, status, chat_id AS chat
            """,
            new { device.Id, messageId = ack.Id, status, time = ack.Time ?? clock.GetUtcNow(), refusal }).ConfigureAwait(false);
        if (ack.Reason is RefusalReason.ContactNotEstablished or RefusalReason.NewChatLimit) await NewChats.RefusedAsync(work, device.Id, clock.GetUtcNow()).ConfigureAwait(false);
        if (row is null) return;
        if (ack.Error == 0) await NewChats.KnowAsync(work, device.Id, row.Chat, ack.Chat.ToString(), clock.GetUtcNow()).ConfigureAwait(false);
        await work.PostAsync("DELETE FROM whatsapp_device_outbox WHERE id = @Id", new { row.Id }).ConfigureAwait(false);
        if (row.Status == status) await TellAsync(work, device, [ack.Id], status, refusal).ConfigureAwait(false);
    }

    // Only forwards: receipts come in any order.
    private async Task KeepAsync(Work work, KeptDevice device, ReceiptReceived receipt)
    {
        var isRead = receipt.Kind is not ReceiptKind.Delivered;
        var time = receipt.Time ?? clock.GetUtcNow();
        var changed = 0;
        foreach (var messageId in receipt.MessageIds)
            changed += await work.ExecuteAsync(isRead ? Read : Delivered, new { device.Id, messageId, time }).ConfigureAwait(false);
        if (changed > 0) await TellAsync(work, device, receipt.MessageIds, isRead ? "read" : "delivered", refusal: null).ConfigureAwait(false);
    }

    private Task TellAsync(Work work, KeptDevice device, IReadOnlyList<string> messageIds, string status, string? refusal) =>
        events.AppendAsync(work, device.AccountId, "device.receipt", new { messageIds, status, refusalCode = refusal, refusalReason = Refusal.ReasonOf(refusal) }, device.Id);

    /// <summary>The number of a person, if it is known.</summary>
    internal static string? NumberOf(Jid? address, Jid? alternate = null) =>
        address is { Server: JidServer.User } person ? "+" + person.User : alternate is { Server: JidServer.User } other ? "+" + other.User : null;

    private sealed record Acknowledged(Guid Id, string Status, string Chat);

    private static byte[] KeyOf(Jid chat, Jid sender, string id) => SHA256.HashData(Encoding.UTF8.GetBytes($"{chat}\n{sender}\n{id}"))[..16];
}

/// <summary>A message to be sent.</summary>
/// <param name="Row">Its row's id.</param>
/// <param name="MessageId">Its id at WhatsApp.</param>
/// <param name="Chat">Whom it is for.</param>
/// <param name="Sender">The own address.</param>
/// <param name="From">The own number.</param>
/// <param name="To">The other one's number.</param>
/// <param name="Content">What it says.</param>
internal sealed record NewOutgoing(Guid Row, string MessageId, string Chat, string Sender, string? From, string? To, KeptContent Content);
