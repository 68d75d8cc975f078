using System.IO.Pipelines;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.History;

/// <summary>
/// History that the phone hands over. What its message says is stored with that, before it is receipted; beside the stanzas that come it is
/// fetched, read and told, and with the last event it goes from the store. What was not told to its end is told again from its beginning on
/// the next connection.
/// <code>record = HistorySyncNotification, name = unix seconds (12 digits) "/" chunk order (10 digits) "/" hex(SHA-256(record)[0:16])</code>
/// </summary>
internal sealed class HistoryReceiver(
    StanzaConnection connection, DeviceState state, MediaTransfer media, WhatsAppClientOptions options, Func<bool> isReaderBehind)
{
    private readonly WorkQueue _queue = new("History", connection, options.Logger);

    /// <summary>Takes a part of the history, within a unit of work.</summary>
    public void Take(DeviceUnit unit, DateTimeOffset time, HistorySyncNotification notification)
    {
        if (!notification.HasInitialHistBootstrapInlinePayload && !notification.HasDirectPath)
            return;
        var record = notification.ToByteArray();
        var name = $"{time.ToUnixTimeSeconds():D12}/{notification.ChunkOrder:D10}/{Convert.ToHexString(SHA256.HashData(record).AsSpan(0, 16))}";
        unit.Store(RecordKind.History, name, record);
        unit.Then(() =>
        {
            _queue.Add(token => ReadAsync(name, token));
            return Task.CompletedTask;
        });
    }

    /// <summary>Begins to read what is left from before and what comes, one after the other, until it is told to end.</summary>
    public void Start(CancellationToken token)
    {
        _queue.Add(ResumeAsync);
        _queue.Start(token);
    }

    public Task EndAsync() => _queue.EndAsync();

    private async Task ResumeAsync(CancellationToken token)
    {
        foreach (var record in (await state.Units.ListAsync(RecordKind.History, token)).OrderBy(record => record.Name, StringComparer.Ordinal))
            await ReadAsync(record.Name, token);
    }

    private async Task ReadAsync(string name, CancellationToken token)
    {
        var (record, _) = await state.Units.BeginAsync(unit => unit.LoadAsync(RecordKind.History, name, token).AsTask(), token);
        if (record is null)
            return;
        var notification = ProtoReader.Parse<HistorySyncNotification>(record);
        var part = Part(notification);
        var telling = new HistoryTelling(state, part, options.Clock, isReaderBehind);
        var isWhole = true;
        try
        {
            if (notification.HasInitialHistBootstrapInlinePayload)
                await telling.ReadAsync(new MemoryStream(notification.InitialHistBootstrapInlinePayload.ToByteArray(), writable: false), token);
            else
                await FetchAsync(notification, telling, token);
        }
        catch (Exception failed) when (failed is ProtocolException or MediaUnavailableException { IsGone: true })
        {
            Log.HistoryRefused(options.Logger, failed);
            isWhole = false;
        }
        catch (Exception failed) when (failed is MediaUnavailableException or RequestRefusedException or RequestTimeoutException or IOException)
        {
            // It may be there next time.
            Log.HistoryRefused(options.Logger, failed);
            return;
        }

        await state.Units.RunAsync(
            unit =>
            {
                unit.Store(RecordKind.History, name, null);
                unit.Tell(new HistoryPartEnded(part, telling.Chats, telling.Messages, isWhole));
            },
            token);
    }

    // It is read while it is decrypted: neither memory nor disk has all of it in plain.
    private async Task FetchAsync(HistorySyncNotification notification, HistoryTelling telling, CancellationToken token)
    {
        var file = MediaReference.Create(
            MediaKind.History, notification.MediaKey, notification.FileSha256, notification.FileEncSha256, notification.FileLength, notification.DirectPath);
        var pipe = new Pipe();
        // When both fail, it is for the reason of the first.
        await Task.WhenAll(WriteAsync(), ReadAsync());

        async Task WriteAsync()
        {
            try
            {
                await media.DownloadAsync(file, pipe.Writer.AsStream(leaveOpen: true), token);
                await pipe.Writer.CompleteAsync();
            }
            catch (Exception failed)
            {
                await pipe.Writer.CompleteAsync(failed);
                throw;
            }
        }

        async Task ReadAsync()
        {
            try
            {
                await telling.ReadAsync(pipe.Reader.AsStream(leaveOpen: true), token);
            }
            finally
            {
                // The rest is decrypted for nobody, so that it is proven.
                await pipe.Reader.CompleteAsync();
            }
        }
    }

    private static HistoryPart Part(HistorySyncNotification notification) => new(
        notification.SyncType,
        (int)Math.Min(notification.ChunkOrder, int.MaxValue),
        notification.HasProgress ? (int)Math.Min(notification.Progress, 100) : null,
        notification.HasPeerDataRequestSessionId ? notification.PeerDataRequestSessionId : null);
}
