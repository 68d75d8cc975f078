using System.Buffers.Binary;
using System.Globalization;
using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using Google.Protobuf;

namespace FocoBot.Sandbox.Phones;

// What could not be read is asked for again, and sent again when others ask.
public sealed partial class VirtualPhone
{
    private const int MostRetries = 5;

    private readonly Dictionary<string, int> _asked = [];

    private void AskAgain(Node stanza, Jid from, Jid? participant)
    {
        var id = stanza.Require("id");
        var count = _asked[id] = _asked.GetValueOrDefault(id) + 1;
        _undecryptable++;
        if (count > MostRetries) return;
        var registration = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(registration, _keys.RegistrationId);
        Post(new Node("receipt", [("to", from), ("participant", participant), ("id", id), ("type", "retry")],
        [
            new Node("retry", [("count", count.ToString(CultureInfo.InvariantCulture)), ("id", id), ("t", stanza["t"]), ("v", "1")]),
            new Node("registration", registration),
            new Node("keys", [new Node("type", new byte[] { 5 }), new Node("identity", _keys.Identity.Public.ToArray()), _keys.NewOneTimeKey().ToNode(), _keys.Signed.ToNode()]),
        ]));
    }

    private async Task SendAgainAsync(Node receipt)
    {
        var from = receipt.RequireJid("from");
        var asker = receipt.GetJid("participant") ?? from;
        if (!_sent.TryGetValue(receipt.Require("id"), out var sent)) return;
        Device? device;
        PreKeyBundle bundle;
        lock (_network.Gate)
        {
            device = _network.Accounts.FindDevice(asker);
            if (device is null) return;
            bundle = device.Keys.Take();
        }

        await _keys.Sessions.StartAsync(AddressOf(device), bundle, _end.Token).ConfigureAwait(false);
        var message = device.Account == _account ? new Message { DeviceSentMessage = new DeviceSentMessage { DestinationJid = sent.Chat.ToString(), Message = sent.Message } } : sent.Message.Clone();
        if (sent.Chat.Server == JidServer.Group)
        {
            // The asker may lack our sender key as well.
            var distribution = await _keys.Sessions.DistributeAsync(sent.Chat.ToString(), AddressOf(_device), renew: false, _end.Token).ConfigureAwait(false);
            message.SenderKeyDistributionMessage = KeyOf(sent.Chat.ToString(), distribution);
        }

        var padded = Padding.Pad(message.ToByteArray(), _keys.RandomBytes(1)[0]);
        var (kind, bytes) = await _keys.Sessions.EncryptAsync(AddressOf(device), padded, _end.Token).ConfigureAwait(false);
        var enc = new Node("enc", [("v", "2"), ("type", kind == MessageKind.PreKey ? "pkmsg" : "msg"), ("count", receipt.Child("retry")?["count"] ?? "1")], bytes);
        Post(new Node("message", [("id", receipt["id"]), ("to", sent.Chat), ("participant", device.Lid), ("type", "text")], enc));
    }
}
