using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.Groups;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Sends messages again to devices that could not decrypt them, beside the stanzas that come, since it asks the server.
/// <code>
/// &lt;message id to="the device, or the group" participant="the device"? type edit? recipient? device_fanout="false"?&gt;&lt;enc count …/&gt;&lt;device-identity/&gt;?&lt;/message&gt;
/// </code>
/// </summary>
internal sealed class RetryAnswers(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, MessageCipher cipher, GroupDirectory groups, GroupSender sender, ILogger log)
{
    private const int Most = 5;

    private readonly WorkQueue _queue = new("Retry answer", connection, log);

    /// <summary>Takes a <c>receipt</c> of type <c>retry</c>. It is acknowledged once it is answered.</summary>
    public void Add(Node receipt) => _queue.Add(async token =>
    {
        try
        {
            await AnswerAsync(receipt, token);
        }
        catch (WhatsAppException failed) when (failed is not (ConnectionEndedException or StoreFailedException))
        {
            Log.NotSentAgain(log, failed);
        }

        // After the answer, which leaves once its encryption is stored.
        if (Stanzas.Ack(receipt) is { } ack)
            await state.Units.BeginAsync(unit => unit.Then(() => connection.SendAsync(ack)), token);
    });

    /// <summary>Begins to answer, until it is told to end.</summary>
    public void Start(CancellationToken token) => _queue.Start(token);

    public Task EndAsync() => _queue.EndAsync();

    private async Task AnswerAsync(Node receipt, CancellationToken token)
    {
        var chat = receipt.RequireJid("from");
        var group = chat.Server == JidServer.Group ? await groups.GetAsync(chat, token) : null;
        var from = group is null ? chat : receipt.RequireJid("participant");
        var id = receipt.Require("id");
        var count = receipt.RequireChild("retry").GetNumber("count") ?? 1;
        await memory.Sent.PrepareAsync(state.Units, token);
        var (device, _) = await state.Units.BeginAsync(unit => PartyAsync(unit, from, group, id, token), token);
        if (device is not { } asking || memory.Answered.Increment($"{asking} {id}") > Most)
            return;
        var bundle = receipt.Child("keys") is { } keys
            ? KeyBundles.Read(keys, receipt.RequireChild("registration"))
            : count > 1 ? (await KeyBundles.FetchAsync(connection, [asking], log, token)).GetValueOrDefault(asking) : null;
        bundle?.Verify();
        await state.Units.RunAsync(
            async unit =>
            {
                var sent = (await memory.Sent.FindAsync(unit, id, token))!;
                if (bundle is not null)
                    await cipher.StartAsync(unit, asking, bundle, token);
                // It may lack our sender key as well.
                if (group is not null)
                    sent = new(sent.Chat, await sender.WithKeyAsync(unit, group.Jid, sent.Message, token));
                var parts = await cipher.EncryptAsync(unit, sent, MessageClass.Of(sent.Message), [asking], token, count);
                if (parts.TryGetValue(asking, out var encrypted))
                {
                    unit.Then(() =>
                    {
                        Telemetry.RetryAnswered();
                        return connection.SendAsync(Stanza(receipt, id, sent, encrypted));
                    });
                }
            },
            token);
    }

    // The device, if the message was for its owner: nobody else may have it again.
    private async Task<Jid?> PartyAsync(DeviceUnit unit, Jid from, Group? group, string id, CancellationToken token)
    {
        var self = state.Credentials;
        var device = await unit.ResolveAsync(from, self, token);
        if (await memory.Sent.FindAsync(unit, id, token) is not { } sent)
            return null;
        var user = device.WithoutDevice();
        var isParty = self.Owns(user) || (group is null
            ? user == (await unit.ResolveAsync(sent.Chat, self, token)).WithoutDevice()
            : sent.Chat == group.Jid && group.Members.Any(member => member.User == user || member.Alternate == user || member.User == from.WithoutDevice()));
        return isParty ? device : null;
    }

    private Node Stanza(Node receipt, string id, SentContent sent, Node encrypted)
    {
        var self = state.Credentials;
        var kind = MessageClass.Of(sent.Message);
        var from = receipt.RequireJid("from");
        Node[] content = MessageCipher.IsFirst(encrypted) ? [encrypted, new("device-identity", self.Account)] : [encrypted];
        NodeAttribute[] address = from.Server == JidServer.Group
            ? [("to", from), ("participant", receipt.GetJid("participant"))]
            : [("to", from), ("recipient", self.Owns(from) ? receipt.GetJid("recipient") ?? sent.Chat : null), ("device_fanout", "false")];
        return new("message", [("id", id), .. address, ("type", kind.Type), ("edit", kind.Edit)], content);
    }
}
