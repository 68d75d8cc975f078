using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using Google.Protobuf;

namespace FocoBot.Sandbox.Phones;

// End-to-end encrypted messages: to people, to the own companions, and from both.
public sealed partial class VirtualPhone
{
    private readonly Dictionary<string, (Jid Chat, Message Message)> _sent = [];
    private int _undecryptable;

    /// <summary>How many messages it could not decrypt.</summary>
    public int Undecryptable => _undecryptable;

    /// <summary>Writes a text to somebody; all devices of both, or of all members, get it.</summary>
    /// <param name="to">A person on the network, or a group.</param>
    /// <param name="text">What to say.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="SandboxException">There is no such person.</exception>
    public Task<string> SendTextAsync(Jid to, string text) => SendMessageAsync(to, new Message { Conversation = text });

    private async Task<string> SendToPersonAsync(Jid to, Message message, SendOptions options)
    {
        List<Device> devices;
        Account peer;
        lock (_network.Gate)
        {
            peer = _network.Accounts.Find(to) ?? throw new SandboxException("NOT_FOUND", "Nobody has this number.");
            devices = [.. peer.Devices.Values, .. _account.Devices.Values.Where(device => device != _device && peer != _account)];
        }

        var id = NewMessageId();
        await _memory.LearnAsync(peer.Pn, peer.Lid, _end.Token).ConfigureAwait(false);
        message = await Contents.PrepareAsync(_memory, peer.Lid, message, options, null, Self, _end.Token).ConfigureAwait(false);
        var own = new Message { DeviceSentMessage = new DeviceSentMessage { DestinationJid = peer.Lid.ToString(), Message = message } };
        var targets = new List<Node>();
        foreach (var device in devices.Where(device => device != _device))
        {
            var enc = await EncryptAsync(device, device.Account == _account ? own : message).ConfigureAwait(false);
            targets.Add(new Node("to", [("jid", device.Lid)], enc));
        }

        await RememberAsync(id, peer.Lid, message).ConfigureAwait(false);
        var kind = MessageClass.Of(message);
        Node[] content = [new("participants", targets.ToArray()), .. ReportOn(id, peer.Lid, message)];
        Post(new Node("message", [("id", id), ("to", peer.Lid), ("type", kind.Type), ("edit", kind.Edit)], content));
        return id;
    }

    private async Task SendPeerAsync(Device companion, ProtocolMessage content)
    {
        var enc = await EncryptAsync(companion, new Message { ProtocolMessage = content }).ConfigureAwait(false);
        Post(new Node("message", [("id", NewMessageId()), ("to", companion.Pn), ("type", "text"), ("category", "peer")], enc));
    }

    private async Task<Node> EncryptAsync(Device device, Message message)
    {
        var address = AddressOf(device);
        if (!await _keys.Sessions.HasSessionAsync(address, _end.Token).ConfigureAwait(false))
        {
            PreKeyBundle bundle;
            lock (_network.Gate) bundle = device.Keys.Take();
            await _keys.Sessions.StartAsync(address, bundle, _end.Token).ConfigureAwait(false);
        }

        var padded = Padding.Pad(message.ToByteArray(), _keys.RandomBytes(1)[0]);
        var (kind, bytes) = await _keys.Sessions.EncryptAsync(address, padded, _end.Token).ConfigureAwait(false);
        return new Node("enc", [("v", "2"), ("type", kind == MessageKind.PreKey ? "pkmsg" : "msg")], bytes);
    }

    private async Task ReceiveAsync(Node stanza)
    {
        var from = stanza.RequireJid("from");
        var inGroup = from.Server == JidServer.Group;
        var author = inGroup ? stanza.RequireJid("participant") : from;
        Device? device;
        lock (_network.Gate) device = _network.Accounts.FindDevice(author);
        if (device is null) return;
        var failed = false;
        foreach (var enc in stanza.ChildrenOf("enc"))
        {
            try
            {
                var plaintext = await DecryptAsync(from, device, enc).ConfigureAwait(false);
                var unpadded = Padding.Unpad(plaintext);
                var message = ProtoReader.Parse<Message>(unpadded.Span);
                if (message.SenderKeyDistributionMessage is { } key)
                    await _keys.Sessions.ProcessDistributionAsync(from.ToString(), AddressOf(device), key.AxolotlSenderKeyDistributionMessage.Memory, _end.Token).ConfigureAwait(false);
                if (stanza["category"] == "peer" && device.Account == _account) await AnswerAsync(device, stanza.Require("id"), Request(message)).ConfigureAwait(false);
                else await TakeAsync(stanza, device, message, IsReportRight(stanza, device.Account, message, unpadded.Span)).ConfigureAwait(false);
            }
            catch (SignalException e) when (e.Reason == SignalError.DuplicateMessage)
            {
                // Seen before: a receipt says so.
            }
            catch (WhatsAppException)
            {
                failed = true;
            }
        }

        if (failed) AskAgain(stanza, from, inGroup ? author : null);
        else Post(new Node("receipt", [("to", from), ("participant", inGroup ? author : null), ("id", stanza["id"]), ("type", device.Account == _account ? "sender" : null)]));
    }

    private Task<byte[]> DecryptAsync(Jid chat, Device author, Node enc) => enc["type"] == "skmsg"
        ? _keys.Sessions.DecryptFromGroupAsync(chat.ToString(), AddressOf(author), enc.Content.Bytes, _end.Token)
        : _keys.Sessions.DecryptAsync(AddressOf(author), enc["type"] == "pkmsg" ? MessageKind.PreKey : MessageKind.Message, enc.Content.Bytes, _end.Token);

    private async Task TakeAsync(Node stanza, Device from, Message message, bool? isReportRight)
    {
        var chat = stanza.RequireJid("from") is { Server: JidServer.Group } group ? group : from.Account.Lid;
        if (message.DeviceSentMessage is { } sent)
        {
            if (Jid.TryParse(sent.DestinationJid, out var to)) chat = _network.Accounts.Find(to)?.Lid ?? to;
            message = sent.Message;
        }

        var id = stanza.Require("id");
        var at = stanza.GetTime("t") ?? _network.Clock.GetUtcNow();
        var content = await TakeContentAsync(id, chat, from.Account, at, message).ConfigureAwait(false);
        // A sender key alone is nothing to show.
        if (content is not ProtocolContent { Protocol: null }) await ShowAsync(id, from.Account, chat, message, content, at, isReportRight).ConfigureAwait(false);
    }

    private async Task RememberAsync(string id, Jid chat, Message message)
    {
        _sent[id] = (chat, message);
        var at = _network.Clock.GetUtcNow();
        var content = await TakeContentAsync(id, chat, _account, at, message).ConfigureAwait(false);
        await ShowAsync(id, _account, chat, message, content, at).ConfigureAwait(false);
    }

    private async Task ShowAsync(string id, Account from, Jid chat, Message message, MessageContent content, DateTimeOffset at, bool? isReportRight = null)
    {
        var text = (content as TextContent)?.Text;
        var shown = chat.Server == JidServer.Group ? chat : _network.Accounts.Find(chat)?.Pn ?? chat;
        var media = await LookAtAsync(id, message).ConfigureAwait(false);
        Show(new PhoneMessage(id, from.Pn, shown, text, MessageClass.Of(message).Type, at, media)
        {
            Content = content, Message = message, Reference = new(chat, id, from.Lid, from == _account), IsReportingTokenRight = isReportRight,
        });
    }

    private IEnumerable<Node> ReportOn(string id, Jid chat, Message message) => ReportingToken.For(id, _account.Lid, chat, message) is { } report ? [report] : [];

    // Null without one; also for the copies of what the own devices write, which are wrapped once more.
    private bool? IsReportRight(Node stanza, Account from, Message message, ReadOnlySpan<byte> plaintext)
    {
        if (stanza.Child("reporting")?.Child("reporting_token") is not { } given || message.MessageContextInfo is not { HasMessageSecret: true } info || from == _account)
            return null;
        var chat = stanza.RequireJid("from") is { Server: JidServer.Group } group ? group : _account.Lid;
        var addOn = new MessageAddOn(stanza.Require("id"), from.Lid.ToString(), chat.ToString());
        return given["v"] == "2" && given.Content.Bytes.Span.SequenceEqual(ReportingToken.Compute(addOn, info.MessageSecret.Span, plaintext));
    }

    private void Show(PhoneMessage message)
    {
        lock (_messages) _messages.Add(message);
    }

    private void Post(Node stanza)
    {
        lock (_network.Gate) _network.Relay.Take(_device, stanza);
    }

    // Baileys wraps what it asks its phone as it does the copies of what it writes to others.
    private static ProtocolMessage? Request(Message message) => (message.DeviceSentMessage?.Message ?? message).ProtocolMessage;

    private string NewMessageId() => MessageId.Create(_network.Clock.GetUtcNow().ToUnixTimeSeconds(), Number, _keys.RandomBytes(16));

    private static SignalAddress AddressOf(Device device) => SignalAddress.Of(device.Lid.User, SignalDomain.HiddenIdentity, device.Id);
}
