using FocoBot.Channels;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>
/// What the owner of a device says to the assistant, if it may listen: whatever is written in the chat with oneself, messages that are forwarded there, and messages anywhere that get a 📌. It goes to the
/// inbox in the very transaction in which it was decrypted, and so acts once.
/// </summary>
public sealed class AssistantMail(Inbox inbox)
{
    private const string Pin = "📌";

    /// <summary>The address of a device's chat with oneself.</summary>
    public static string AddressOf(Guid device) => $"device:{device:N}";

    /// <summary>The device of such an address.</summary>
    public static Guid DeviceOf(string address) => Guid.ParseExact(address["device:".Length..], "N");

    internal async Task ForwardAsync(Work work, KeptDevice device, MessageReceived message, KeptContent content, bool isOwnChat)
    {
        var (id, text) = (content.Type, content.Body) switch
        {
            ("text", { Action: null or "reply", Text: { } said } body) when isOwnChat => (message.Id, body.IsForwarded ? AsTask(said) : said),
            // By the message's own id: a second pin is the same wish.
            ("reaction", { Text: Pin, Target: { } target }) => (target, await TextOfAsync(work, device, target).ConfigureAwait(false) is { } pinned ? AsTask(pinned) : null),
            _ => (message.Id, null),
        };
        if (text is null || await IsOursAsync(work, device, message.Id).ConfigureAwait(false)) return;
        await inbox.AddAsync(work, new ReceivedMessage(
            ChannelNames.Device, $"{device.Id:N}:{id}", AddressOf(device.Id), device.AccountId, new InboundContent { Text = InboundContent.Readable(text), Forwarded = content.Body.IsForwarded }), message.Time).ConfigureAwait(false);
    }

    // Somebody else's words: a task, whatever they would mean as a command.
    private static string AsTask(string text) => "Nueva tarea - " + text.ReplaceLineEndings(" ").Trim();

    // Of chats that are not kept nothing is known.
    private static async Task<string?> TextOfAsync(Work work, KeptDevice device, string messageId)
    {
        var row = await work.FirstAsync<Row>(
            "SELECT id, content FROM whatsapp_messages WHERE message_id = @messageId AND device_id = @Id ORDER BY id DESC LIMIT 1", new { messageId, device.Id }).ConfigureAwait(false);
        return row?.Content is { } content ? device.Key.OpenJson<MessageBody>(MessageBook.ContentColumn, row.Id, content).Text : null;
    }

    // An answer that FocoBot has sent by another device of the same WhatsApp account is no question to it: two assistants would talk for ever.
    private static async Task<bool> IsOursAsync(Work work, KeptDevice device, string messageId) => await work.ScalarAsync<long>(
        "SELECT count(*) FROM whatsapp_messages WHERE message_id = @messageId AND device_id <> @Id AND direction = 'outbound'", new { messageId, device.Id }).ConfigureAwait(false) > 0;

    private sealed record Row(Guid Id, byte[]? Content);
}
