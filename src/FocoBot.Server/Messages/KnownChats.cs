using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>What is put down of a chat.</summary>
/// <param name="Chat">Its address.</param>
/// <param name="Alternate">The person's other one: by phone number, as a rule.</param>
/// <param name="Choice">Whether the owner lets it be kept; null leaves that to the device's consent.</param>
/// <param name="WrittenAt">When FocoBot first wrote to it.</param>
internal sealed record KnownChat(string Chat, string? Alternate, bool? Choice, DateTimeOffset? WrittenAt);

/// <summary>
/// The table of chats. A person is known by phone number and by hidden identity, and which belong together is often learnt late: two rows then become one,
/// under the hidden identity, and so do their messages. Of strangers nothing is put down.
/// </summary>
internal static class KnownChats
{
    /// <summary>The rows of a chat of <c>@device</c>, by <c>@chat</c> and <c>@alternate</c>.</summary>
    public const string Search =
        """
        SELECT chat_id, alternate_id, is_kept, written_at FROM whatsapp_device_chats WHERE device_id = @device AND chat_id IN (@chat, @alternate)
        UNION SELECT chat_id, alternate_id, is_kept, written_at FROM whatsapp_device_chats WHERE device_id = @device AND alternate_id IN (@chat, @alternate)
        """;

    public static Task<List<KnownChat>> FindAsync(Work work, Guid device, string chat, string? alternate) => work.QueryAsync<KnownChat>(
        $"SELECT chat_id AS Chat, alternate_id AS Alternate, is_kept AS Choice, written_at AS WrittenAt FROM ({Search}) c", new { device, chat, alternate = alternate ?? chat });

    /// <summary>The owner's choice. Chosen in two ways, before it was known that this is one person, it is not kept.</summary>
    public static bool? ChoiceOf(IEnumerable<KnownChat> known) => known.Select(row => row.Choice).Where(choice => choice is not null).OrderBy(choice => choice).FirstOrDefault();

    /// <summary>Puts down a chat, and makes one row of it if there were several.</summary>
    /// <param name="work">The unit.</param>
    /// <param name="device">The device.</param>
    /// <param name="known">Its rows so far.</param>
    /// <param name="chat">An address of it.</param>
    /// <param name="alternate">The other one, if it is known.</param>
    /// <returns>The address under which the chat is kept.</returns>
    public static async Task<string> SettleAsync(Work work, Guid device, IReadOnlyList<KnownChat> known, Jid chat, Jid? alternate)
    {
        var addresses = known.SelectMany(row => new[] { row.Chat, row.Alternate }).Append(alternate?.ToString()).OfType<string>().Where(address => address != chat.ToString()).Distinct().ToList();
        var kept = chat.Server == JidServer.Lid ? chat.ToString() : addresses.Find(IsHidden) ?? chat.ToString();
        var other = known.FirstOrDefault(row => row.Chat == kept)?.Alternate ?? addresses.Append(chat.ToString()).FirstOrDefault(address => address != kept);
        if (known is [var only] && only.Chat == kept && only.Alternate == other) return kept;
        foreach (var row in known.Where(row => row.Chat != kept))
        {
            await work.ExecuteAsync("DELETE FROM whatsapp_device_chats WHERE device_id = @device AND chat_id = @Chat", new { device, row.Chat }).ConfigureAwait(false);
            await work.ExecuteAsync("UPDATE whatsapp_messages SET chat_id = @kept WHERE device_id = @device AND chat_id = @Chat", new { device, kept, row.Chat }).ConfigureAwait(false);
        }

        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_device_chats (device_id, chat_id, alternate_id, is_kept, written_at) VALUES (@device, @kept, @other, @choice, @written)
            ON CONFLICT (device_id, chat_id) DO UPDATE SET alternate_id = excluded.alternate_id, is_kept = excluded.is_kept, written_at = excluded.written_at
            """, new { device, kept, other, choice = ChoiceOf(known), written = known.Min(row => row.WrittenAt) }).ConfigureAwait(false);
        return kept;
    }

    /// <summary>Takes note that FocoBot writes to a chat.</summary>
    public static Task WrittenAsync(Work work, Guid device, string chat, DateTimeOffset now) => work.ExecuteAsync(
        "UPDATE whatsapp_device_chats SET written_at = @now WHERE device_id = @device AND chat_id = @chat AND written_at IS NULL", new { device, chat, now });

    /// <summary>Takes note of the owner's choice; null leaves it to the device's consent.</summary>
    public static Task ChooseAsync(Work work, Guid device, string chat, bool? isKept) => work.ExecuteAsync(
        "UPDATE whatsapp_device_chats SET is_kept = @isKept WHERE device_id = @device AND chat_id = @chat", new { device, chat, isKept });

    private static bool IsHidden(string address) => Jid.TryParse(address, out var jid) && jid.Server == JidServer.Lid;
}
