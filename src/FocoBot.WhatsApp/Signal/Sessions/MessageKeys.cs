using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Messages;

namespace FocoBot.WhatsApp.Signal.Sessions;

/// <summary>The keys of one message: <c>cipherKey 32 ‖ macKey 32 ‖ iv 16 = HKDF(seed, "WhisperMessageKeys")</c>.</summary>
internal readonly ref struct MessageKeys
{
    public const int Size = MessageCipher.KeySize + MacKeySize + MessageCipher.IvSize;

    private const int MacKeySize = 32;

    private readonly ReadOnlySpan<byte> _keys;

    public MessageKeys(ReadOnlySpan<byte> seed, Span<byte> buffer)
    {
        HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, buffer[..Size], [], "WhisperMessageKeys"u8);
        _keys = buffer[..Size];
    }

    public ReadOnlySpan<byte> CipherKey => _keys[..MessageCipher.KeySize];

    public ReadOnlySpan<byte> MacKey => _keys.Slice(MessageCipher.KeySize, MacKeySize);

    public ReadOnlySpan<byte> Iv => _keys[^MessageCipher.IvSize..];

    /// <summary>The first 8 bytes of <c>HMAC-SHA256(macKey, sender33 ‖ receiver33 ‖ version ‖ protobuf)</c>.</summary>
    public void Mac(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> authenticated, Span<byte> mac)
    {
        Span<byte> identities = stackalloc byte[2 * WireFormat.KeySize];
        WireFormat.WriteKey(sender, identities);
        WireFormat.WriteKey(receiver, identities[WireFormat.KeySize..]);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, MacKey);
        hmac.AppendData(identities);
        hmac.AppendData(authenticated);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.GetHashAndReset(hash);
        hash[..SignalMessage.MacSize].CopyTo(mac);
    }
}
