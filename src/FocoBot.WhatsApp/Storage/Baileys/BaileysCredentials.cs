using System.Security.Cryptography;
using System.Text.Json;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// The device itself: <c>creds.json</c>. A business's name, the count of logins and the age of the signed prekey have no place in it; the latter
/// is taken for as old as the linking.
/// </summary>
internal static class BaileysCredentials
{
    private const uint HighestKeyId = (1 << 24) - 1;
    private const uint HighestRegistrationId = 0x3FFF;

    // What fits in the number of a login.
    private const int LongestUser = 19;

    // What Baileys writes before it knows.
    private const string NoName = "~";

    public static DeviceCredentials Read(BaileysValue file)
    {
        if (file.Optional("me") is null || file.Optional("account") is null)
            throw new FormatException("creds.json is of a device that is not linked.");
        var account = ReadAccount(file["account"]);
        var identity = file["signedIdentityKey"].Pair();
        var signed = file["signedPreKey"];
        var preKey = signed["keyPair"].Pair();
        var signature = signed["signature"].Bytes(XEdDsa.SignatureSize);
        if (!XEdDsa.Verify(identity.Public.Span, [5, .. preKey.Public.Span], signature))
            throw signed.Broken();
        var me = file["me"];
        var phone = ReadJid(me["id"], JidServer.User);
        if (phone.Device == 0)
            throw me.Broken();
        return new DeviceCredentials(
            file["noiseKey"].Pair(),
            identity,
            (uint)file["registrationId"].Number(0, HighestRegistrationId),
            new((uint)signed["keyId"].Number(0, HighestKeyId), preKey, signature, LinkedAt(account) ?? throw file.Broken()),
            file["advSecretKey"].Bytes(32)) with
        {
            NextPreKeyId = (uint)file["nextPreKeyId"].Number(1, HighestKeyId),
            PhoneJid = phone,
            Lid = me.Optional("lid") is { } lid ? ReadJid(lid, JidServer.Lid).WithDevice(phone.Device) : null,
            PushName = me.Optional("name")?.Text() is { } name and not NoName ? name : null,
            Account = account.ToByteArray(),
            Platform = file.Optional("platform")?.Text(),
            RoutingInfo = file.Optional("routingInfo")?.Bytes() is { Length: <= Limits.RoutingInfo } routing ? routing : [],
        };
    }

    public static void Write(Utf8JsonWriter json, DeviceCredentials device, AdvSignedDeviceIdentity account, byte[]? newestAppStateKey)
    {
        json.WriteStartObject();
        json.WritePair("noiseKey", device.Noise);
        // Only for linking by code, which is over.
        json.WritePair("pairingEphemeralKeyPair", KeyPair.Generate(RandomNumberGenerator.Create()));
        json.WritePair("signedIdentityKey", device.Identity);
        json.WriteStartObject("signedPreKey");
        json.WritePair("keyPair", device.SignedPreKey.Pair);
        json.WriteBuffer("signature", device.SignedPreKey.Signature);
        json.WriteNumber("keyId", device.SignedPreKey.Id);
        json.WriteEndObject();
        json.WriteNumber("registrationId", device.RegistrationId);
        json.WriteBase64String("advSecretKey", device.AdvSecret);
        json.WriteStartArray("processedHistoryMessages");
        json.WriteEndArray();
        json.WriteNumber("nextPreKeyId", device.NextPreKeyId);
        // A prekey that was not uploaded at once never is.
        json.WriteNumber("firstUnuploadedPreKeyId", device.NextPreKeyId);
        // Not 0, which stands for a new device that waits for its history.
        json.WriteNumber("accountSyncCounter", 1);
        json.WriteStartObject("accountSettings");
        json.WriteBoolean("unarchiveChats", false);
        json.WriteEndObject();
        // Programs ask for a link code as long as this is false.
        json.WriteBoolean("registered", true);
        json.WriteStartObject("account");
        json.WriteBase64String("details", account.Details.Span);
        json.WriteBase64String("accountSignatureKey", account.AccountSignatureKey.Span);
        json.WriteBase64String("accountSignature", account.AccountSignature.Span);
        json.WriteBase64String("deviceSignature", account.DeviceSignature.Span);
        json.WriteEndObject();
        json.WriteStartObject("me");
        json.WriteString("id", device.PhoneJid!.Value.ToString());
        if (device.Lid is { } lid)
            json.WriteString("lid", lid.ToString());
        if (device.PushName is { } name)
            json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteStartArray("signalIdentities");
        json.WriteStartObject();
        json.WriteStartObject("identifier");
        json.WriteString("name", (device.Lid ?? device.PhoneJid).Value.ToString());
        json.WriteNumber("deviceId", 0);
        json.WriteEndObject();
        json.WriteBuffer("identifierKey", BaileysWriting.Prefixed(account.AccountSignatureKey.Span));
        json.WriteEndObject();
        json.WriteEndArray();
        if (newestAppStateKey is not null)
            json.WriteBase64String("myAppStateKeyId", newestAppStateKey);
        if (device.Platform is { } platform)
            json.WriteString("platform", platform);
        if (device.RoutingInfo.Length > 0)
            json.WriteBuffer("routingInfo", device.RoutingInfo);
        json.WriteEndObject();
    }

    private static AdvSignedDeviceIdentity ReadAccount(BaileysValue account) => new()
    {
        Details = ByteString.CopyFrom(account["details"].Bytes()),
        AccountSignatureKey = ByteString.CopyFrom(account["accountSignatureKey"].PublicKey()),
        AccountSignature = ByteString.CopyFrom(account["accountSignature"].Bytes(XEdDsa.SignatureSize)),
        DeviceSignature = ByteString.CopyFrom(account["deviceSignature"].Bytes(XEdDsa.SignatureSize)),
    };

    private static DateTimeOffset? LinkedAt(AdvSignedDeviceIdentity account)
    {
        try
        {
            var seconds = ProtoReader.Parse<AdvDeviceIdentity>(account.Details.Span).Timestamp;
            return seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    private static Jid ReadJid(BaileysValue value, string server) =>
        Jid.TryParse(value.Text(), out var jid) && jid.Server == server && jid.User.Length is > 0 and <= LongestUser && !jid.User.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? jid
            : throw value.Broken();
}
