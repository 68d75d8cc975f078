using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// Asks the phone that holds a file to upload it again, and reads its answer; both ways AES-256-GCM with
/// <c>HKDF(mediaKey, "WhatsApp Media Retry Notification", 32)</c> and the message id as associated data.
/// </summary>
internal static class MediaRetry
{
    /// <summary>The <c>enc_p</c> of the request.</summary>
    public static byte[] SealRequest(ReadOnlySpan<byte> mediaKey, string messageId, ReadOnlySpan<byte> iv) =>
        Seal(mediaKey, messageId, iv, new ServerErrorReceipt { StanzaId = messageId });

    /// <summary>The phone's side: checks a request.</summary>
    /// <exception cref="ProtocolException">It was not sealed with this media key for this message.</exception>
    public static void OpenRequest(ReadOnlySpan<byte> mediaKey, string messageId, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> box)
    {
        var request = ProtoReader.Parse<ServerErrorReceipt>(Open(mediaKey, messageId, iv, box));
        CheckId(request.StanzaId, messageId);
    }

    /// <summary>The phone's side: the <c>enc_p</c> of the answer.</summary>
    public static byte[] SealAnswer(ReadOnlySpan<byte> mediaKey, string messageId, ReadOnlySpan<byte> iv, MediaRetryNotification answer) =>
        Seal(mediaKey, messageId, iv, answer);

    /// <summary>Reads the phone's answer.</summary>
    /// <exception cref="ProtocolException">It was not sealed with this media key for this message.</exception>
    public static MediaRetryNotification OpenAnswer(ReadOnlySpan<byte> mediaKey, string messageId, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> box)
    {
        var answer = ProtoReader.Parse<MediaRetryNotification>(Open(mediaKey, messageId, iv, box));
        CheckId(answer.StanzaId, messageId);
        return answer;
    }

    private static byte[] Seal(ReadOnlySpan<byte> mediaKey, string messageId, ReadOnlySpan<byte> iv, IMessage content)
    {
        Span<byte> key = stackalloc byte[32];
        DeriveKey(mediaKey, key);
        return GcmBox.Seal(key, iv, content.ToByteArray(), Encoding.UTF8.GetBytes(messageId));
    }

    private static byte[] Open(ReadOnlySpan<byte> mediaKey, string messageId, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> box)
    {
        Span<byte> key = stackalloc byte[32];
        DeriveKey(mediaKey, key);
        return GcmBox.Open(key, iv, box, Encoding.UTF8.GetBytes(messageId));
    }

    private static void DeriveKey(ReadOnlySpan<byte> mediaKey, Span<byte> key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, mediaKey, key, salt: default, "WhatsApp Media Retry Notification"u8);

    private static void CheckId(string stanzaId, string messageId)
    {
        if (stanzaId != messageId)
            throw new ProtocolException("A media retry is about another message");
    }
}
