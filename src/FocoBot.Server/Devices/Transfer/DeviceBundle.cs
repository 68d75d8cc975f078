using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Devices.Transfer;

/// <summary>
/// All records of a device in one file, sealed with AES-256-GCM under a passphrase; the header is authenticated along. The rounds of PBKDF2 belong to the version, so that no file can ask for more.
/// <code>
/// "FocoBot device" | version (1) | salt (16) | nonce (12) | ciphertext | tag (16)
/// plain: for each record  kind (2) | length of name (2) | name, UTF-8 | length of value (4) | value       big endian
/// </code>
/// </summary>
internal static class DeviceBundle
{
    private const byte Version = 1;
    private const int Rounds = 600_000;
    private const int SaltLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Magic => "FocoBot device"u8;

    private static int HeaderLength => Magic.Length + 1 + SaltLength + NonceLength;

    /// <summary>Whether a file says that it is one of these.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    public static byte[] Seal(DeviceChanges records, string passphrase)
    {
        var plain = Write(records);
        var file = new byte[HeaderLength + plain.Length + TagLength];
        Magic.CopyTo(file);
        file[Magic.Length] = Version;
        RandomNumberGenerator.Fill(file.AsSpan(Magic.Length + 1, SaltLength + NonceLength));
        using var aes = new AesGcm(KeyOf(file, passphrase), TagLength);
        aes.Encrypt(NonceOf(file), plain, file.AsSpan(HeaderLength, plain.Length), file.AsSpan(^TagLength..), file.AsSpan(..HeaderLength));
        CryptographicOperations.ZeroMemory(plain);
        return file;
    }

    /// <summary>What was sealed; null when the passphrase is another, or a byte of the file.</summary>
    /// <exception cref="FormatException">It is no bundle of this version, or holds no records.</exception>
    public static DeviceChanges? Open(ReadOnlySpan<byte> file, string passphrase)
    {
        if (file.Length < HeaderLength + TagLength || file[Magic.Length] != Version) throw new FormatException("The file is cut off, or of a later version of FocoBot.");
        var plain = new byte[file.Length - HeaderLength - TagLength];
        try
        {
            using var aes = new AesGcm(KeyOf(file, passphrase), TagLength);
            aes.Decrypt(NonceOf(file), file[HeaderLength..^TagLength], file[^TagLength..], plain, file[..HeaderLength]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Read(plain);
    }

    private static byte[] KeyOf(ReadOnlySpan<byte> file, string passphrase) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase.Normalize()), file.Slice(Magic.Length + 1, SaltLength), Rounds, HashAlgorithmName.SHA256, KeyLength);

    private static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> file) => file.Slice(HeaderLength - NonceLength, NonceLength);

    private static byte[] Write(DeviceChanges records)
    {
        var all = records.Records.Select(record => (record.Key.Kind, Name: Utf8.GetBytes(record.Key.Name), Value: record.Value!)).ToList();
        var plain = new byte[all.Sum(record => 8 + record.Name.Length + record.Value.Length)];
        var rest = plain.AsSpan();
        foreach (var (kind, name, value) in all)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)kind);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], checked((ushort)name.Length));
            name.CopyTo(rest[4..]);
            rest = rest[(4 + name.Length)..];
            BinaryPrimitives.WriteInt32BigEndian(rest, value.Length);
            value.CopyTo(rest[4..]);
            rest = rest[(4 + value.Length)..];
        }

        return plain;
    }

    // Whoever knows a passphrase can seal whatever he likes: this is read like any other file.
    private static DeviceChanges Read(ReadOnlySpan<byte> rest)
    {
        var records = new DeviceChanges();
        while (!rest.IsEmpty)
        {
            var kind = (RecordKind)BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2));
            if (!Enum.IsDefined(kind)) throw Broken();
            var name = Take(ref rest, BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2)));
            var value = Take(ref rest, BinaryPrimitives.ReadInt32BigEndian(Take(ref rest, 4)));
            if (records.Records.Count >= DeviceLimits.ImportedRecords) throw new FormatException("The file has too many records to be a device.");
            records.Set(new RecordKey(kind, TextOf(name)), value.ToArray());
        }

        return records;
    }

    private static string TextOf(ReadOnlySpan<byte> name)
    {
        try
        {
            return Utf8.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw Broken();
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        if (length < 0 || length > rest.Length) throw Broken();
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static FormatException Broken() => new("The file holds no device.");
}
