using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Groups;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// What the server says to messages that were sent. With another <c>phash</c> than the message had, it knows of other devices in the group.
/// <code>
/// &lt;ack class="message" id from t error? phash?/&gt;
/// </code>
/// </summary>
internal sealed class MessageAcks(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, DeviceDirectory devices, GroupDirectory groups, GroupSender sender, TokenIssuer tokens,
    ILogger log)
{
    private readonly WorkQueue _again = new("Sending again", connection, log);

    /// <summary>Begins to send again, until it is told to end.</summary>
    public void Start(CancellationToken token) => _again.Start(token);

    public Task EndAsync() => _again.EndAsync();

    /// <summary>Takes an acknowledgement: the message need not leave again.</summary>
    public async Task TakeAsync(Node ack, CancellationToken token)
    {
        if (ack["class"] != "message" || ack["id"] is not { } id)
            return;
        await memory.Sent.PrepareAsync(state.Units, token);
        await state.Units.BeginAsync(unit => TakeAsync(unit, id, ack, token), token);
    }

    private async Task<bool> TakeAsync(DeviceUnit unit, string id, Node ack, CancellationToken token)
    {
        if (await unit.LoadAsync(RecordKind.Outgoing, id, token) is not { } outgoing)
        {
            // Not stored: one to the phone, whose acknowledgement somebody may wait for.
            memory.Acks.Complete(id, ack);
            return false;
        }

        var error = (int)Math.Clamp(ack.GetNumber("error") ?? 0, 0, 999);
        var sent = await memory.Sent.FindAsync(unit, id, token);
        if (sent is { Chat.Server: JidServer.Group } && Refusals.Of(error) is RefusalReason.AddressingOutdated && memory.Readdressed.Increment(id) == 1)
        {
            unit.Then(Doing(() => _again.Add(stop => SendAgainAsync(id, sent, ack, stop))));
            return true;
        }

        if (ack["phash"] is { } hash && hash != Stanza.Read(SentMessages.StanzaOf(outgoing).Span)["phash"])
            unit.Then(Doing(devices.Clear));
        if (sent is { Chat.Domain: not null } && Refusals.Of(error) is RefusalReason.ContactNotEstablished)
            unit.Then(Doing(() => tokens.Add(sent.Chat, anyway: true)));
        else if (sent is { Chat.Domain: not null, Message: var message } && error == 0 && MessageClass.Unwrap(message).ProtocolMessage is null)
            unit.Then(Doing(() => tokens.Add(sent.Chat)));
        Finish(unit, id, sent?.Chat ?? ack.RequireJid("from").WithoutDevice(), error, ack);
        return true;
    }

    private void Finish(DeviceUnit unit, string id, Jid chat, int error, Node ack)
    {
        // What was refused may be tried again.
        if (error == 0)
            memory.Sent.Acknowledge(unit, id);
        else
            memory.Sent.Forget(unit, id);
        unit.Tell(new MessageAcknowledged(id, chat, ack.GetTime("t"), error));
        unit.Then(Doing(() => memory.Acks.Complete(id, ack)));
    }

    // The group's members have other addresses by now.
    private async Task SendAgainAsync(string id, SentContent sent, Node ack, CancellationToken token)
    {
        groups.Forget(sent.Chat);
        try
        {
            await sender.SendAsync(id, sent.Chat, sent.Message, token);
        }
        catch (WhatsAppException failed) when (failed is RequestRefusedException or RequestTimeoutException or ProtocolException)
        {
            Log.NotSentAgain(log, failed);
            await state.Units.RunAsync(unit => Finish(unit, id, sent.Chat, (int)ack.RequireNumber("error"), ack), token);
        }
    }

    private static Func<Task> Doing(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };
}
