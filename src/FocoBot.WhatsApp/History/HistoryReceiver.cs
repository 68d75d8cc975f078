using System.Threading.Channels;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.History;

/// <summary>
/// History that the phone hands over: what comes within its message is told before that is receipted, what comes as a file is fetched
/// beside the stanzas.
/// </summary>
internal sealed class HistoryReceiver(
    StanzaConnection connection, DeviceState state, UserAddresses addresses, WhatsAppClientOptions options, Func<ClientEvent, ValueTask> publish)
{
    private readonly Channel<HistorySyncNotification> files = Channel.CreateBounded<HistorySyncNotification>(
        new BoundedChannelOptions(Limits.HistoryParts) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Takes a part of the history.</summary>
    /// <exception cref="ProtocolException">What came with it is damaged, or too long.</exception>
    public async Task TakeAsync(HistorySyncNotification notification, CancellationToken token)
    {
        if (notification.HasInitialHistBootstrapInlinePayload)
        {
            using var inline = new MemoryStream(notification.InitialHistBootstrapInlinePayload.ToByteArray(), writable: false);
            await TellAsync(Part(notification), inline, token);
        }
        else if (notification.HasDirectPath)
        {
            files.Writer.TryWrite(notification);
        }
    }

    /// <summary>Fetches what comes as files, one after the other, until it is told to end.</summary>
    public async Task RunAsync(CancellationToken token)
    {
        try
        {
            await foreach (var notification in files.Reader.ReadAllAsync(token))
                await FetchAsync(notification, token);
        }
        catch (Exception over) when (over is ConnectionEndedException or OperationCanceledException)
        {
            // What is left can be asked for again.
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(options.Logger, failed);
            connection.End(new(EndCause.Internal));
        }
    }

    private async Task FetchAsync(HistorySyncNotification notification, CancellationToken token)
    {
        try
        {
            if (options.DownloadBlob is not { } download)
                throw new ProtocolException("History comes as a file, and files can't be fetched.");
            var file = new MediaFile(
                notification.FileSha256.ToByteArray(), notification.FileEncSha256.ToByteArray(), (long)Math.Min(notification.FileLength, long.MaxValue));
            await using var plain = await download(new(MediaKind.History, notification.DirectPath, notification.MediaKey.ToByteArray(), file), token);
            await TellAsync(Part(notification), plain, token);
        }
        catch (Exception failed) when (failed is WhatsAppException and not ConnectionEndedException or IOException or HttpRequestException)
        {
            Log.HistoryRefused(options.Logger, failed);
            await publish(new HistoryPartEnded(Part(notification), 0, 0, IsWhole: false));
        }
    }

    private async Task TellAsync(HistoryPart part, Stream deflated, CancellationToken token)
    {
        int chats = 0, messages = 0;
        var names = new List<KeyValuePair<Jid, string>>();
        var mappings = new List<KeyValuePair<Jid, Jid>>();
        await foreach (var item in HistoryReader.ReadAsync(deflated, token))
        {
            switch (item)
            {
                case Conversation conversation when HistoryContents.Read(part, conversation, state.Credentials) is { } chat:
                    addresses.Learn(chat.Chat, chat.ChatAlternate);
                    await publish(chat);
                    chats++;
                    messages += chat.Messages.Count;
                    break;
                case Pushname { Pushname_.Length: > 0 } name when Jid.TryParse(name.Id, out var person):
                    names.Add(new(person, name.Pushname_));
                    break;
                case PhoneNumberToLidMapping mapping when Jid.TryParse(mapping.PnJid, out var phone) && Jid.TryParse(mapping.LidJid, out var lid):
                    addresses.Learn(phone, lid);
                    mappings.Add(new(phone, lid));
                    break;
            }

            if (names.Count == Limits.HistoryNames || mappings.Count == Limits.HistoryNames)
                await TellNamesAsync();
        }

        await TellNamesAsync();
        await publish(new HistoryPartEnded(part, chats, messages, IsWhole: true));

        async Task TellNamesAsync()
        {
            if (names.Count > 0)
                await publish(new HistoryNamesReceived(part, names.ToArray()));
            if (mappings.Count > 0)
                await publish(new HistoryAddressesReceived(part, mappings.ToArray()));
            names.Clear();
            mappings.Clear();
        }
    }

    private static HistoryPart Part(HistorySyncNotification notification) => new(
        notification.SyncType,
        (int)Math.Min(notification.ChunkOrder, int.MaxValue),
        notification.HasProgress ? (int)Math.Min(notification.Progress, 100) : null,
        notification.HasPeerDataRequestSessionId ? notification.PeerDataRequestSessionId : null);
}
