using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Http;

/// <summary>Errors as RFC 9457 problems with a <c>code</c> that programs can act on.</summary>
public static class Problem
{
    /// <summary>A problem answer. <paramref name="detail"/> is for people and holds no secret, phone number or message text.</summary>
    public static ProblemHttpResult Of(int status, string code, string detail, params (string Key, object? Value)[] more)
    {
        var extensions = more.ToDictionary(pair => pair.Key, pair => pair.Value);
        extensions["code"] = code;
        return TypedResults.Problem(detail, statusCode: status, title: TitleOf(status), extensions: extensions);
    }

    public static ProblemHttpResult NotFound(string what) => Of(404, "NOT_FOUND", $"There is no such {what}.");

    public static ProblemHttpResult Invalid(string field, string detail) => Of(422, "INVALID", detail, ("field", field));

    /// <summary>Too many tries: says when the next one is welcome.</summary>
    public static ProblemHttpResult RateLimited(HttpContext context, TimeSpan wait) => RateLimited(context, wait, "RATE_LIMITED", "Too many tries. Wait a little.");

    /// <summary>Too much of something: says when more is welcome.</summary>
    public static ProblemHttpResult RateLimited(HttpContext context, TimeSpan wait, string code, string detail)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Of(StatusCodes.Status429TooManyRequests, code, detail, ("retryAfterSeconds", seconds));
    }

    private static string TitleOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
