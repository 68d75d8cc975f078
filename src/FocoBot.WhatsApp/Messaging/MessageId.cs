using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Ids of messages of one's own.</summary>
internal static class MessageId
{
    /// <summary>As the other one looks: <c>"3EB0"</c> and, in upper-case hex, 9 random bytes.</summary>
    public static string Create() => "3EB0" + RandomNumberGenerator.GetHexString(18);

    /// <summary><c>"3EB0"</c> and, in upper-case hex, the first 9 bytes of <c>SHA256(u64be(time) | user | "@c.us" | random)</c>.</summary>
    /// <param name="time">Now, in seconds.</param>
    /// <param name="ownUser">User part of the own JID.</param>
    /// <param name="random">16 random bytes: two messages of one second differ by them.</param>
    public static string Create(long time, string ownUser, ReadOnlySpan<byte> random)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, time);
        sha.AppendData(number);
        sha.AppendData(Encoding.UTF8.GetBytes(ownUser));
        sha.AppendData("@c.us"u8);
        sha.AppendData(random);
        return "3EB0" + Convert.ToHexString(sha.GetHashAndReset().AsSpan(0, 9));
    }
}
