using System.Globalization;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Encrypts a message for each of many devices, within a unit of work.</summary>
internal sealed class MessageCipher(DeviceState state, RandomNumberGenerator random)
{
    private const string First = "pkmsg", Later = "msg";

    /// <summary>Whether this starts a session, so that the receiver has to be shown that the account vouches for this device.</summary>
    public static bool IsFirst(Node encrypted) => encrypted["type"] == First;

    /// <summary>The devices with which a session has to be started first.</summary>
    public async Task<List<Jid>> WithoutSessionAsync(DeviceUnit unit, IEnumerable<Jid> devices, CancellationToken token)
    {
        var without = new List<Jid>();
        foreach (var device in devices)
        {
            await unit.SessionOwnerAsync(device, state.Credentials, token);
            if (!await unit.Sessions(state.Credentials, random).HasSessionAsync(device.ToAddress(), token))
                without.Add(device);
        }

        return without;
    }

    /// <summary>Starts a new session, in place of the one that there may be.</summary>
    public async Task StartAsync(DeviceUnit unit, Jid device, PreKeyBundle bundle, CancellationToken token)
    {
        var sessions = unit.Sessions(state.Credentials, random);
        try
        {
            await sessions.StartAsync(device.ToAddress(), bundle, token);
        }
        catch (SignalException changed) when (changed.Reason is SignalError.UntrustedIdentity)
        {
            await sessions.ForgetAsync(device.ToAddress(), token);
            await sessions.StartAsync(device.ToAddress(), bundle, token);
            unit.Tell(new IdentityChanged(device));
        }
    }

    /// <summary>The <c>enc</c> for each device that there is a session with.</summary>
    /// <param name="unit">The unit of work.</param>
    /// <param name="sent">What to encrypt; own devices get a copy that says whom it went to.</param>
    /// <param name="kind">What the server is told of it.</param>
    /// <param name="devices">For whom.</param>
    /// <param name="token">Gives up.</param>
    /// <param name="count">How often it was asked for again; 0 for not yet.</param>
    public Task<Dictionary<Jid, Node>> EncryptAsync(
        DeviceUnit unit, SentContent sent, MessageClass kind, IEnumerable<Jid> devices, CancellationToken token, long count = 0)
    {
        byte[]? plaintext = null, copy = null;
        NodeAttribute[] attributes =
        [
            ("mediatype", kind.MediaType), ("decrypt-fail", kind.HideDecryptFailure ? "hide" : null),
            ("count", count == 0 ? null : count.ToString(CultureInfo.InvariantCulture)),
        ];
        return EncryptAsync(unit, PlaintextFor, attributes, devices, token);

        byte[] PlaintextFor(Jid device) =>
            state.Credentials.Owns(device) ? copy ??= sent.ForOwnDevices().ToByteArray() : plaintext ??= sent.Message.ToByteArray();
    }

    /// <summary>The <c>enc</c> for each device that there is a session with, of what is the same for all.</summary>
    public Task<Dictionary<Jid, Node>> EncryptAsync(DeviceUnit unit, Message message, IEnumerable<Jid> devices, CancellationToken token)
    {
        var plaintext = message.ToByteArray();
        return EncryptAsync(unit, _ => plaintext, [], devices, token);
    }

    /// <summary><c>&lt;participants&gt;&lt;to jid&gt;enc&lt;/to&gt;…&lt;/participants&gt;</c>.</summary>
    public static Node Participants(Dictionary<Jid, Node> parts) =>
        new("participants", parts.Select(part => new Node("to", [("jid", part.Key)], part.Value)).ToArray());

    private async Task<Dictionary<Jid, Node>> EncryptAsync(
        DeviceUnit unit, Func<Jid, byte[]> plaintextFor, NodeAttribute[] attributes, IEnumerable<Jid> devices, CancellationToken token)
    {
        var sessions = unit.Sessions(state.Credentials, random);
        var parts = new Dictionary<Jid, Node>();
        foreach (var device in devices)
        {
            var address = device.ToAddress();
            if (!await sessions.HasSessionAsync(address, token))
                continue;
            var (type, ciphertext) = await sessions.EncryptAsync(address, Padding.Pad(plaintextFor(device), random.Take(1)[0]), token);
            parts[device] = new("enc", [("v", "2"), ("type", type is MessageKind.PreKey ? First : Later), .. attributes], ciphertext);
        }

        return parts;
    }
}
