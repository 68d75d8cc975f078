using System.Security.Cryptography;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.AppState;

/// <summary>
/// Encrypts and decrypts single mutations.
/// <code>
/// record.index = HMAC of the index
/// record.value = iv(16) | AES-256-CBC(key, iv, PKCS7(SyncActionData)) | value MAC(32)
/// </code>
/// </summary>
internal static class MutationCodec
{
    private const int IvLength = 16;
    private const int MacLength = 32;

    /// <summary>Encrypts one mutation; <paramref name="iv"/> is 16 random bytes.</summary>
    public static SyncdMutation Encode(
        AppStateKeys keys, SyncdMutation.Types.Operation operation, ReadOnlySpan<byte> indexJson, SyncActionValue value, int actionVersion, ReadOnlySpan<byte> iv)
    {
        var data = new SyncActionData
        {
            Index = ByteString.CopyFrom(indexJson),
            Value = value,
            Padding = ByteString.Empty,
            Version = actionVersion,
        };
        using var aes = Aes.Create();
        aes.Key = keys.ValueEncryptionKey.ToArray();
        byte[] ivAndCiphertext = [.. iv, .. aes.EncryptCbc(data.ToByteArray(), iv)];
        byte[] blob = [.. ivAndCiphertext, .. keys.ValueMac(operation, ivAndCiphertext)];
        return new SyncdMutation
        {
            Operation = operation,
            Record = new SyncdRecord
            {
                Index = new SyncdBlob { Blob = ByteString.CopyFrom(keys.IndexMac(indexJson)) },
                Value = new SyncdBlob { Blob = ByteString.CopyFrom(blob) },
                KeyId = new SyncdKeyId { Id = ByteString.CopyFrom(keys.Id) },
            },
        };
    }

    /// <summary>Verifies and decrypts one mutation; <paramref name="keys"/> are those that <paramref name="record"/> names.</summary>
    /// <exception cref="ProtocolException">Either MAC is wrong, or what was encrypted is no mutation.</exception>
    public static Mutation Decode(AppStateKeys keys, SyncdMutation.Types.Operation operation, SyncdRecord record)
    {
        if (operation is not (SyncdMutation.Types.Operation.Set or SyncdMutation.Types.Operation.Remove))
            throw new ProtocolException("A mutation neither sets nor removes");
        var blob = (record.Value?.Blob ?? ByteString.Empty).Span;
        if (blob.Length < IvLength + 16 + MacLength || blob.Length % 16 != 0)
            throw new ProtocolException("A mutation has an impossible length");
        var valueMac = keys.ValueMac(operation, blob[..^MacLength]);
        if (!CryptographicOperations.FixedTimeEquals(valueMac, blob[^MacLength..]))
            throw new ProtocolException("A mutation has a wrong value MAC");
        var data = ProtoReader.Parse<SyncActionData>(Decrypt(keys, blob[..IvLength], blob[IvLength..^MacLength]));
        var indexMac = keys.IndexMac(data.Index.Span);
        if (!CryptographicOperations.FixedTimeEquals(indexMac, (record.Index?.Blob ?? ByteString.Empty).Span))
            throw new ProtocolException("A mutation has a wrong index MAC");
        return new Mutation(operation, data.Index.ToByteArray(), data.Value ?? new SyncActionValue(), data.Version, indexMac, valueMac);
    }

    private static byte[] Decrypt(AppStateKeys keys, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> ciphertext)
    {
        using var aes = Aes.Create();
        aes.Key = keys.ValueEncryptionKey.ToArray();
        try
        {
            return aes.DecryptCbc(ciphertext, iv);
        }
        catch (CryptographicException e)
        {
            throw new ProtocolException("A mutation is padded wrongly", e);
        }
    }
}
