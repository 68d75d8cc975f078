using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace FocoBot.Http;

/// <summary>Holds bodies under <c>/api</c> to <see cref="HttpLimits.Body"/>, or to the endpoint's own limit where it names one.</summary>
internal static class BodyLimit
{
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) return next(context);
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { } own ? own.MaxRequestBodySize : HttpLimits.Body;
        if (context.Request.ContentLength > limit) return TooLarge(context.GetEndpoint()).ExecuteAsync(context);
        // A body without a length is counted by the server while it is read.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = limit;
        return next(context);
    }

    // In the endpoint's own word for it, where it has one.
    private static ProblemHttpResult TooLarge(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<MayRefuse>().FirstOrDefault(refusal => refusal.Status == StatusCodes.Status413PayloadTooLarge) is { } own
            ? Problem.Of(own.Status, own.Code, "The body is larger than we take here.") : StatusProblems.Of(StatusCodes.Status413PayloadTooLarge);
}
