namespace FocoBot.Http;

/// <summary>One problem an endpoint may answer with: documentation, carried by the endpoint.</summary>
public sealed record MayRefuse(int Status, string Code);

internal static class Refusals
{
    /// <summary>Says which problems an endpoint may answer with, besides those that all share.</summary>
    public static TBuilder MayRefuse<TBuilder>(this TBuilder builder, int status, params string[] codes) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata([.. codes.Select(code => new MayRefuse(status, code))]);
}
