using System.Collections.Concurrent;
using FocoBot.Sandbox.Media;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox.Phones;

// Files: sent, looked at when they come, and uploaded again when a companion finds them gone.
public sealed partial class VirtualPhone
{
    private const int MediaKeyLength = 32;

    private readonly ConcurrentDictionary<string, KeptMedia> _media = new(StringComparer.Ordinal);

    /// <summary>Sends a file to somebody or to a group.</summary>
    /// <param name="to">A person on the network, or a group.</param>
    /// <param name="content">The file.</param>
    /// <param name="media">What it is.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="SandboxException">There is no such person, or no room for the file.</exception>
    /// <exception cref="ArgumentException">The parts of its description don't go together.</exception>
    public async Task<string> SendMediaAsync(Jid to, Stream content, MediaToSend media)
    {
        media.Check();
        var mediaKey = _keys.RandomBytes(MediaKeyLength);
        await using var encrypted = TemporaryFile.Create();
        var file = await MediaCipher.EncryptAsync(content, encrypted, MediaKeys.Expand(mediaKey, media.Type.Kind()), _end.Token).ConfigureAwait(false);
        encrypted.Position = 0;
        var path = _network.Media.Publish(await _network.Media.KeepAsync(encrypted, _end.Token).ConfigureAwait(false));
        var place = new MediaPlace(path, _network.MediaBaseUrl is { } host ? new Uri(host, path).ToString() : null);
        return await SendMessageAsync(to, new UploadedMedia(media.Type.Kind(), mediaKey, _network.Clock.GetUtcNow(), file, sidecar: null, place).ToMessage(media)).ConfigureAwait(false);
    }

    /// <summary>Takes the file of a message off the media host, as happens after some weeks.</summary>
    /// <param name="id">A message that this phone has shown.</param>
    /// <param name="alsoHere">Whether the phone loses it as well, so that it can't upload it again.</param>
    /// <exception cref="SandboxException">It has no such file.</exception>
    public void ExpireMedia(string id, bool alsoHere = false)
    {
        if (!_media.TryGetValue(id, out var kept)) throw new SandboxException("NOT_FOUND", "This phone has no file of such a message.");
        _network.Media.Expire(kept.Blob);
        if (alsoHere) _media.TryRemove(id, out _);
    }

    // Downloads and decrypts the file of a message, and keeps it.
    private async Task<PhoneMedia?> LookAtAsync(string id, Message message)
    {
        if (PhoneMedia.Of(message) is not { } shown) return null;
        try
        {
            var reference = MediaReference.Of(message)!;
            if (_network.Media.Find(reference.Path) is not { } blob) return shown with { Problem = "The media host has no such file." };
            await using var file = blob.Open();
            await using var plain = TemporaryFile.Create();
            await MediaCipher.DecryptAsync(file, plain, MediaKeys.Expand(reference.MediaKey.Span, reference.Kind), reference.File, _end.Token).ConfigureAwait(false);
            _media[id] = new KeptMedia(reference.MediaKey.ToArray(), blob);
            return shown with { Size = plain.Length, Sha256 = Convert.ToHexStringLower(reference.File.FileSha256) };
        }
        catch (ProtocolException e)
        {
            return shown with { Problem = e.Message };
        }
    }

    // <receipt type="server-error" id from><encrypt><enc_p/><enc_iv/></encrypt><rmr/></receipt>
    private Task UploadAgainAsync(Node receipt)
    {
        var id = receipt.Require("id");
        var answer = Reuploaded(id, receipt.Child("encrypt"));
        lock (_network.Gate)
        {
            if (_network.Accounts.FindDevice(receipt.RequireJid("from")) is { } companion)
                _network.Relay.Deliver(companion, new Node("notification", [("from", Pn), ("id", id), ("type", "mediaretry"), ("t", _network.Now)],
                    receipt.Child("rmr") is { } message ? [answer, message] : [answer]));
        }

        return Task.CompletedTask;
    }

    private Node Reuploaded(string id, Node? request)
    {
        if (request is null || !_media.TryGetValue(id, out var kept)) return new Node("error", [("code", "2")]);
        try
        {
            MediaRetry.OpenRequest(kept.MediaKey, id, request.RequireChild("enc_iv").Content.Bytes.Span, request.RequireChild("enc_p").Content.Bytes.Span);
        }
        catch (ProtocolException)
        {
            return new Node("error", [("code", "3")]);
        }

        var answer = new MediaRetryNotification { StanzaId = id, Result = MediaRetryNotification.Types.ResultType.Success, DirectPath = _network.Media.Publish(kept.Blob) };
        var iv = _keys.RandomBytes(GcmBox.IvLength);
        return new Node("encrypt", [new Node("enc_p", MediaRetry.SealAnswer(kept.MediaKey, id, iv, answer)), new Node("enc_iv", iv)]);
    }

    private sealed record KeptMedia(byte[] MediaKey, MediaBlob Blob);
}
