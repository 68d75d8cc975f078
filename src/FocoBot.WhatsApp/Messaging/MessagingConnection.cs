using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Groups;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>All of messaging on one connection: which stanza is for which part.</summary>
internal sealed class MessagingConnection
{
    private readonly WhatsAppClientOptions _options;
    private readonly DeviceState _state;
    private readonly MessagingMemory _memory;
    private readonly DeviceDirectory _directory;
    private readonly GroupDirectory _groups;
    private readonly MessageReceiver _receiver;
    private readonly MessageSender _sender;
    private readonly RetryRequests _requests;
    private readonly RetryAnswers _answers;
    private readonly MessageAcks _acks;
    private readonly TokenIssuer _tokens;

    public MessagingConnection(
        StanzaConnection connection, DeviceState state, MessagingMemory memory, TakePeerMessage takePeer, WhatsAppClientOptions options)
    {
        _options = options;
        _state = state;
        _memory = memory;
        _directory = new(connection, options.Clock);
        _requests = new(connection, state, memory, options.Random, options.Clock, options.Logger);
        _receiver = new(connection, state, memory, _requests, new(state, options.Random), takePeer, options.Clock, options.Logger);
        var cipher = new MessageCipher(state, options.Random);
        var outgoing = new Outgoing(connection, state, memory, cipher, options.Logger);
        _groups = new(new(_ => Task.FromResult(connection)));
        var groupSender = new GroupSender(state, _directory, _groups, cipher, outgoing, options.Random);
        _sender = new(connection, state, memory, new(state, _directory, cipher, outgoing, options.Clock), groupSender, options.Logger);
        _answers = new(connection, state, memory, cipher, _groups, groupSender, options.Logger);
        _tokens = new(connection, state, options.Clock, options.Logger);
        _acks = new(connection, state, memory, _directory, _groups, groupSender, _tokens, options.Logger);
    }

    /// <summary>Begins what goes on beside the stanzas, until it is told to end.</summary>
    public void Start(CancellationToken token)
    {
        _requests.Start(token);
        _answers.Start(token);
        _acks.Start(token);
        _tokens.Start(token);
    }

    public Task EndAsync() => Task.WhenAll(_requests.EndAsync(), _answers.EndAsync(), _acks.EndAsync(), _tokens.EndAsync());

    public Task ReceiveAsync(Node message, CancellationToken token) => _receiver.ReceiveAsync(message, token);

    /// <summary>Sends again what the server has not acknowledged.</summary>
    public Task ResumeAsync(CancellationToken token) => _sender.ResumeAsync(token);

    /// <summary>To be called when the server has ended the connection by an error.</summary>
    public Task BlameAsync(CancellationToken token) => _sender.BlameAsync(token);

    public Task AcknowledgeAsync(Node ack, CancellationToken token) => _acks.TakeAsync(ack, token);

    /// <summary>Takes a receipt.</summary>
    /// <returns>Whether it will be acknowledged later on.</returns>
    public bool HandleReceipt(Node receipt)
    {
        if (receipt["type"] != "retry")
            return false;
        _answers.Add(receipt);
        return true;
    }

    /// <summary>Takes note of what a notification says, and tells it.</summary>
    public async Task HandleNotificationAsync(DeviceUnit unit, Node notification, CancellationToken token)
    {
        if (notification.GetJid("from") is not { } from)
            return;
        switch (notification["type"])
        {
            case "devices" or "account_sync":
                _directory.Forget(from.WithoutDevice());
                break;
            case "privacy_token" when notification.Child("tokens") is { } given:
                await unit.LearnAsync(from, notification.GetJid("sender_lid"), token);
                await PrivacyTokens.TakeAsync(unit, notification.GetJid("sender_lid") ?? from, given, _state.Credentials, token);
                break;
            case "mex" when ReachoutNotice.Read(notification) is { } restricted:
                unit.Tell(restricted);
                break;
            case "w:gp2":
                _groups.Forget(from);
                foreach (var change in GroupStanzas.Changes(notification))
                    unit.Tell(change);
                break;
        }
    }

    /// <summary>Sends a message with what the options ask for.</summary>
    public async Task<SentMessage> SendAsync(Jid to, Message content, SendOptions with, CancellationToken token)
    {
        var id = with.Id ?? MessageId.Create(_options.Clock.GetUtcNow().ToUnixTimeSeconds(), _state.Credentials.PhoneJid!.Value.User, _options.Random.Take(16));
        var groupTimer = to.Server == JidServer.Group ? (await _groups.GetAsync(to, token)).Disappearing : null;
        var prepared = await _state.Units.ReadAsync(
            unit => _memory.Contents.PrepareAsync(unit, to, content, with, groupTimer, _state.Credentials, token).AsTask(), token);
        return await _sender.SendAsync(id, to, prepared, _options.Clock, token);
    }
}
