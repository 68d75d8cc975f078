using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Http;

/// <summary>The problems that the framework's bare status codes stand for.</summary>
internal static class StatusProblems
{
    public static ProblemHttpResult Of(int status)
    {
        var (code, detail) = status switch
        {
            400 => ("INVALID", "The request is not one we understand: a value is missing or has the wrong form."),
            401 => ("AUTHENTICATION_FAILED", "Sign in, or present an API key."),
            403 => ("FORBIDDEN", "This is not yours to do."),
            404 => ("NOT_FOUND", "There is nothing here."),
            405 => ("METHOD_NOT_ALLOWED", "This address does not take that method."),
            408 or 504 => ("TIMEOUT", "The request took too long and was given up."),
            413 => ("BODY_TOO_LARGE", "The body is larger than we take here."),
            415 => ("UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json."),
            429 => ("RATE_LIMITED", "Too many requests. Wait a little."),
            >= 500 => ("UNAVAILABLE", "The server can't answer just now."),
            _ => ("REFUSED", "The request was refused."),
        };
        return Problem.Of(status, code, detail);
    }
}
