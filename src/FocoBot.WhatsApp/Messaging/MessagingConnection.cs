using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>All of messaging on one connection: which stanza is for which part.</summary>
internal sealed class MessagingConnection
{
    private readonly WhatsAppClientOptions options;
    private readonly DeviceState state;
    private readonly DeviceDirectory directory;
    private readonly MessageReceiver receiver;
    private readonly MessageSender sender;
    private readonly RetryRequests requests;
    private readonly RetryAnswers answers;

    public MessagingConnection(
        StanzaConnection connection, DeviceState state, MessagingMemory memory, WhatsAppClientOptions options, Func<ClientEvent, ValueTask> publish)
    {
        this.options = options;
        this.state = state;
        directory = new(connection, memory.Addresses, options.Clock);
        requests = new(connection, state, memory, options.Random, options.Clock, options.Logger);
        receiver = new(connection, state, memory, requests, options, publish);
        var cipher = new MessageCipher(connection, state, memory, options.Random, options.Logger);
        sender = new(connection, state, memory, directory, cipher);
        answers = new(connection, state, memory, cipher, options.Logger);
    }

    /// <summary>Does what goes on beside the stanzas.</summary>
    public Task RunAsync(CancellationToken token) => Task.WhenAll(requests.RunAsync(token), answers.RunAsync(token));

    public Task ReceiveAsync(Node message, CancellationToken token) => receiver.ReceiveAsync(message, token);

    public void Acknowledged(Node ack) => sender.Acknowledged(ack);

    public void HandleReceipt(Node receipt)
    {
        if (receipt["type"] == "retry")
            answers.Add(receipt);
    }

    public void HandleNotification(Node notification)
    {
        if (notification["type"] is "devices" or "account_sync" && notification.GetJid("from") is { } user)
            directory.Forget(user.WithoutDevice());
    }

    public Task<SentMessage> SendAsync(Jid to, Message content, string? id, CancellationToken token)
    {
        id ??= MessageId.Create(options.Clock.GetUtcNow().ToUnixTimeSeconds(), state.Credentials.PhoneJid!.Value.User, options.Random.Take(16));
        return sender.SendAsync(id, to, content, options.Clock, token);
    }

    /// <summary>Lets all who wait know that there is no connection any more.</summary>
    public void End(ConnectionEnd end) => sender.End(end);
}
