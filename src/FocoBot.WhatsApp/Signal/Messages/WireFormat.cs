using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Signal.Messages;

/// <summary>What all messages of the Signal protocol have in common.</summary>
internal static class WireFormat
{
    /// <summary>The version, 3, and the oldest one understood, 3, in a nibble each.</summary>
    public const byte Version = 0x33;

    /// <summary>A public key with its type before it: 05 ‖ 32 bytes.</summary>
    public const int KeySize = 1 + X25519.KeySize;

    /// <summary>The size of a public key as a field of a message: number, length, and the key with its type.</summary>
    public const int KeyFieldSize = 2 + KeySize;

    private const byte Curve25519Type = 5;

    public static void WriteKey(ReadOnlySpan<byte> key, Span<byte> destination)
    {
        destination[0] = Curve25519Type;
        key.CopyTo(destination[1..]);
    }

    /// <summary>
    /// The 32 bytes of a key that carries its type. Only the one encoding of a key will do: with another one for the base key,
    /// which no code covers, a first message that came already would start a session of its own and be read again.
    /// </summary>
    public static ReadOnlySpan<byte> ReadKey(ReadOnlySpan<byte> field) => field is [Curve25519Type, ..] && X25519.IsCanonical(field[1..])
        ? field[1..]
        : throw SignalException.Malformed("A public key has another form.");

    /// <summary>Checks the version byte and the least length, and takes the protobuf from between version and trailer.</summary>
    public static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> message, int trailer)
    {
        if (message.Length < 1 + trailer || message[0] != Version)
            throw SignalException.Malformed("A message has another version, or is too short.");
        return message[1..^trailer];
    }

    public static SignalException Incomplete() => SignalException.Malformed("A message lacks a field.");
}
