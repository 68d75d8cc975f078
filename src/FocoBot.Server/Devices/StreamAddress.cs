using FocoBot.Http;

namespace FocoBot.Devices;

/// <summary>Where the stream of a device is found.</summary>
internal sealed class StreamAddress(ServerOptions server, DeviceOptions options)
{
    public string Of(HttpContext context, Guid device)
    {
        var known = options.StreamUrl ?? server.PublicBaseUrl ?? $"{context.Request.Scheme}://{context.Request.Host}";
        // http becomes ws, https becomes wss.
        return $"{(known.StartsWith("http", StringComparison.Ordinal) ? "ws" + known[4..] : known)}/api/integrations/whatsapp/device/{device}/stream";
    }
}
