using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Http;

/// <summary>
/// Where requests end that no endpoint could answer: a body that can't be read becomes the caller's problem, anything
/// else a 500 with a trace id and nothing of the exception.
/// </summary>
internal sealed class LastResort(ILogger<LastResort> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellation)
    {
        await Answer(context, exception).ExecuteAsync(context).ConfigureAwait(false);
        return true;
    }

    private ProblemHttpResult Answer(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException bad)
        {
            return bad is { StatusCode: StatusCodes.Status400BadRequest, InnerException: JsonException malformed }
                ? Problem.Of(bad.StatusCode, "INVALID_JSON", "The body is not the JSON that is expected here.", ("path", malformed.Path))
                : StatusProblems.Of(bad.StatusCode);
        }

        var trace = Activity.Current?.Id ?? context.TraceIdentifier;
        HttpLog.Unhandled(log, exception, context.Request.Method, RouteOf(context), trace);
        return Problem.Of(StatusCodes.Status500InternalServerError, "INTERNAL", "Something went wrong on our side. Nothing of this request was kept.", ("traceId", trace));
    }

    // The pattern, not the path: ids and whatever else a caller put there stay out of the log.
    private static string? RouteOf(HttpContext context) =>
        (context.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText;
}
