using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages to the account's own phone, which are part of no chat.
/// <code>
/// &lt;message id to type="text" category="peer" push_priority="high_force"&gt;
///   &lt;enc v="2" type="pkmsg|msg"&gt;…&lt;/enc&gt; &lt;device-identity/&gt;?  with a pkmsg  &lt;meta appdata="default"/&gt;
/// &lt;/message&gt;
/// </code>
/// </summary>
internal sealed class PeerMessages(StanzaConnection connection, DeviceState state, MessagingMemory memory, WhatsAppClientOptions options)
{
    /// <summary>Sends a message to the phone. The session with it is stored before anything leaves.</summary>
    /// <returns>The message's id, by which the phone's answer names it.</returns>
    /// <exception cref="RequestRefusedException">The phone has no keys with the server.</exception>
    /// <exception cref="ConnectionEndedException">The connection has ended.</exception>
    public async Task<string> SendAsync(ProtocolMessage content, CancellationToken token)
    {
        var self = state.Credentials;
        var phone = self.PhoneJid!.Value.WithoutDevice();
        var device = memory.Addresses.Resolve(phone, self);
        var plaintext = new Message { ProtocolMessage = content }.ToByteArray();
        if (await EncryptAsync(device, plaintext, bundle: null, token) is not { } encrypted)
        {
            var bundles = await KeyBundles.FetchAsync(connection, [device], options.Logger, token);
            var bundle = bundles.GetValueOrDefault(device) ?? throw new RequestRefusedException(404, "item-not-found");
            encrypted = (await EncryptAsync(device, plaintext, bundle, token))!;
        }

        var id = MessageId.Create(options.Clock.GetUtcNow().ToUnixTimeSeconds(), phone.User, options.Random.Take(16));
        List<Node> parts = [encrypted];
        if (encrypted["type"] == "pkmsg")
            parts.Add(new("device-identity", self.Account));
        parts.Add(new("meta", [("appdata", "default")]));
        await connection.SendAsync(
            new("message", [("id", id), ("to", phone), ("type", "text"), ("category", "peer"), ("push_priority", "high_force")], parts.ToArray()), token);
        return id;
    }

    // Null when there is no session and no bundle to start one with.
    private Task<Node?> EncryptAsync(Jid device, byte[] plaintext, PreKeyBundle? bundle, CancellationToken token) => memory.Units.RunAsync(
        state.Credentials,
        async unit =>
        {
            var address = device.ToAddress();
            if (!await unit.Sessions.HasSessionAsync(address, token))
            {
                if (bundle is null)
                    return null;
                await unit.Sessions.StartAsync(address, bundle, token);
            }

            var (kind, ciphertext) = await unit.Sessions.EncryptAsync(address, Padding.Pad(plaintext, options.Random.Take(1)[0]), token);
            return new Node("enc", [("v", "2"), ("type", kind is MessageKind.PreKey ? "pkmsg" : "msg")], ciphertext);
        },
        token);
}
