using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Signal;

/// <summary>By which a device checks that the server still has the keys that it uploaded.</summary>
internal static class PreKeyDigest
{
    /// <summary><c>SHA-1(identity 32 ‖ signed prekey 32 ‖ its signature 64 ‖ one-time prekeys 32 each)</c>, in the order of the server's list.</summary>
    public static byte[] Compute(
        ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signedPreKey, ReadOnlySpan<byte> signature, IEnumerable<ReadOnlyMemory<byte>> preKeys)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(identity);
        hash.AppendData(signedPreKey);
        hash.AppendData(signature);
        foreach (var key in preKeys)
            hash.AppendData(key.Span);
        return hash.GetHashAndReset();
    }
}
