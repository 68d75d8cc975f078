using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.History;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp;

// What the phone sends to this device alone: history, keys, and answers to requests.
public sealed partial class WhatsAppClient
{
    private volatile PeerMessages? _peers;

    /// <summary>
    /// Asks the phone for what is older in a chat. It comes as <see cref="HistoryReceived"/> when the phone is there, maybe much later, maybe never.
    /// </summary>
    /// <param name="chat">The chat.</param>
    /// <param name="oldest">The oldest message that is known.</param>
    /// <param name="count">How many messages are wanted; 50 is usual.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>The request's id, which comes back as <see cref="HistoryPart.RequestId"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">So many are not to be had at once.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or it ended meanwhile.</exception>
    public async Task<string> RequestHistoryAsync(Jid chat, LastMessage oldest, int count = 50, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(oldest);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Limits.HistoryOnDemand);
        var connection = await OnlineAsync(token);
        var online = _peers ?? throw new ConnectionEndedException(await connection.Ended);
        return await online.SendAsync(
            new()
            {
                Type = ProtocolMessage.Types.Type.PeerDataOperationRequestMessage,
                PeerDataOperationRequestMessage = new()
                {
                    Type = PeerDataOperationRequestType.HistorySyncOnDemand,
                    HistorySyncOnDemandRequest = new()
                    {
                        ChatJid = Name(chat),
                        OldestMsgId = oldest.Id,
                        OldestMsgFromMe = oldest.FromMe,
                        OldestMsgTimestampMs = oldest.Time.ToUnixTimeSeconds(),
                        OnDemandMsgCount = count,
                    },
                },
            },
            token);
    }

    private async ValueTask<PeerMessageReceived> TakeAsync(
        DeviceUnit unit, PeerMessageReceived peer, AppStateConnection appState, HistoryReceiver history, CancellationToken token)
    {
        if (peer.Content.ProtocolMessage is not { } content)
            return peer;
        if (content.AppStateSyncKeyShare is { } share)
            await appState.AddKeysAsync(unit, share, token);
        if (content.HistorySyncNotification is { } notification)
            history.Take(unit, peer.Time, notification);
        if (content.PeerDataOperationRequestResponseMessage is { } response)
            TakeAnswer(unit, response);
        return peer with { Content = WithoutPayload(peer.Content) };
    }

    private static Message WithoutPayload(Message message)
    {
        var told = message.Clone();
        told.ProtocolMessage.AppStateSyncKeyShare = null;
        told.ProtocolMessage.HistorySyncNotification?.ClearInitialHistBootstrapInlinePayload();
        return told;
    }
}
