namespace FocoBot.WhatsApp.Binary;

/// <summary>The bytes that say what follows in an encoded node; those between <see cref="EmptyList"/> and <see cref="Dictionary0"/> are one-byte tokens.</summary>
internal static class Tag
{
    public const byte EmptyList = 0;
    public const byte Dictionary0 = 236;
    public const byte Dictionary3 = 239;
    public const byte InteropJid = 245;
    public const byte MessengerJid = 246;
    public const byte DeviceJid = 247;
    public const byte List8 = 248;
    public const byte List16 = 249;
    public const byte JidPair = 250;
    public const byte Hex8 = 251;
    public const byte Binary8 = 252;
    public const byte Binary20 = 253;
    public const byte Binary32 = 254;
    public const byte Nibble8 = 255;
}
