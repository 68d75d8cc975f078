using FocoBot.WhatsApp;
using Microsoft.AspNetCore.Diagnostics;

namespace FocoBot.Sandbox.Http;

/// <summary>Turns what can't be done into problems with a code (RFC 9457).</summary>
internal sealed class Refusals : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellation)
    {
        var (status, code) = exception switch
        {
            SandboxException { Code: "NOT_FOUND" } => (StatusCodes.Status404NotFound, "NOT_FOUND"),
            SandboxException refused => (StatusCodes.Status409Conflict, refused.Code),
            ProtocolException or FormatException or ArgumentException or BadHttpRequestException => (StatusCodes.Status400BadRequest, "INVALID"),
            _ => (0, ""),
        };
        if (status == 0) return false;
        await Results.Problem(exception.Message, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code }).ExecuteAsync(context).ConfigureAwait(false);
        return true;
    }
}
