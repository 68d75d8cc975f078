using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Keeps what the phone has sent to this device alone, within the unit of work that decrypts it.</summary>
/// <returns>What is told of it.</returns>
internal delegate ValueTask<PeerMessageReceived> TakePeerMessage(DeviceUnit unit, PeerMessageReceived message, CancellationToken token);

/// <summary>
/// Messages that come: decrypted in one unit of work, which the store gets together with what it says; once that is stored it is told and
/// receipted, while the next ones are being decrypted. What can't be decrypted has changed nothing, and is asked for again.
/// </summary>
internal sealed class MessageReceiver(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, RetryRequests retries, MessageDecryption decryption, TakePeerMessage takePeer,
    TimeProvider clock, ILogger log)
{
    /// <summary>Handles a message.</summary>
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public async Task ReceiveAsync(Node stanza, CancellationToken token)
    {
        if (IncomingMessage.Read(stanza, state.Credentials) is not { } message)
        {
            // From a channel, or of a kind that came after this library.
            if (Stanzas.Ack(stanza) is { } ack)
                await AnswerAsync(ack, token);
            return;
        }

        if (!MessageDecryption.IsEncrypted(stanza))
        {
            // Only a hint that there is something on the phone.
            await AnswerAsync(Receipts.Ack(message), token);
            return;
        }

        using var activity = Telemetry.Receive();
        var came = clock.GetTimestamp();
        try
        {
            var (failure, _) = await state.Units.BeginAsync(unit => TakeAsync(unit, message, came, token), token);
            if (failure is { } reason)
            {
                Telemetry.NotDecrypted(reason);
                Log.MessageNotDecrypted(log, reason);
                memory.Recoveries.Expect(message.Name);
                retries.Add(message, reason);
            }
        }
        catch (ProtocolException broken)
        {
            Log.StanzaRefused(log, broken, stanza);
            await AnswerAsync(Receipts.Ack(message, Receipts.InvalidProtobuf), token);
        }
    }

    // Not before everything so far is stored: the first copy of a message that has come twice may still be on its way there.
    private Task AnswerAsync(Node answer, CancellationToken token) => state.Units.BeginAsync(unit => unit.Then(() => connection.SendAsync(answer)), token);

    private async Task<SignalError?> TakeAsync(DeviceUnit unit, IncomingMessage message, long came, CancellationToken token)
    {
        await unit.LearnAsync(message.From, message.Alternate, token);
        await unit.LearnAsync(message.Recipient, message.AlternateRecipient, token);
        var (content, failure) = await decryption.DecryptAsync(unit, message, token);
        if (failure is not null)
            return failure;
        var received = content is null ? null : Describe(message, content);
        if (memory.Recoveries.HasCome(message.Name))
            received = null;
        else if (received is not null)
            unit.Accepted += () => memory.Recoveries.Come(message.Name);
        if (received is MessageReceived chat)
        {
            received = chat with { Described = await Contents.DescribeAsync(unit, chat, state.Credentials, token) };
            await Contents.RememberAsync(unit, chat, state.Credentials, token);
            await PrivacyTokens.MeetAsync(unit, chat.Chat, state.Credentials, chat.Time, token);
        }
        else if (received is PeerMessageReceived peer)
            received = await takePeer(unit, peer, token);
        if (received is not null)
            unit.Tell(received);
        if (Telemetry.TimesStoring)
            TimeStoring(unit, came);
        unit.Then(() => connection.SendAsync(Receipts.Delivered(message, memory.IsAvailable)));
        if (received is PeerMessageReceived { Content.ProtocolMessage.HistorySyncNotification: not null })
            unit.Then(() => connection.SendAsync(Receipts.HistoryTaken(message)));
        return null;
    }

    private void TimeStoring(DeviceUnit unit, long came) => unit.Then(() =>
    {
        Telemetry.StoredAfter(clock.GetElapsedTime(came));
        return Task.CompletedTask;
    });

    private static ClientEvent Describe(IncomingMessage message, Message content)
    {
        var stanza = message.Stanza;
        var time = stanza.GetTime("t") ?? throw new ProtocolException("A message lacks its time.");
        if (message.IsPeer)
            return new PeerMessageReceived(message.Id, time, content);
        var chat = message.Group ?? message.From.WithoutDevice();
        var alternate = message.Group is null ? message.Alternate?.WithoutDevice() : null;
        if (content.DeviceSentMessage is { } sent)
        {
            // Others could put words into the owner's mouth.
            if (!message.IsOwn || sent.Message is null)
                throw new ProtocolException("A copy of a sent message comes from somebody else, or is empty.");
            if (message.Group is null)
            {
                alternate = message.Recipient is null ? null : message.AlternateRecipient?.WithoutDevice();
                chat = (message.Recipient ?? (Jid.TryParse(sent.DestinationJid, out var destination) ? destination : chat)).WithoutDevice();
            }

            content = sent.Message;
        }

        return new MessageReceived(message.Id, chat, message.From, message.IsOwn, time, content)
        {
            ChatAlternate = alternate,
            SenderAlternate = message.Alternate,
            PushName = stanza["notify"],
            IsOffline = stanza["offline"] is not null,
        };
    }
}
