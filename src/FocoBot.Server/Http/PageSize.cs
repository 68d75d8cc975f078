using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Http;

/// <summary>Refusals that every list shares.</summary>
internal static class PageSize
{
    /// <summary>Null when <paramref name="limit"/> is a page size we serve.</summary>
    public static ProblemHttpResult? Check(int limit) =>
        limit is >= 1 and <= HttpLimits.MaxPage ? null : Problem.Invalid("limit", $"limit is a number from 1 to {HttpLimits.MaxPage}.");

    public static ProblemHttpResult BadCursor(string name = "cursor") => Problem.Invalid(name, "The cursor is not of this list. Start without one.");
}
