namespace FocoBot.WhatsApp.Pairing;

/// <summary>
/// What the phone scans to link a companion: <c>[prefix] ref,b64(noise key),b64(identity key),b64(ADV secret),client type</c>.
/// The ADV secret must not be shown to anybody but the phone's camera.
/// </summary>
internal sealed class QrCode
{
    private const char Unknown = '0';
    private const string Prefix = "https://wa.me/settings/linked_devices#";

    private QrCode(string reference, byte[] noiseKey, byte[] identityKey, byte[] advSecret, char clientType)
    {
        Ref = reference;
        NoiseKey = noiseKey;
        IdentityKey = identityKey;
        AdvSecret = advSecret;
        ClientType = clientType;
    }

    /// <summary>What the server knows the waiting companion by.</summary>
    public string Ref { get; }

    public byte[] NoiseKey { get; }

    public byte[] IdentityKey { get; }

    public byte[] AdvSecret { get; }

    /// <summary>See <see cref="CompanionPlatform.ClientType"/>; 0 when the companion does not tell.</summary>
    public char ClientType { get; }

    public static string Build(string reference, ReadOnlySpan<byte> noiseKey, ReadOnlySpan<byte> identityKey, ReadOnlySpan<byte> advSecret, char clientType) =>
        $"{Prefix}{reference},{Convert.ToBase64String(noiseKey)},{Convert.ToBase64String(identityKey)},{Convert.ToBase64String(advSecret)},{clientType}";

    /// <summary>Reads a scanned text; older companions leave out the prefix, and still older ones the client type.</summary>
    /// <exception cref="ProtocolException">It is no linking code.</exception>
    public static QrCode Parse(string text)
    {
        if (text.Length > Limits.QrCodeChars)
            throw Malformed();
        if (text.StartsWith(Prefix, StringComparison.Ordinal))
            text = text[Prefix.Length..];
        return text.Split(',') switch
        {
            [{ Length: > 0 } reference, var noise, var identity, var secret, [var clientType]] => new QrCode(reference, Key(noise), Key(identity), Key(secret), clientType),
            [{ Length: > 0 } reference, var noise, var identity, var secret] => new QrCode(reference, Key(noise), Key(identity), Key(secret), Unknown),
            _ => throw Malformed(),
        };
    }

    private static byte[] Key(string base64)
    {
        var key = new byte[32];
        return Convert.TryFromBase64String(base64, key, out var length) && length == 32 ? key : throw Malformed();
    }

    private static ProtocolException Malformed() => new("Not a linking code");
}
