using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages to one person: encrypted for each device of both sides, and stored with the sessions before anything leaves. Until the server
/// acknowledges them they leave again, unchanged, on each new connection.
/// <code>
/// &lt;message id to type edit? peer_recipient_pn?&gt;
///   &lt;participants&gt;&lt;to jid&gt;&lt;enc v="2" type="pkmsg|msg" mediatype? decrypt-fail?&gt;…&lt;/enc&gt;&lt;/to&gt;…&lt;/participants&gt;
///   &lt;device-identity/&gt;?  with any pkmsg     &lt;meta/&gt;?
/// &lt;/message&gt;
/// &lt;ack class="message" id from t error?/&gt;
/// </code>
/// </summary>
internal sealed class MessageSender(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, DeviceDirectory directory, MessageCipher cipher, ILogger log)
{
    /// <summary>Sends again what the server has not acknowledged.</summary>
    public async Task ResumeAsync(CancellationToken token)
    {
        foreach (var (_, stanza) in await memory.Sent.LoadAsync(state.Units, token))
            await connection.SendAsync(stanza, token);
    }

    /// <summary>Sends a message and waits until the server has it, over several connections if need be.</summary>
    public async Task<SentMessage> SendAsync(string id, Jid to, Message content, TimeProvider clock, CancellationToken token)
    {
        var acknowledged = memory.Acks.Add(id);
        try
        {
            if (!await IsUnderWayAsync(id, token))
                await BeginAsync(id, to, content, token);
            var ack = await acknowledged.WaitAsync(StanzaConnection.RequestTimeout, clock, token);
            if (ack.GetNumber("error") is { } error and not 0)
                throw new RequestRefusedException((int)Math.Clamp(error, 0, 999), reason: null);
            return new(id, ack.GetJid("from")?.WithoutDevice() ?? to, ack.GetTime("t") ?? clock.GetUtcNow());
        }
        catch (TimeoutException)
        {
            throw new RequestTimeoutException();
        }
        finally
        {
            memory.Acks.Remove(id);
        }
    }

    /// <summary>Takes the server's acknowledgement: the message need not leave again.</summary>
    public Task AcknowledgeAsync(Node ack, CancellationToken token)
    {
        if (ack["class"] != "message" || ack["id"] is not { } id)
            return Task.CompletedTask;
        return state.Units.BeginAsync(
            async unit =>
            {
                if (await unit.LoadAsync(RecordKind.Outgoing, id, token) is null)
                    return false;
                unit.Store(RecordKind.Outgoing, id, null);
                var chat = (await SentMessages.FindAsync(unit, id, token))?.Chat ?? ack.RequireJid("from").WithoutDevice();
                unit.Tell(new MessageAcknowledged(id, chat, ack.GetTime("t"), (int)Math.Clamp(ack.GetNumber("error") ?? 0, 0, 999)));
                unit.Then(() =>
                {
                    memory.Acks.Complete(id, ack);
                    return Task.CompletedTask;
                });
                return true;
            },
            token);
    }

    // Somebody who tries again with the same id waits for what is on its way.
    private async Task<bool> IsUnderWayAsync(string id, CancellationToken token) =>
        (await state.Units.BeginAsync(async unit => await unit.LoadAsync(RecordKind.Outgoing, id, token) is not null, token)).Result;

    private async Task BeginAsync(string id, Jid to, Message content, CancellationToken token)
    {
        await memory.Sent.PrepareAsync(state.Units, token);
        var users = await directory.OfAsync([to, state.Credentials.PhoneJid!.Value.WithoutDevice()], token);
        if (users[0].Devices.Length == 0)
            throw new RequestRefusedException(404, "item-not-found");
        var message = new OutgoingMessage(id, users, new(users[0].Address, content), MessageClass.Of(content));

        // As a rule all sessions are there, and one unit of work does it all.
        var missing = await EncryptAsync(message, bundles: null, token);
        if (missing.Count > 0)
            await EncryptAsync(message, await KeyBundles.FetchAsync(connection, missing, log, token), token);
    }

    // Without bundles: nothing is done while a session is missing. Returns with whom.
    private async Task<List<Jid>> EncryptAsync(OutgoingMessage message, Dictionary<Jid, PreKeyBundle>? bundles, CancellationToken token)
    {
        var (missing, landed) = await state.Units.BeginAsync(
            async unit =>
            {
                // What is stored from here on leaves again on the next connection; what is not, never does.
                if (connection.Ended.IsCompleted)
                    throw new ConnectionEndedException(await connection.Ended);
                var self = state.Credentials;
                foreach (var user in message.Users)
                    await unit.LearnAsync(user.User, user.Lid, token);
                var devices = await OthersAsync(unit, message.Users, token);
                var missing = await cipher.WithoutSessionAsync(unit, devices, token);
                if (missing.Count > 0 && bundles is null)
                    return missing;
                foreach (var device in missing)
                {
                    if (bundles!.TryGetValue(device, out var bundle))
                        await cipher.StartAsync(unit, device, bundle, token);
                }

                var parts = await cipher.EncryptAsync(unit, message.Content, message.Kind, devices, token);
                if (!self.Owns(message.Content.Chat) && !parts.Keys.Any(device => !self.Owns(device)))
                    throw new RequestRefusedException(404, "item-not-found");
                using var bytes = new PooledWriter();
                Stanza.Write(message.ToStanza(parts, self), bytes);
                var stanza = bytes.Written.ToArray();
                memory.Sent.Add(unit, message.Id, message.Content, stanza);
                unit.Then(() => connection.SendAsync(stanza));
                return [];
            },
            token);
        await landed;
        return missing;
    }

    // All devices of these users but this one, each once.
    private async Task<List<Jid>> OthersAsync(DeviceUnit unit, UserDevices[] users, CancellationToken token)
    {
        var self = state.Credentials;
        var devices = new List<Jid>();
        foreach (var device in users.SelectMany(user => user.Devices))
        {
            var owner = await unit.ResolveAsync(device, self, token);
            if (owner != self.PhoneJid && owner != self.Lid && !devices.Contains(owner))
                devices.Add(owner);
        }

        return devices;
    }

    private sealed record OutgoingMessage(string Id, UserDevices[] Users, SentContent Content, MessageClass Kind)
    {
        public Node ToStanza(Dictionary<Jid, Node> parts, DeviceCredentials self)
        {
            var to = Users[0];
            var participants = parts.Select(part => new Node("to", [("jid", part.Key)], part.Value)).ToArray();
            var content = new List<Node> { new("participants", participants) };
            if (parts.Values.Any(MessageCipher.IsFirst))
                content.Add(new("device-identity", self.Account));
            if (Kind.Meta is var (name, value))
                content.Add(new("meta", [(name, value)]));
            var phone = to.User.Server == JidServer.User && to.Lid is not null ? to.User : (Jid?)null;
            return new("message", [("id", Id), ("to", to.Address), ("type", Kind.Type), ("edit", Kind.Edit), ("peer_recipient_pn", phone)], content.ToArray());
        }
    }
}
