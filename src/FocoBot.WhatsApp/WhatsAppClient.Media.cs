using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp;

// Files in messages. They travel beside the connection, over HTTPS, and only the messages say what opens them.
public sealed partial class WhatsAppClient
{
    private readonly MediaTransfer _media;
    private readonly MediaRetries _mediaRetries;

    /// <summary>Encrypts a file and uploads it, for use in one message or several.</summary>
    /// <param name="content">The file, read to its end; at most 2 GiB. Never all of it is in memory; meanwhile it lies encrypted in the folder for temporary files.</param>
    /// <param name="type">What it is to be in the messages.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>What <see cref="UploadedMedia.ToMessage"/> makes messages of.</returns>
    /// <exception cref="ArgumentException">The file is too large.</exception>
    /// <exception cref="MediaUnavailableException">No media host took it.</exception>
    /// <exception cref="ProtocolException">The media hosts' answers are wrong.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, by which the media hosts could be learned.</exception>
    public Task<UploadedMedia> UploadAsync(Stream content, MediaType type, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return _media.UploadAsync(content, type.Kind(), token);
    }

    /// <summary>Uploads a file and sends it to somebody, or to oneself.</summary>
    /// <param name="to">The person, by phone number or hidden identity.</param>
    /// <param name="content">The file, see <see cref="UploadAsync"/>.</param>
    /// <param name="description">What it is, and what the message says besides.</param>
    /// <param name="id">An id of one's own, the same for a message that is tried again; null to have one made.</param>
    /// <param name="token">Gives up; the message may be sent all the same.</param>
    /// <returns>When the server has taken the message.</returns>
    /// <exception cref="ArgumentException">This is no person, or the parts of the description don't go together.</exception>
    /// <exception cref="MediaUnavailableException">No media host took the file.</exception>
    /// <exception cref="ProtocolException">The media hosts' answers are wrong.</exception>
    /// <exception cref="RequestRefusedException">The server refused the message; 404 when nobody there has WhatsApp.</exception>
    /// <exception cref="RequestTimeoutException">The server did not answer in time; it may have the message, or get it later.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or the client has been disconnected; the server may have the message, or get it later.</exception>
    /// <exception cref="StoreFailedException">The message could not be stored, and was not sent.</exception>
    public async Task<SentMessage> SendMediaAsync(Jid to, Stream content, MediaToSend description, string? id = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        description.Check();
        var uploaded = await UploadAsync(content, description.Type, token);
        return await SendAsync(to, uploaded.ToMessage(description), id, token);
    }

    /// <summary>Downloads the file of a message and decrypts it. Once the media hosts have deleted it, that is the end; see the other overload.</summary>
    /// <param name="content">A message with an image, video, sound, document or sticker.</param>
    /// <param name="destination">
    /// Gets the file, beginning only when all of it is there and has the hash that the message names. Only when this returns is the file complete
    /// and proven; after an exception, throw away what is there.
    /// </param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the file is complete.</returns>
    /// <exception cref="ArgumentException">The message has no file.</exception>
    /// <exception cref="MediaUnavailableException">No media host has it.</exception>
    /// <exception cref="ProtocolException">What the message says of its file can't be true, or what the media hosts have is something else.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, by which the media hosts could be learned.</exception>
    public Task DownloadAsync(Message content, Stream destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return _media.DownloadAsync(FileOf(content), destination, token);
    }

    /// <summary>
    /// Downloads the file of a message and decrypts it. When the media hosts have it no longer, the account's phone is asked to upload it again,
    /// which takes it a while, and which it can only do when it is online and has kept the file.
    /// </summary>
    /// <param name="message">A message with an image, video, sound, document or sticker.</param>
    /// <inheritdoc cref="DownloadAsync(Message, Stream, CancellationToken)"/>
    /// <param name="destination"/>
    /// <param name="token"/>
    public async Task DownloadAsync(MessageReceived message, Stream destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(destination);
        var file = FileOf(message.Content);
        try
        {
            await _media.DownloadAsync(file, destination, token);
        }
        catch (MediaUnavailableException gone) when (gone.IsGone)
        {
            var online = await OnlineAsync(token);
            var self = Device!.PhoneJid!.Value.WithoutDevice();
            var directPath = await _mediaRetries.AskAsync(online, self, message, file.MediaKey, token);
            await _media.DownloadAsync(file.At(directPath), destination, token);
        }
    }

    private static MediaReference FileOf(Message content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return MediaReference.Of(content) ?? throw new ArgumentException("The message has no file.", nameof(content));
    }
}
