using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Media;

/// <summary>
/// Has the own phone upload a message's file again when the media hosts have it no longer.
/// <code>
/// C &lt;receipt id to="the own account" type="server-error"&gt;
///     &lt;encrypt&gt;&lt;enc_p/&gt;&lt;enc_iv/&gt;&lt;/encrypt&gt;&lt;rmr jid="chat" from_me participant?/&gt;
///   &lt;/receipt&gt;
/// S &lt;notification type="mediaretry" id from&gt;&lt;encrypt&gt;&lt;enc_p/&gt;&lt;enc_iv/&gt;&lt;/encrypt&gt; | &lt;error code/&gt;  &lt;rmr/&gt;&lt;/notification&gt;
/// </code>
/// </summary>
internal sealed class MediaRetries(WhatsAppClientOptions options)
{
    private event Action<Node>? Answered;

    /// <summary>Takes what the phone answers.</summary>
    public void HandleNotification(Node notification)
    {
        if (notification["type"] == "mediaretry")
            Answered?.Invoke(notification);
    }

    /// <summary>Asks the phone, and waits for its answer; over a new connection as well, if there is one meanwhile.</summary>
    /// <returns>The file's new place.</returns>
    /// <exception cref="MediaUnavailableException">The phone doesn't have it either, or says nothing.</exception>
    /// <exception cref="ConnectionEndedException">The connection has ended before the phone was asked.</exception>
    public async Task<string> AskAsync(StanzaConnection connection, Jid self, MessageReceived message, ReadOnlyMemory<byte> mediaKey, CancellationToken token)
    {
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Take(Node notification)
        {
            if (notification["id"] == message.Id && TryRead(notification, mediaKey.Span, message.Id, out var directPath))
                answer.TrySetResult(directPath);
        }

        Answered += Take;
        try
        {
            await connection.SendAsync(Request(self, message, mediaKey.Span), token);
            return await answer.Task.WaitAsync(StanzaConnection.RequestTimeout, options.Clock, token)
                ?? throw new MediaUnavailableException("The phone can't upload the file again.", status: null, isGone: true);
        }
        catch (TimeoutException silence)
        {
            throw new MediaUnavailableException("The phone was asked for the file, and did not answer in time.", status: null, isGone: true, silence);
        }
        finally
        {
            Answered -= Take;
        }
    }

    private Node Request(Jid self, MessageReceived message, ReadOnlySpan<byte> mediaKey)
    {
        var iv = options.Random.Take(GcmBox.IvLength);
        var sealedRequest = MediaRetry.SealRequest(mediaKey, message.Id, iv);
        var participant = message.Chat.Server == JidServer.Group ? message.Sender.WithoutDevice() : (Jid?)null;
        return new(
            "receipt",
            [("id", message.Id), ("to", self), ("type", "server-error")],
            [
                new("encrypt", [new("enc_p", sealedRequest), new("enc_iv", iv)]),
                new("rmr", [("jid", message.Chat), ("from_me", message.FromMe ? "true" : "false"), ("participant", participant)]),
            ]);
    }

    // False: this is no answer of the phone, which alone has the key. It may yet come.
    private static bool TryRead(Node notification, ReadOnlySpan<byte> mediaKey, string id, out string? directPath)
    {
        directPath = null;
        if (notification.Child("error") is not null)
            return true;
        try
        {
            var encrypted = notification.RequireChild("encrypt");
            var answer = MediaRetry.OpenAnswer(mediaKey, id, encrypted.RequireChild("enc_iv").Content.Bytes.Span, encrypted.RequireChild("enc_p").Content.Bytes.Span);
            directPath = answer is { Result: MediaRetryNotification.Types.ResultType.Success, DirectPath.Length: > 0 } ? answer.DirectPath : null;
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
