using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Client;

/// <summary>The account's phone: scans codes and vouches for companions, truly or not.</summary>
internal sealed class Phone
{
    private const string Number = "15550000000", Hidden = "98765000000000";

    public static readonly Jid CompanionJid = new(Number, JidServer.User, 3), CompanionLid = new(Hidden, JidServer.Lid, 3);

    public KeyPair Identity { get; } = KeyPair.Generate(RandomNumberGenerator.Create());

    /// <summary>The server's word that a phone has scanned a code.</summary>
    public Node Scan(string qr, KeyPair? signer = null)
    {
        var code = QrCode.Parse(qr);
        return Success(code.IdentityKey, code.AdvSecret, signer);
    }

    public Node Success(byte[] companion, byte[] advSecret, KeyPair? signer = null)
    {
        var details = new AdvDeviceIdentity { RawId = 1, Timestamp = 1795202132, KeyIndex = 1 };
        var signed = DeviceIdentity.Sign(details, signer ?? Identity, companion, RandomNumberGenerator.GetBytes(64));
        if (signer is not null)
            signed.AccountSignatureKey = ByteString.CopyFrom(Identity.Public.Span);
        return new("iq", [("from", Jid.Service), ("id", "ps-1"), ("type", "set"), ("xmlns", "md"), ("t", "1795202132")], new Node("pair-success",
        [
            new("device-identity", DeviceIdentity.Seal(signed, hostedAccount: false, advSecret)),
            new("platform", [("name", "android")]),
            new("device", [("jid", CompanionJid), ("lid", CompanionLid)]),
        ]));
    }

    public static Node PairDevice(int references = 6) => new("iq", [("from", Jid.Service), ("id", "pd-1"), ("type", "set"), ("xmlns", "md")],
        new Node("pair-device", Enumerable.Range(0, references).Select(i => new Node("ref", Encoding.ASCII.GetBytes($"2@ref{i}abcdefghijklmnop"))).ToArray()));

    public static Node LoginSuccess() => new("success", [("t", "1795202132"), ("lid", CompanionLid)]);
}
