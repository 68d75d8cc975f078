using System.Globalization;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Sends messages again to devices that could not decrypt them, beside the stanzas that come, since it asks the server.
/// <code>
/// &lt;message id to="the device" type edit? recipient? device_fanout="false"&gt;&lt;enc count …/&gt;&lt;device-identity/&gt;?&lt;/message&gt;
/// </code>
/// </summary>
internal sealed class RetryAnswers(StanzaConnection connection, DeviceState state, MessagingMemory memory, MessageCipher cipher, ILogger log)
{
    private const int Most = 5;

    private readonly WorkQueue queue = new(connection, log);

    /// <summary>Takes a <c>receipt</c> of type <c>retry</c>.</summary>
    public void Add(Node receipt) => queue.Add(token => AnswerAsync(receipt, token));

    /// <summary>Answers until it is told to end.</summary>
    public Task RunAsync(CancellationToken token) => queue.RunAsync(token);

    private async Task AnswerAsync(Node receipt, CancellationToken token)
    {
        var from = receipt.RequireJid("from");
        var id = receipt.Require("id");
        var self = state.Credentials;
        var device = memory.Addresses.Resolve(from, self);
        if (memory.Sent.Find(id) is not { } sent || !IsParty(device, sent, self) || memory.Answered.Increment($"{device} {id}") > Most)
            return;
        var count = receipt.RequireChild("retry").GetNumber("count") ?? 1;
        var bundle = receipt.Child("keys") is { } keys
            ? KeyBundles.Read(keys, receipt.RequireChild("registration"))
            : count > 1 ? (await KeyBundles.FetchAsync(connection, [device], log, token)).GetValueOrDefault(device) : null;

        var kind = MessageClass.Of(sent.Message);
        var parts = await cipher.EncryptAsync(sent, kind, [device], token, bundle, count.ToString(CultureInfo.InvariantCulture));
        if (!parts.TryGetValue(device, out var encrypted))
            return;
        Node[] content = MessageCipher.IsFirst(encrypted) ? [encrypted, new("device-identity", self.Account)] : [encrypted];
        await connection.SendAsync(
            new(
                "message",
                [
                    ("id", id), ("to", from), ("type", kind.Type), ("edit", kind.Edit), ("recipient", self.Owns(from) ? receipt.GetJid("recipient") ?? sent.Chat : null),
                    ("device_fanout", "false"),
                ],
                content),
            token);
    }

    // Only those it was for may have it again.
    private bool IsParty(Jid device, SentContent sent, DeviceCredentials self) =>
        self.Owns(device) || device.WithoutDevice() == memory.Addresses.Resolve(sent.Chat, self).WithoutDevice();
}
