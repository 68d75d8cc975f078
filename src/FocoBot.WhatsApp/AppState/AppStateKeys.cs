using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.AppState;

/// <summary>What one 32-byte app state key expands to, and the MACs made with it. All MACs have 32 bytes.</summary>
internal sealed class AppStateKeys
{
    // HKDF(keyData, "WhatsApp Mutation Keys", 160) = index | value encryption | value mac | snapshot mac | patch mac, 32 each
    private readonly byte[] _bytes = new byte[160];

    /// <param name="id">The key's id, as records name it.</param>
    /// <param name="keyData">The secret that the phone shared.</param>
    /// <exception cref="ProtocolException">The secret does not have 32 bytes.</exception>
    public AppStateKeys(ReadOnlySpan<byte> id, ReadOnlySpan<byte> keyData)
    {
        if (keyData.Length != 32)
            throw new ProtocolException("An app state key has 32 bytes");
        Id = id.ToArray();
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keyData, _bytes, salt: default, "WhatsApp Mutation Keys"u8);
    }

    public byte[] Id { get; }

    public ReadOnlySpan<byte> ValueEncryptionKey => Part(1);

    public byte[] IndexMac(ReadOnlySpan<byte> index) => HMACSHA256.HashData(Part(0), index);

    /// <summary><c>HMAC-SHA512(key, op | key id | iv | ciphertext | u64be(1 + length of key id))[0:32]</c>; op 1 sets, 2 removes.</summary>
    public byte[] ValueMac(SyncdMutation.Types.Operation operation, ReadOnlySpan<byte> ivAndCiphertext)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, Part(2));
        mac.AppendData([operation == SyncdMutation.Types.Operation.Set ? (byte)1 : (byte)2]);
        mac.AppendData(Id);
        mac.AppendData(ivAndCiphertext);
        AppendNumber(mac, (ulong)(1 + Id.Length));
        return mac.GetHashAndReset()[..32];
    }

    /// <summary><c>HMAC-SHA256(key, ltHash | u64be(version) | collection)</c></summary>
    public byte[] SnapshotMac(ReadOnlySpan<byte> ltHash, ulong version, string collection)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Part(3));
        mac.AppendData(ltHash);
        AppendNumber(mac, version);
        mac.AppendData(Encoding.UTF8.GetBytes(collection));
        return mac.GetHashAndReset();
    }

    /// <summary><c>HMAC-SHA256(key, snapshot MAC | value MACs in order | u64be(version) | collection)</c></summary>
    public byte[] PatchMac(ReadOnlySpan<byte> snapshotMac, IEnumerable<byte[]> valueMacs, ulong version, string collection)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Part(4));
        mac.AppendData(snapshotMac);
        foreach (var valueMac in valueMacs)
            mac.AppendData(valueMac);
        AppendNumber(mac, version);
        mac.AppendData(Encoding.UTF8.GetBytes(collection));
        return mac.GetHashAndReset();
    }

    private ReadOnlySpan<byte> Part(int number) => _bytes.AsSpan(32 * number, 32);

    private static void AppendNumber(IncrementalHash mac, ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        mac.AppendData(bytes);
    }
}
