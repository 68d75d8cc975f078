using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FocoBot.Http;

/// <summary>Something with a version that rises with every change.</summary>
public interface IVersioned
{
    /// <summary>The version; its entity tag.</summary>
    long Version { get; }
}

/// <summary>Versions as entity tags (RFC 9110 §8.8.3): what callers hand back to change only what they have seen.</summary>
internal static class EntityTags
{
    /// <summary>Puts the <c>ETag</c> of a versioned answer into its head.</summary>
    public static async ValueTask<object?> TagAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context).ConfigureAwait(false);
        var result = answer is INestedHttpResult nested ? nested.Result : answer;
        if (result is IValueHttpResult { Value: IVersioned versioned })
            context.HttpContext.Response.GetTypedHeaders().ETag = TagOf(versioned.Version);
        return answer;
    }

    /// <summary>Null when the request's <c>If-Match</c> (if any) allows a change of this version, else the refusal.</summary>
    public static ProblemHttpResult? Check(HttpRequest request, long version)
    {
        if (request.Headers.IfMatch.Count == 0) return null;
        if (!EntityTagHeaderValue.TryParseStrictList(request.Headers.IfMatch, out var tags) || tags.Count > HttpLimits.EntityTags)
            return Problem.Invalid("If-Match", "If-Match holds the ETag of the version to change, such as \"3\".");
        var current = TagOf(version);
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: true)) ? null
            : Problem.Of(StatusCodes.Status412PreconditionFailed, "VERSION_MISMATCH", "It was changed meanwhile. Read it again.", ("version", version));
    }

    private static EntityTagHeaderValue TagOf(long version) => new($"\"{version}\"");
}
