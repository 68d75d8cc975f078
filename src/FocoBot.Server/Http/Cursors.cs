using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FocoBot.Security;

namespace FocoBot.Http;

/// <summary>
/// Positions in a list, as the opaque cursors that callers hand back: base64url of tag (16) ‖ JSON. The tag covers the
/// list too, so a cursor is good for the list, filters and account it was made for, on every node and after a restart.
/// </summary>
public sealed class Cursors(Secrets secrets)
{
    private const int TagLength = 16;

    /// <summary>The cursor of <paramref name="position"/> in <paramref name="list"/> (which names account, kind and filters).</summary>
    public string Write<T>(string list, T position) where T : class
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(position, JsonSerializerOptions.Web);
        return Base64Url.EncodeToString([.. Tag(list, json), .. json]);
    }

    /// <summary>Reads a cursor of <paramref name="list"/>. No cursor is the list's beginning: true, with no position.</summary>
    public bool TryRead<T>(string list, string? cursor, out T? position) where T : class
    {
        position = null;
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor.Length > HttpLimits.Cursor || !Base64Url.IsValid(cursor)) return false;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= TagLength || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, TagLength), Tag(list, bytes.AsSpan(TagLength)))) return false;
        position = JsonSerializer.Deserialize<T>(bytes.AsSpan(TagLength), JsonSerializerOptions.Web);
        return position is not null;
    }

    private byte[] Tag(string list, ReadOnlySpan<byte> json)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secrets.Cursors);
        // The list's own tag has a fixed length: no list and position can be read as another pair.
        mac.AppendData(HMACSHA256.HashData(secrets.Cursors, Encoding.UTF8.GetBytes(list)));
        mac.AppendData(json);
        return mac.GetHashAndReset()[..TagLength];
    }
}
