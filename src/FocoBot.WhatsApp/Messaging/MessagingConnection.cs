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
    private readonly WhatsAppClientOptions options;
    private readonly DeviceState state;
    private readonly MessagingMemory memory;
    private readonly DeviceDirectory directory;
    private readonly GroupDirectory groups;
    private readonly MessageReceiver receiver;
    private readonly MessageSender sender;
    private readonly RetryRequests requests;
    private readonly RetryAnswers answers;
    private readonly MessageAcks acks;
    private readonly TokenIssuer tokens;

    public MessagingConnection(
        StanzaConnection connection, DeviceState state, MessagingMemory memory, TakePeerMessage takePeer, WhatsAppClientOptions options)
    {
        this.options = options;
        this.state = state;
        this.memory = memory;
        directory = new(connection, options.Clock);
        requests = new(connection, state, memory, options.Random, options.Clock, options.Logger);
        receiver = new(connection, state, memory, requests, new(state, options.Random), takePeer, options.Clock, options.Logger);
        var cipher = new MessageCipher(state, options.Random);
        var outgoing = new Outgoing(connection, state, memory, cipher, options.Logger);
        groups = new(new(_ => Task.FromResult(connection)));
        var groupSender = new GroupSender(state, directory, groups, cipher, outgoing, options.Random);
        sender = new(connection, state, memory, new(state, directory, cipher, outgoing, options.Clock), groupSender, options.Logger);
        answers = new(connection, state, memory, cipher, groups, groupSender, options.Logger);
        tokens = new(connection, state, options.Clock, options.Logger);
        acks = new(connection, state, memory, directory, groups, groupSender, tokens, options.Logger);
    }

    /// <summary>Begins what goes on beside the stanzas, until it is told to end.</summary>
    public void Start(CancellationToken token)
    {
        requests.Start(token);
        answers.Start(token);
        acks.Start(token);
        tokens.Start(token);
    }

    public Task EndAsync() => Task.WhenAll(requests.EndAsync(), answers.EndAsync(), acks.EndAsync(), tokens.EndAsync());

    public Task ReceiveAsync(Node message, CancellationToken token) => receiver.ReceiveAsync(message, token);

    /// <summary>Sends again what the server has not acknowledged.</summary>
    public Task ResumeAsync(CancellationToken token) => sender.ResumeAsync(token);

    /// <summary>To be called when the server has ended the connection by an error.</summary>
    public Task BlameAsync(CancellationToken token) => sender.BlameAsync(token);

    public Task AcknowledgeAsync(Node ack, CancellationToken token) => acks.TakeAsync(ack, token);

    /// <summary>Takes a receipt.</summary>
    /// <returns>Whether it will be acknowledged later on.</returns>
    public bool HandleReceipt(Node receipt)
    {
        if (receipt["type"] != "retry")
            return false;
        answers.Add(receipt);
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
                directory.Forget(from.WithoutDevice());
                break;
            case "privacy_token" when notification.Child("tokens") is { } given:
                await unit.LearnAsync(from, notification.GetJid("sender_lid"), token);
                await PrivacyTokens.TakeAsync(unit, notification.GetJid("sender_lid") ?? from, given, state.Credentials, token);
                break;
            case "w:gp2":
                groups.Forget(from);
                foreach (var change in GroupStanzas.Changes(notification))
                    unit.Tell(change);
                break;
        }
    }

    /// <summary>Sends a message with what the options ask for.</summary>
    public async Task<SentMessage> SendAsync(Jid to, Message content, SendOptions with, CancellationToken token)
    {
        var id = with.Id ?? MessageId.Create(options.Clock.GetUtcNow().ToUnixTimeSeconds(), state.Credentials.PhoneJid!.Value.User, options.Random.Take(16));
        var groupTimer = to.Server == JidServer.Group ? (await groups.GetAsync(to, token)).Disappearing : null;
        var prepared = await state.Units.ReadAsync(
            unit => memory.Contents.PrepareAsync(unit, to, content, with, groupTimer, state.Credentials, token).AsTask(), token);
        return await sender.SendAsync(id, to, prepared, options.Clock, token);
    }
}
