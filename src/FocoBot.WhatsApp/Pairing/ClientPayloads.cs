using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>What a companion not linked yet tells the server of its keys.</summary>
/// <param name="RegistrationId">Of the Signal layer, 1…16380.</param>
/// <param name="Identity">Identity public key, 32 bytes.</param>
/// <param name="SignedPrekeyId">Fits in 24 bits; 1 at first.</param>
/// <param name="SignedPrekey">Signed prekey, public, 32 bytes.</param>
/// <param name="SignedPrekeySignature">The identity's signature over <c>05 | signed prekey</c>, 64 bytes.</param>
internal sealed record RegistrationKeys(uint RegistrationId, byte[] Identity, uint SignedPrekeyId, byte[] SignedPrekey, byte[] SignedPrekeySignature);

/// <summary>
/// Builds the payload that ends the handshake. Its identity is that of the well-known web client: the server refuses combinations
/// it does not know (failure 409), and versions too old (405).
/// </summary>
internal static class ClientPayloads
{
    /// <summary>For linking: tells the keys of the new device.</summary>
    /// <param name="version">The web client's version, e.g. 2.3000.1043857760.</param>
    /// <param name="keys">The new device's keys.</param>
    /// <param name="platform">What the phone shows of it.</param>
    /// <param name="fullHistory">Whether the phone shall hand over all its history, not only the recent part.</param>
    public static ClientPayload Register(AppVersion version, RegistrationKeys keys, CompanionPlatform platform, bool fullHistory)
    {
        var registrationId = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(registrationId, keys.RegistrationId);
        var prekeyId = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(prekeyId, keys.SignedPrekeyId);
        var payload = Common(version, passive: false);
        payload.DevicePairingData = new DevicePairingRegistrationData
        {
            RegistrationId = ByteString.CopyFrom(registrationId),
            KeyType = ByteString.CopyFrom(5),
            Identity = ByteString.CopyFrom(keys.Identity),
            SignedPrekeyId = ByteString.CopyFrom(prekeyId.AsSpan(1)),
            SignedPrekey = ByteString.CopyFrom(keys.SignedPrekey),
            SignedPrekeySignature = ByteString.CopyFrom(keys.SignedPrekeySignature),
            BuildHash = ByteString.CopyFrom(BuildHash(version)),
            DeviceProps = Props(platform, fullHistory).ToByteString(),
        };
        return payload;
    }

    /// <summary>For a linked device.</summary>
    /// <param name="version">The web client's version.</param>
    /// <param name="phoneNumber">User part of the own phone-number JID: digits.</param>
    /// <param name="device">The own device number.</param>
    /// <param name="loginCounter">Successful logins of this device so far.</param>
    public static ClientPayload Login(AppVersion version, ulong phoneNumber, uint device, int loginCounter)
    {
        var payload = Common(version, passive: true);
        payload.Username = phoneNumber;
        payload.Device = device;
        payload.LidDbMigrated = true;
        payload.Lc = loginCounter;
        return payload;
    }

    private static ClientPayload Common(AppVersion version, bool passive) => new()
    {
        Passive = passive,
        Pull = passive,
        UserAgent = new UserAgent
        {
            Platform = UserAgent.Types.Platform.Web,
            AppVersion = version,
            Mcc = "000",
            Mnc = "000",
            OsVersion = "0.1",
            Device = "Desktop",
            OsBuildNumber = "0.1",
            ReleaseChannel = UserAgent.Types.ReleaseChannel.Release,
            LocaleLanguage = "en",
            LocaleCountry = "US",
        },
        WebInfo = new WebInfo { WebSubPlatform = WebInfo.Types.WebSubPlatform.WebBrowser },
        ConnectType = ClientPayload.Types.ConnectType.WifiUnknown,
        ConnectReason = ClientPayload.Types.ConnectReason.UserActivated,
    };

    private static byte[] BuildHash(AppVersion version) =>
        MD5.HashData(Encoding.ASCII.GetBytes($"{version.Primary}.{version.Secondary}.{version.Tertiary}"));

    private static DeviceProps Props(CompanionPlatform platform, bool fullHistory) => new()
    {
        Os = platform.Os,
        Version = new AppVersion { Primary = 10, Secondary = 15, Tertiary = 7 },
        PlatformType = platform.Type,
        RequireFullSync = fullHistory,
        HistorySyncConfig = new HistorySyncConfig
        {
            StorageQuotaMb = 10240,
            InlineInitialPayloadInE2EeMsg = true,
            SupportCallLogHistory = false,
            SupportBotUserAgentChatHistory = true,
            SupportCagReactionsAndPolls = true,
            SupportBizHostedMsg = true,
            SupportRecentSyncChunkMessageCountTuning = true,
            SupportHostedGroupMsg = true,
            SupportFbidBotChatHistory = true,
            SupportMessageAssociation = true,
            SupportGroupHistory = false,
        },
    };
}
