using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages that come: decrypted in one unit of work, which the store gets together with what it says; once that is stored it is told and
/// receipted, while the next ones are being decrypted. What can't be decrypted has changed nothing, and is asked for again.
/// </summary>
internal sealed class MessageReceiver(StanzaConnection connection, DeviceState state, RetryRequests retries, RandomNumberGenerator random, ILogger log)
{
    /// <summary>Handles a message.</summary>
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public async Task ReceiveAsync(Node stanza, CancellationToken token)
    {
        // Group messages and the like have no handler yet: they stay with the server.
        if (IncomingMessage.Read(stanza, state.Credentials) is not { } message)
            return;
        var encrypted = stanza.ChildrenOf("enc").FirstOrDefault(enc => enc["type"] is "pkmsg" or "msg");
        if (encrypted is null)
        {
            // Only a hint that there is something on the phone, or of a kind that came after this library.
            await AnswerAsync(Receipts.Ack(message), token);
            return;
        }

        try
        {
            await state.Units.BeginAsync(unit => TakeAsync(unit, message, encrypted, token), token);
        }
        catch (SignalException again) when (again.Reason is SignalError.DuplicateMessage)
        {
            await AnswerAsync(Receipts.Delivered(message), token);
        }
        catch (SignalException failed)
        {
            Log.MessageNotDecrypted(log, failed.Reason);
            retries.Add(message, failed.Reason);
        }
        catch (ProtocolException broken)
        {
            Log.StanzaRefused(log, broken, stanza);
            await AnswerAsync(Receipts.Ack(message, Receipts.InvalidProtobuf), token);
        }
    }

    // Not before everything so far is stored: the first copy of a message that has come twice may still be on its way there.
    private Task AnswerAsync(Node answer, CancellationToken token) => state.Units.BeginAsync(unit => unit.Then(() => connection.SendAsync(answer)), token);

    private async Task<bool> TakeAsync(DeviceUnit unit, IncomingMessage message, Node encrypted, CancellationToken token)
    {
        await unit.LearnAsync(message.From, message.Alternate, token);
        await unit.LearnAsync(message.Recipient, message.AlternateRecipient, token);
        var (plaintext, newIdentity) = await DecryptAsync(unit, message, encrypted, token);
        if (encrypted["v"] != "3")
            plaintext = Padding.Unpad(plaintext);
        var received = Describe(message, ProtoReader.Parse<Message>(plaintext.Span));
        if (newIdentity is { } changed)
            unit.Tell(new IdentityChanged(changed));
        unit.Tell(received);
        unit.Then(() => connection.SendAsync(Receipts.Delivered(message)));
        if (received is PeerMessageReceived { Content.ProtocolMessage.HistorySyncNotification: not null })
            unit.Then(() => connection.SendAsync(Receipts.HistoryTaken(message)));
        return true;
    }

    private async Task<(ReadOnlyMemory<byte> Plaintext, Jid? NewIdentity)> DecryptAsync(
        DeviceUnit unit, IncomingMessage message, Node encrypted, CancellationToken token)
    {
        var kind = encrypted["type"] == "pkmsg" ? MessageKind.PreKey : MessageKind.Message;
        var ciphertext = encrypted.Content.Bytes;
        var device = await unit.SessionOwnerAsync(message.From, state.Credentials, token);
        var address = device.ToAddress();
        var sessions = unit.Sessions(state.Credentials, random);
        try
        {
            return (await sessions.DecryptAsync(address, kind, ciphertext, token), null);
        }
        catch (SignalException changed) when (changed.Reason is SignalError.UntrustedIdentity)
        {
            // Somebody has installed WhatsApp anew, as a rule; as with all clients, the first key seen counts, and the change is told.
            await sessions.ForgetAsync(address, token);
            return (await sessions.DecryptAsync(address, kind, ciphertext, token), device);
        }
    }

    private static ClientEvent Describe(IncomingMessage message, Message content)
    {
        var stanza = message.Stanza;
        var time = stanza.GetTime("t") ?? throw new ProtocolException("A message lacks its time.");
        if (message.IsPeer)
            return new PeerMessageReceived(message.Id, time, content);
        var chat = message.From.WithoutDevice();
        var alternate = message.Alternate?.WithoutDevice();
        if (content.DeviceSentMessage is { } sent)
        {
            // Others could put words into the owner's mouth.
            if (!message.IsOwn || sent.Message is null)
                throw new ProtocolException("A copy of a sent message comes from somebody else, or is empty.");
            alternate = message.Recipient is null ? null : message.AlternateRecipient?.WithoutDevice();
            chat = (message.Recipient ?? (Jid.TryParse(sent.DestinationJid, out var destination) ? destination : chat)).WithoutDevice();
            content = sent.Message;
        }

        return new MessageReceived(message.Id, chat, message.From, message.IsOwn, time, content)
        {
            ChatAlternate = alternate,
            PushName = stanza["notify"],
            IsOffline = stanza["offline"] is not null,
        };
    }
}
