using FocoBot.Devices.Sending;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.Devices.Files;

/// <summary>Brings a waiting file to WhatsApp's file hosts, once: from then on its message says where it is, whatever happens, and the file here is gone.</summary>
internal sealed class MediaCourier(Database database, MediaSpool spool)
{
    /// <summary>The message of a waiting file, which is uploaded unless it is already.</summary>
    /// <exception cref="WhatsApp.WhatsAppException">It was not uploaded; try again.</exception>
    public async Task<Message> MessageAsync(LiveDevice device, Guid id, OutboxBody body, OutboxFile file, CancellationToken cancellation)
    {
        if (body.Uploaded is { } before) return Message.Parser.ParseFrom(before);
        var type = MediaKinds.TypeOf(body.Request.MessageType!);
        Message message;
        await using (var content = spool.Open(device.Kept, id))
        {
            var uploaded = await device.Client.UploadAsync(content, type, cancellation).ConfigureAwait(false);
            message = uploaded.ToMessage(new MediaToSend { Type = type, MimeType = file.MimeType, FileName = file.Name, Caption = string.IsNullOrEmpty(body.Request.Message) ? null : body.Request.Message });
        }

        var kept = message.ToByteArray();
        await database.AsService("file uploaded").WriteAsync(async work =>
        {
            await work.PostAsync("UPDATE whatsapp_device_outbox SET body = @sealed WHERE id = @id", new { id, @sealed = device.Kept.Key.SealJson(DeviceOutbox.BodyColumn, id, body with { Uploaded = kept }) }).ConfigureAwait(false);
            await MessageBook.AddMediaAsync(work, device.Kept, id, kept).ConfigureAwait(false);
            work.OnCommit(() => spool.Delete(id));
        }, CancellationToken.None).ConfigureAwait(false);
        return message;
    }
}
