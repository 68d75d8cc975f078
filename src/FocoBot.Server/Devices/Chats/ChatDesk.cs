using FocoBot.Devices.Files;
using FocoBot.Messages;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Devices.Chats;

/// <summary>Carries out what an owner decides about single chats. A person's two addresses are one chat, as far as the device knows that they belong together.</summary>
internal sealed class ChatDesk(Database database, DeviceKeys keys, MessageBook messages, ChatEraser eraser, MediaSpool spool, TimeProvider clock)
{
    /// <summary>Opens a device that has messages; null when the account has none like that.</summary>
    public async Task<KeptDevice?> OpenAsync(Work work, Guid account, Guid id) =>
        await DeviceTable.FindAsync(work, account, id).ConfigureAwait(false) is { Wrapped: { } wrapped } row ? new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, wrapped)) : null;

    /// <summary>Takes note whether a chat is kept from now on; null leaves that to the device's consent.</summary>
    /// <returns>The chat; null when the owner has chosen for more chats than anybody has.</returns>
    public async Task<ChatView?> ChooseAsync(KeptDevice device, Jid chat, bool? isKept, RequestOrigin origin, CancellationToken cancellation)
    {
        var alternate = await AlternateOfAsync(device, chat, cancellation).ConfigureAwait(false);
        return await database.AsAccount(device.AccountId).WriteAsync(async work =>
        {
            var known = await KnownChats.FindAsync(work, device.Id, chat.ToString(), alternate?.ToString()).ConfigureAwait(false);
            if (known.Count == 0 && await CountAsync(work, device.Id).ConfigureAwait(false) >= ChatLimits.Choices) return null;
            var settled = await KnownChats.SettleAsync(work, device.Id, known, chat, alternate).ConfigureAwait(false);
            await KnownChats.ChooseAsync(work, device.Id, settled, isKept).ConfigureAwait(false);
            await DeviceAudit.WriteAsync(work, clock, device.AccountId, device.Id, "consent_changed", origin, new { chat = "one", kept = isKept }).ConfigureAwait(false);
            return await ChatList.FindAsync(work, device, settled).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Erases what is stored of a chat, with the files of what has not left yet.</summary>
    public async Task EraseAsync(KeptDevice device, Jid chat, RequestOrigin origin, CancellationToken cancellation)
    {
        var alternate = await AlternateOfAsync(device, chat, cancellation).ConfigureAwait(false);
        var door = database.AsAccount(device.AccountId);
        var known = await door.ReadAsync(work => KnownChats.FindAsync(work, device.Id, chat.ToString(), alternate?.ToString()), cancellation).ConfigureAwait(false);
        string[] addresses = [.. known.SelectMany(row => new[] { row.Chat, row.Alternate }).Append(chat.ToString()).Append(alternate?.ToString()).OfType<string>().Distinct()];
        await eraser.EraseEventsAsync(device, addresses, cancellation).ConfigureAwait(false);
        await door.WriteAsync(async work =>
        {
            var count = 0;
            foreach (var address in addresses)
            {
                var (erased, unsent) = await ChatEraser.EraseMessagesAsync(work, device, address).ConfigureAwait(false);
                count += erased;
                work.OnCommit(() => unsent.ForEach(spool.Delete));
            }

            await DeviceAudit.WriteAsync(work, clock, device.AccountId, device.Id, "messages_erased", origin, new { count }).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    // What the protocol library has learnt; nobody needs to be online for it.
    private Task<Jid?> AlternateOfAsync(KeptDevice device, Jid chat, CancellationToken cancellation) =>
        DeviceStores.FindAlternateAsync(new DeviceStore(database, messages, device, epoch: 0), chat, cancellation);

    private static Task<long> CountAsync(Work work, Guid device) => work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_chats WHERE device_id = @device AND is_kept IS NOT NULL", new { device });
}
