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
        StanzaConnection connection, DeviceState state, MessagingMemory memory, WhatsAppClientOptions options)
    {
        this.options = options;
        this.state = state;
        directory = new(connection, options.Clock);
        requests = new(connection, state, memory, options.Random, options.Clock, options.Logger);
        receiver = new(connection, state, requests, options.Random, options.Logger);
        var cipher = new MessageCipher(state, options.Random);
        sender = new(connection, state, memory, directory, cipher, options.Logger);
        answers = new(connection, state, memory, cipher, options.Logger);
    }

    /// <summary>Does what goes on beside the stanzas.</summary>
    public Task RunAsync(CancellationToken token) => Task.WhenAll(requests.RunAsync(token), answers.RunAsync(token));

    public Task ReceiveAsync(Node message, CancellationToken token) => receiver.ReceiveAsync(message, token);

    /// <summary>Sends again what the server has not acknowledged.</summary>
    public Task ResumeAsync(CancellationToken token) => sender.ResumeAsync(token);

    public Task AcknowledgeAsync(Node ack, CancellationToken token) => sender.AcknowledgeAsync(ack, token);

    /// <summary>Takes a receipt.</summary>
    /// <returns>Whether it will be acknowledged later on.</returns>
    public bool HandleReceipt(Node receipt)
    {
        if (receipt["type"] != "retry")
            return false;
        answers.Add(receipt);
        return true;
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
}
