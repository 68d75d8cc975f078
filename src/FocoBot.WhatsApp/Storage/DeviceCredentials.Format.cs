using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Storage;

// How credentials are stored: `version (1 byte) | StoredCredentials`. Fields may join without a new version; a new version is for
// what older releases must not read.
public sealed partial record DeviceCredentials
{
    private const byte FormatVersion = 1;

    /// <summary>The bytes to be stored. They are secret: who has them is this device.</summary>
    /// <returns>The bytes.</returns>
    public byte[] Serialize() =>
    [
        FormatVersion,
        .. new StoredCredentials
        {
            Noise = Store(Noise),
            Identity = Store(Identity),
            RegistrationId = RegistrationId,
            SignedPrekeyId = SignedPreKey.Id,
            SignedPrekey = Store(SignedPreKey.Pair),
            SignedPrekeySignature = ByteString.CopyFrom(SignedPreKey.Signature),
            SignedPrekeyMade = SignedPreKey.Made.ToUnixTimeSeconds(),
            AdvSecret = ByteString.CopyFrom(AdvSecret),
            NextPrekeyId = NextPreKeyId,
            PhoneJid = PhoneJid?.ToString() ?? "",
            Lid = Lid?.ToString() ?? "",
            Account = ByteString.CopyFrom(Account ?? []),
            Platform = Platform ?? "",
            BusinessName = BusinessName ?? "",
            PushName = PushName ?? "",
            RoutingInfo = ByteString.CopyFrom(RoutingInfo),
            LoginCounter = LoginCounter,
            Restored = IsRestored,
        }.ToByteArray(),
    ];

    /// <summary>Reads what <see cref="Serialize"/> gave.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="FormatException">The bytes are damaged, or of a later version of this library.</exception>
    public static DeviceCredentials Deserialize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != FormatVersion)
            throw Damaged();
        try
        {
            var stored = ProtoReader.Parse<StoredCredentials>(bytes[1..]);
            var signedPreKey = new SignedPreKey(
                stored.SignedPrekeyId,
                Load(stored.SignedPrekey),
                stored.SignedPrekeySignature.Exactly(XEdDsa.SignatureSize, "A signature").ToArray(),
                DateTimeOffset.FromUnixTimeSeconds(stored.SignedPrekeyMade));
            var advSecret = stored.AdvSecret.Exactly(32, "A secret").ToArray();
            return new(Load(stored.Noise), Load(stored.Identity), stored.RegistrationId, signedPreKey, advSecret)
            {
                NextPreKeyId = stored.NextPrekeyId,
                PhoneJid = LoadJid(stored.PhoneJid),
                Lid = LoadJid(stored.Lid),
                Account = stored.Account.IsEmpty ? null : stored.Account.ToByteArray(),
                Platform = LoadText(stored.Platform),
                BusinessName = LoadText(stored.BusinessName),
                PushName = LoadText(stored.PushName),
                RoutingInfo = stored.RoutingInfo.ToByteArray(),
                LoginCounter = stored.LoginCounter,
                IsRestored = stored.Restored,
            };
        }
        catch (Exception broken) when (broken is ProtocolException or FormatException or ArgumentException)
        {
            throw Damaged(broken);
        }
    }

    private static StoredKeyPair Store(KeyPair pair) =>
        new() { Private = ByteString.CopyFrom(pair.Private.Span), Public = ByteString.CopyFrom(pair.Public.Span) };

    private static KeyPair Load(StoredKeyPair? pair) => KeyPair.FromStored((pair?.Private ?? ByteString.Empty).Span, (pair?.Public ?? ByteString.Empty).Span);

    private static Jid? LoadJid(string text) => text.Length == 0 ? null : Jid.Parse(text);

    private static string? LoadText(string text) => text.Length == 0 ? null : text;

    private static FormatException Damaged(Exception? cause = null) => new("Stored credentials are damaged, or of a later version.", cause);
}
