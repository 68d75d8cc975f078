using System.IO.Compression;
using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.Sandbox.Phones;

// What it tells a companion alone: keys and history when it is new, and what it asks for.
public sealed partial class VirtualPhone
{
    private const long FirstMilliseconds = 100_000_000_000;

    private async Task WelcomeAsync(Jid jid)
    {
        Device? companion;
        lock (_network.Gate) companion = _network.Accounts.FindDevice(jid);
        if (companion is null) return;
        await ShareStateKeysAsync(companion).ConfigureAwait(false);
        foreach (var part in History().Parts()) await SendHistoryAsync(companion, part, request: null).ConfigureAwait(false);
    }

    private async Task AnswerAsync(Device companion, string id, ProtocolMessage? asked)
    {
        if (asked?.AppStateSyncKeyRequest is not null)
        {
            await ShareStateKeysAsync(companion).ConfigureAwait(false);
        }
        else if (asked?.PeerDataOperationRequestMessage is { Type: PeerDataOperationRequestType.HistorySyncOnDemand, HistorySyncOnDemandRequest: { } wanted } && Jid.TryParse(wanted.ChatJid, out var chat))
        {
            await SendPeerAsync(companion, new ProtocolMessage
            {
                Type = ProtocolMessage.Types.Type.PeerDataOperationRequestResponseMessage,
                PeerDataOperationRequestResponseMessage = new PeerDataOperationRequestResponseMessage { Type = PeerDataOperationRequestType.HistorySyncOnDemand, StanzaId = id },
            }).ConfigureAwait(false);
            // In spite of the field's name clients put seconds in it.
            var time = wanted.OldestMsgTimestampMs < FirstMilliseconds ? DateTimeOffset.FromUnixTimeSeconds(wanted.OldestMsgTimestampMs) : DateTimeOffset.FromUnixTimeMilliseconds(wanted.OldestMsgTimestampMs);
            var part = History().Before(Find(chat)?.Pn ?? chat, wanted.OldestMsgId, time, wanted.OnDemandMsgCount);
            await SendHistoryAsync(companion, part, id).ConfigureAwait(false);
        }
        else if (asked?.PeerDataOperationRequestMessage is { Type: PeerDataOperationRequestType.PlaceholderMessageResend } unread)
        {
            var response = new PeerDataOperationRequestResponseMessage { Type = PeerDataOperationRequestType.PlaceholderMessageResend, StanzaId = id };
            foreach (var one in unread.PlaceholderMessageResendRequest)
            {
                var resent = new PeerDataOperationRequestResponseMessage.Types.PlaceholderMessageResendResponse();
                if (History().Message(one.MessageKey?.Id ?? "") is { } known) resent.WebMessageInfoBytes = known.ToByteString();
                response.Results.Add(new PeerDataOperationRequestResponseMessage.Types.Result { PlaceholderMessageResendResponse = resent });
            }

            await SendPeerAsync(companion, new ProtocolMessage { Type = ProtocolMessage.Types.Type.PeerDataOperationRequestResponseMessage, PeerDataOperationRequestResponseMessage = response }).ConfigureAwait(false);
        }
    }

    private PhoneHistory History() => new(Pn, Messages(), ByteString.CopyFrom(ChatTokenSalt.Span), Find);

    private Correspondent? Find(Jid user)
    {
        lock (_network.Gate)
        {
            return _network.Accounts.Find(user) is { } account
                ? new Correspondent(account.Pn, account.Lid, account.PushName, account.Tokens.GetValueOrDefault(_account), _account.Tokens.GetValueOrDefault(account))
                : null;
        }
    }

    private async Task SendHistoryAsync(Device companion, HistorySync part, string? request)
    {
        var deflated = Deflated(part);
        var notification = new HistorySyncNotification { SyncType = part.SyncType, ChunkOrder = part.ChunkOrder, Progress = part.Progress };
        if (request is not null) notification.PeerDataRequestSessionId = request;
        if (deflated.Length > ServerLimits.InlineHistory && _network.MediaBaseUrl is not null)
        {
            var file = _network.Media.Keep(MediaKind.History, deflated);
            notification.DirectPath = file.Path;
            notification.MediaKey = ByteString.CopyFrom(file.MediaKey.Span);
            notification.FileLength = (ulong)deflated.Length;
            notification.FileSha256 = ByteString.CopyFrom(file.File.FileSha256);
            notification.FileEncSha256 = ByteString.CopyFrom(file.File.FileEncSha256);
        }
        else
        {
            notification.InitialHistBootstrapInlinePayload = ByteString.CopyFrom(deflated);
        }

        await SendPeerAsync(companion, new ProtocolMessage { Type = ProtocolMessage.Types.Type.HistorySyncNotification, HistorySyncNotification = notification }).ConfigureAwait(false);
    }

    private static byte[] Deflated(HistorySync history)
    {
        var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(history.ToByteArray());
        return output.ToArray();
    }
}
