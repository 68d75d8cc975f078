using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages that come: decrypted and stored in one unit of work; then told; then receipted. What can't be decrypted has changed nothing,
/// and is asked for again.
/// </summary>
internal sealed class MessageReceiver(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, RetryRequests retries, WhatsAppClientOptions options, Func<ClientEvent, ValueTask> publish)
{
    /// <summary>Handles a message.</summary>
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public async Task ReceiveAsync(Node stanza, CancellationToken token)
    {
        // Group messages and the like have no handler yet: they stay with the server.
        if (IncomingMessage.Read(stanza, state.Credentials) is not { } message)
            return;
        memory.Addresses.Learn(message.From, message.Alternate);
        memory.Addresses.Learn(message.Recipient, message.AlternateRecipient);
        var encrypted = stanza.ChildrenOf("enc").FirstOrDefault(enc => enc["type"] is "pkmsg" or "msg");
        if (encrypted is null)
        {
            // Only a hint that there is something on the phone, or of a kind that came after this library.
            await connection.SendAsync(Receipts.Ack(message), token);
            return;
        }

        try
        {
            await TakeAsync(message, encrypted, token);
        }
        catch (SignalException again) when (again.Reason is SignalError.DuplicateMessage)
        {
            await connection.SendAsync(Receipts.Delivered(message, memory.IsAvailable), token);
        }
        catch (SignalException failed)
        {
            Log.MessageNotDecrypted(options.Logger, failed.Reason);
            retries.Add(message, failed.Reason);
        }
        catch (ProtocolException broken)
        {
            Log.StanzaRefused(options.Logger, broken, stanza);
            await connection.SendAsync(Receipts.Ack(message, Receipts.InvalidProtobuf), token);
        }
    }

    private async Task TakeAsync(IncomingMessage message, Node encrypted, CancellationToken token)
    {
        var (received, newIdentity) = await memory.Units.RunAsync(
            state.Credentials,
            async unit =>
            {
                var (plaintext, newIdentity) = await DecryptAsync(unit, message, encrypted, token);
                if (encrypted["v"] != "3")
                    plaintext = Padding.Unpad(plaintext);
                var received = Describe(message, ProtoReader.Parse<Message>(plaintext.Span));
                if (options.KeepMessage is { } keep && received is MessageReceived chat)
                    await keep(chat, unit.Store, token);
                return (received, newIdentity);
            },
            token);

        // From here on the message can't be decrypted a second time: whatever becomes of the connection, it has to be told.
        if (newIdentity is { } changed)
            await publish(new IdentityChanged(changed));
        await publish(received);
        await connection.SendAsync(Receipts.Delivered(message, memory.IsAvailable), token);
        if (received is PeerMessageReceived { Content.ProtocolMessage.HistorySyncNotification: not null })
            await connection.SendAsync(Receipts.HistoryTaken(message), token);
    }

    private async Task<(ReadOnlyMemory<byte> Plaintext, Jid? NewIdentity)> DecryptAsync(
        SignalUnit unit, IncomingMessage message, Node encrypted, CancellationToken token)
    {
        var kind = encrypted["type"] == "pkmsg" ? MessageKind.PreKey : MessageKind.Message;
        var ciphertext = encrypted.Content.Bytes;
        var device = memory.Addresses.Resolve(message.From, state.Credentials);
        if (memory.Addresses.PhoneOf(device, state.Credentials) is { } phone)
            await unit.MigrateAsync(phone, device, token);
        var address = device.ToAddress();
        try
        {
            return (await unit.Sessions.DecryptAsync(address, kind, ciphertext, token), null);
        }
        catch (SignalException changed) when (changed.Reason is SignalError.UntrustedIdentity)
        {
            // Somebody has installed WhatsApp anew, as a rule; as with all clients, the first key seen counts, and the change is told.
            await unit.Sessions.ForgetAsync(address, token);
            return (await unit.Sessions.DecryptAsync(address, kind, ciphertext, token), device);
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
