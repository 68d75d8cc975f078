using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Messages to the account's own phone, which are part of no chat.
/// <code>
/// &lt;message id to type="text" category="peer" push_priority="high_force"&gt;
///   &lt;enc v="2" type="pkmsg|msg"&gt;…&lt;/enc&gt; &lt;device-identity/&gt;?  with a pkmsg  &lt;meta appdata="default"/&gt;
/// &lt;/message&gt;
/// </code>
/// </summary>
internal sealed class PeerMessages(StanzaConnection connection, DeviceState state, WhatsAppClientOptions options)
{
    private readonly MessageCipher _cipher = new(state, options.Random);

    /// <summary>An id for a message to the phone, by which its answer names it.</summary>
    public string NewId() => MessageId.Create(options.Clock.GetUtcNow().ToUnixTimeSeconds(), state.Credentials.PhoneJid!.Value.User, options.Random.Take(16));

    /// <summary>Sends a message to the phone, see <see cref="SendAsync(string, ProtocolMessage, CancellationToken)"/>.</summary>
    /// <returns>The message's id.</returns>
    public async Task<string> SendAsync(ProtocolMessage content, CancellationToken token)
    {
        var id = NewId();
        await SendAsync(id, content, token);
        return id;
    }

    /// <summary>Sends a message to the phone under an id. The session with it is stored before anything leaves.</summary>
    /// <exception cref="RequestRefusedException">The phone has no keys with the server.</exception>
    /// <exception cref="ConnectionEndedException">The connection has ended.</exception>
    public async Task SendAsync(string id, ProtocolMessage content, CancellationToken token)
    {
        var phone = state.Credentials.PhoneJid!.Value.WithoutDevice();
        var (device, encrypted) = await EncryptAsync(content, bundles: null, token);
        if (encrypted is null)
            (_, encrypted) = await EncryptAsync(content, await KeyBundles.FetchAsync(connection, [device], options.Logger, token), token);
        if (encrypted is null)
            throw new RequestRefusedException(404, "item-not-found");

        List<Node> parts = [encrypted];
        if (MessageCipher.IsFirst(encrypted))
            parts.Add(new("device-identity", state.Credentials.Account));
        parts.Add(new("meta", [("appdata", "default")]));
        await connection.SendAsync(
            new Node("message", [("id", id), ("to", phone), ("type", "text"), ("category", "peer"), ("push_priority", "high_force")], parts.ToArray()), token);
    }

    // Nothing when there is no session and no bundle to start one with.
    private Task<(Jid Device, Node? Encrypted)> EncryptAsync(ProtocolMessage content, Dictionary<Jid, PreKeyBundle>? bundles, CancellationToken token) => state.Units.RunAsync(
        async unit =>
        {
            var device = await unit.ResolveAsync(state.Credentials.PhoneJid!.Value.WithoutDevice(), state.Credentials, token);
            var missing = await _cipher.WithoutSessionAsync(unit, [device], token);
            if (missing.Count > 0 && bundles?.GetValueOrDefault(device) is { } bundle)
                await _cipher.StartAsync(unit, device, bundle, token);
            var parts = await _cipher.EncryptAsync(unit, new Message { ProtocolMessage = content }, [device], token);
            return (device, parts.GetValueOrDefault(device));
        },
        token);
}
