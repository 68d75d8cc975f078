using System.Buffers;
using FocoBot.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// Where Twilio brings messages and status callbacks. A correctly signed request within size is answered 200 once its
/// content is on the disk, a repeat too; everything else is refused before it costs anything.
/// </summary>
internal sealed class WebhookEndpoint(TwilioOptions options, ServerOptions server, Inbox inbox, DeliveryStatuses statuses, RefusedWebhooks refused, TwilioSignature? signature = null)
{
    public const string Path = "/api/integrations/whatsapp/webhook";
    private const string FormType = "application/x-www-form-urlencoded";
    private const string EmptyTwiml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

    /// <summary>Tells whether the business channel is configured.</summary>
    public IResult Health() => Results.Json(new { status = options.IsConfigured ? "ok" : "not configured" });

    /// <summary>Takes a message or a status callback from Twilio; signed, form-encoded.</summary>
    public async Task<IResult> ReceiveAsync(HttpContext context)
    {
        if (signature is null) return Problem.Of(503, "CHANNEL_NOT_CONFIGURED", "The business channel is not configured.");
        var request = context.Request;
        if (request.ContentType is not { } type || !type.StartsWith(FormType, StringComparison.OrdinalIgnoreCase))
            return Problem.Of(415, "UNSUPPORTED_MEDIA_TYPE", $"Send {FormType}.");
        if (request.ContentLength > TwilioLimits.WebhookBytes) return TooLarge();

        var buffer = ArrayPool<byte>.Shared.Rent(TwilioLimits.WebhookBytes + 1);
        try
        {
            var length = await ReadAsync(request.Body, buffer, context.RequestAborted).ConfigureAwait(false);
            if (length > TwilioLimits.WebhookBytes) return TooLarge();
            if (!TwilioForm.TryParse(buffer.AsSpan(0, length), out var form)) return Problem.Of(400, "MALFORMED_FORM", "The form can't be decoded.");
            if (!signature.IsValid(PublicUrl(context), form, request.Headers["X-Twilio-Signature"]))
            {
                refused.Count(context.Connection.RemoteIpAddress);
                return Problem.Of(403, "INVALID_SIGNATURE", "The signature does not fit this address and content.");
            }

            return await AcceptAsync(form, request.Query[DeliveryStatuses.RowParameter], context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<IResult> AcceptAsync(TwilioForm form, string? row, CancellationToken cancellation)
    {
        if (form["AccountSid"] is { } account && account != options.AccountSid)
            return Problem.Of(403, "WRONG_ACCOUNT", "The request belongs to another Twilio account.");
        if (StatusCallback.TryParse(form, out var callback))
            await statuses.ApplyAsync(callback, row, cancellation).ConfigureAwait(false);
        else if (InboundMessage.TryParse(form, out var message))
            await inbox.AcceptAsync(Received(message), cancellation).ConfigureAwait(false);
        // Anything else Twilio may invent was signed by it and is nothing to retry.
        return Results.Content(EmptyTwiml, "text/xml; charset=utf-8");
    }

    private static ReceivedMessage Received(InboundMessage message) => new(ChannelNames.Twilio, message.MessageSid, message.From.Value, null, new InboundContent
    {
        Text = InboundContent.Readable(message switch
        {
            { Body.Length: > 0 } or { Button: null } => message.Body,
            { Button: { Text: { Length: > 0 } label } } => label,
            _ => message.Button!.Payload ?? "",
        }),
        Phone = message.From.Phone,
        ExternalUserId = message.ExternalUserId,
        ButtonPayload = message.Button?.Payload,
        Media = [.. message.Media.Select(media => new MediaReference(media.Url.AbsoluteUri, media.ContentType))],
        Location = message.Location is { } place ? new SharedLocation(place.Latitude, place.Longitude, place.Label) : null,
        RepliedTo = message.RepliedToSid,
        Forwarded = message.Forwarded,
    });

    // What Twilio called is what we told it: the public address and the path exactly as it stood on the wire, never the Host header.
    private string PublicUrl(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return (server.PublicBaseUrl ?? $"{context.Request.Scheme}://{context.Request.Host}")
            + (target.StartsWith('/') ? target : context.Request.GetEncodedPathAndQuery());
    }

    private static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        var length = 0;
        while (length <= TwilioLimits.WebhookBytes && await body.ReadAsync(buffer.AsMemory(length, TwilioLimits.WebhookBytes + 1 - length), cancellation).ConfigureAwait(false) is var read and > 0)
            length += read;
        return length;
    }

    private static IResult TooLarge() => Problem.Of(413, "TOO_LARGE", $"A webhook has at most {TwilioLimits.WebhookBytes} bytes.");
}
