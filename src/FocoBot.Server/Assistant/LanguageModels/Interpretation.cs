namespace FocoBot.Assistant.LanguageModels;

/// <summary>What a language model made of a message: one to twenty results that passed every check of the schema.</summary>
/// <param name="Items">The results in the order of the text.</param>
/// <param name="NeedsConfirmation">
/// True when acting needs a "sí/yes" first: more than one task would be completed or deleted, a task is changed that the text doesn't name,
/// or messages would be stopped. A model can be wrong or be talked into it by the text.
/// </param>
/// <param name="Provider">Name of the provider that answered.</param>
public sealed record Interpretation(IReadOnlyList<InterpretedItem> Items, bool NeedsConfirmation, string Provider)
{
    /// <summary>Without content, so that it can't reach a log by accident.</summary>
    public override string ToString() => $"{nameof(Interpretation)} of {Items.Count}";
}

/// <summary>One result. Fields that its intent doesn't use are null, false or empty. Names and values are those of the NLU schema.</summary>
public sealed record InterpretedItem
{
    public required InterpretedIntent Intent { get; init; }

    /// <summary>Of create (never empty there) and edit (the new title).</summary>
    public string? Title { get; init; }

    /// <summary><c>YYYY-MM-DD</c>, or <c>YYYY-MM-DDTHH:MM</c> with a time; the person's wall clock.</summary>
    public string? Due { get; init; }

    public bool DueHasTime { get; init; }

    /// <summary>RFC 5545 rule without prefix, DTSTART and BYHOUR.</summary>
    public string? Recurrence { get; init; }

    /// <summary><c>high</c>, <c>medium</c> or <c>low</c>.</summary>
    public string? Priority { get; init; }

    /// <summary>Task numbers, 1 to 999, without repeats.</summary>
    public IReadOnlyList<int> Refs { get; init; } = [];

    /// <summary>A task named by words.</summary>
    public string? RefText { get; init; }

    /// <summary><c>all</c> or <c>last</c>.</summary>
    public string? RefScope { get; init; }

    /// <summary>A filter of the schema, such as <c>today</c>, <c>date:2026-11-26</c> or <c>search:pintura</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Digits of a verification code.</summary>
    public string? Code { get; init; }

    public InterpretedSetting? Setting { get; init; }

    /// <summary>Without content, so that it can't reach a log by accident.</summary>
    public override string ToString() => $"{nameof(InterpretedItem)} {Intent}";
}

/// <summary>A setting to change: <c>timezone</c>, <c>language</c> or <c>digest</c>.</summary>
public sealed record InterpretedSetting(string Key, string Value);

/// <summary>The intents of the NLU schema.</summary>
public enum InterpretedIntent
{
    Unknown,
    Create,
    List,
    Complete,
    Delete,
    Edit,
    Reschedule,
    Undo,
    Help,
    Verify,
    Settings,
    Greeting,
    Thanks,
    Stop,
}
