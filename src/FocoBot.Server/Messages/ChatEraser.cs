using FocoBot.Events;
using FocoBot.Storage;

namespace FocoBot.Messages;

/// <summary>Erases what is stored of a chat: its messages, and what the account's log says of them. What was chosen for the chat stays.</summary>
internal sealed class ChatEraser(Database database, EventLog events)
{
    // Opened in one unit: others wait meanwhile.
    private const int EventsAtOnce = 500;

    /// <summary>Takes the words out of all entries of the log about messages of the chat. May be repeated, and is to be before the messages go.</summary>
    /// <param name="device">The device.</param>
    /// <param name="chats">The chat's addresses.</param>
    /// <param name="cancellation">Gives up; what was done stays done.</param>
    public async Task EraseEventsAsync(KeptDevice device, IReadOnlyList<string> chats, CancellationToken cancellation)
    {
        long? after = 0;
        while (after is { } from)
        {
            after = await database.AsAccount(device.AccountId).WriteAsync(work => events.RewriteAsync(work, device.AccountId, device.Id, "device.message", from, EventsAtOnce, happened =>
            {
                var about = happened.Data;
                return chats.Contains(about.GetProperty("chat").GetString())
                    ? new
                    {
                        id = about.GetProperty("id"), messageId = about.GetProperty("messageId"), chat = about.GetProperty("chat"), sender = about.GetProperty("sender"),
                        direction = about.GetProperty("direction"), type = about.GetProperty("type"), at = about.GetProperty("at"), isErased = true,
                    }
                    : null;
            }), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Deletes the messages, and those of them that have not left yet. The keys by which a message is told from a repetition stay, or one that WhatsApp delivers again would be back.
    /// </summary>
    /// <returns>How many messages there were, and the rows of those that had not left: their files are to go too.</returns>
    public static async Task<(int Messages, List<Guid> Unsent)> EraseMessagesAsync(Work work, KeptDevice device, string chat)
    {
        var unsent = await work.QueryAsync<Guid>(
            "DELETE FROM whatsapp_device_outbox WHERE device_id = @Id AND id IN (SELECT m.id FROM whatsapp_messages m WHERE m.device_id = @Id AND m.chat_id = @chat) RETURNING id", new { device.Id, chat }).ConfigureAwait(false);
        return (await work.ExecuteAsync("DELETE FROM whatsapp_messages WHERE device_id = @Id AND chat_id = @chat", new { device.Id, chat }).ConfigureAwait(false), unsent);
    }
}
