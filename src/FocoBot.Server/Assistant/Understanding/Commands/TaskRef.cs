using System.Collections.Immutable;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>The tasks a command names.</summary>
internal sealed record TaskRef
{
    public ImmutableArray<int> Numbers { get; init; } = [];

    public string? Text { get; init; }

    public RefScope? Scope { get; init; }

    public string? Filter { get; init; }

    /// <summary>Only "it": the task spoken of last.</summary>
    public bool Pronoun { get; init; }

    public Understanding As(Intent intent) => new()
    {
        Intent = intent,
        Refs = Numbers,
        RefText = Text,
        RefScope = Scope,
        Filter = Filter,
        Confidence = Pronoun ? 0.6 : Text is null ? 1 : 0.9,
    };
}
