using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FocoBot.Devices.Files;

/// <summary>Files of messages: <c>device/{id}/messages/{message}/media</c>.</summary>
internal static class MediaEndpoints
{
    // What others have sent is looked at, if at all, without scripts, forms or anything of ours around it.
    private const string Policy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    public static void MapDeviceMedia(this RouteGroupBuilder api) =>
        api.MapGet("device/{id:guid}/messages/{message:guid}/media", DownloadAsync).RequireScope(Scopes.MessagesRead).WithName("messageMedia").WithSummary("The file of a message, fetched from WhatsApp")
            .Produces(StatusCodes.Status200OK, typeof(Stream), "application/octet-stream").MayRefuse(404, "NOT_FOUND").MayRefuse(409, "DEVICE_DISCONNECTED").MayRefuse(410, "MEDIA_GONE").MayRefuse(503, "CONNECTION_CLOSED")
            .WithRequestTimeout(MediaLimits.RequestTime);

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> DownloadAsync(Guid id, Guid message, Caller caller, HttpContext context, Database database, DeviceKeys keys, DeviceSupervisor supervisor)
    {
        var found = await database.AsAccount(caller.AccountId).ReadAsync(async work =>
            await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is { Wrapped: { } wrapped } row
                ? await MessageList.FindAsync(work, new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, wrapped)), message).ConfigureAwait(false) : null, context.RequestAborted).ConfigureAwait(false);
        if (found is not var (view, body)) return Problem.NotFound("message");
        if (body.Media is not { } media) return Problem.NotFound("file: the message has none, or it was not kept");
        if (supervisor.Find(id) is not { Client.State: WhatsApp.ConnectionState.Online } device || device.AccountId != caller.AccountId) return DeviceTrouble.Disconnected.ToProblem();
        Announce(context.Response, view);
        try
        {
            var whole = new MessageReceived(view.MessageId, Jid.Parse(view.Chat), Jid.Parse(view.Sender), view.Direction == "outbound", view.SentAt ?? view.CreatedAt, Message.Parser.ParseFrom(media));
            await device.Client.DownloadAsync(whole, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (WhatsAppException) when (context.Response.HasStarted)
        {
            // The file is not the one that was sent: the caller sees it end amid it.
            context.Abort();
        }
        catch (WhatsAppException failed)
        {
            context.Response.Clear();
            return TroubleOf(failed).ToProblem();
        }

        return TypedResults.Empty;
    }

    private static void Announce(HttpResponse response, MessageView view)
    {
        var name = new ContentDispositionHeaderValue("attachment");
        name.SetHttpFileName(FileNames.Clean(view.FileName) ?? FileNames.Of(view.Type, view.Id, view.MimeType));
        response.Headers.ContentDisposition = name.ToString();
        response.Headers.ContentSecurityPolicy = Policy;
        response.ContentType = MediaTypeHeaderValue.TryParse(view.MimeType, out var type) ? type.MediaType.ToString() : "application/octet-stream";
    }

    private static DeviceTrouble TroubleOf(WhatsAppException failed) => failed switch
    {
        MediaUnavailableException { IsGone: true } or ProtocolException => DeviceTrouble.MediaGone,
        ConnectionEndedException => DeviceTrouble.Disconnected,
        _ => DeviceTrouble.Interrupted,
    };
}
