using FocoBot.Assistant.Understanding;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>What a message means, whoever understood it: the parser or a language model.</summary>
public sealed record Meaning(Intent Intent)
{
    public string? Title { get; init; }
    public Tasks.Due? Due { get; init; }
    public string? Recurrence { get; init; }
    public string? Priority { get; init; }
    public IReadOnlyList<int> Refs { get; init; } = [];
    public string? RefText { get; init; }
    public RefScope? RefScope { get; init; }
    public string? Filter { get; init; }
    public string? Code { get; init; }
    public Setting? Setting { get; init; }

    /// <summary>Whether a guess is behind it: then it may change several things only after a yes.</summary>
    public bool Guessed { get; init; }

    /// <summary>Whether even a single task is changed only after a yes.</summary>
    public bool MustConfirm { get; init; }

    /// <summary>True when it says which task is meant.</summary>
    public bool NamesTasks => Refs.Count > 0 || RefText is not null || RefScope is not null || Filter is not null;

    /// <summary>The title of a new task. Nothing that was said is lost: one too long to be a title is kept whole in the notes.</summary>
    public (string Title, string? Notes) Named()
    {
        var title = Title!.Trim();
        return title.Length > TaskLimits.Title ? (TaskLines.Short(title), title[..Math.Min(title.Length, TaskLimits.Notes)]) : (title, null);
    }

    /// <summary>The rule, if the calendar knows it.</summary>
    public string? KnownRecurrence => Recurrence is { } rule && RecurrenceRule.TryParse(rule, out _, out _) ? rule : null;

    public static Meaning Of(Understanding.Understanding understood) => new(understood.Intent)
    {
        Title = understood.Title,
        Due = understood.Due is { } due ? new Tasks.Due(DateOnly.FromDateTime(due.At), due.HasTime ? TimeOnly.FromDateTime(due.At) : null) : null,
        Recurrence = understood.Recurrence,
        Priority = understood.Priority?.ToString().ToLowerInvariant(),
        Refs = understood.Refs,
        RefText = understood.RefText,
        RefScope = understood.RefScope,
        Filter = understood.Filter,
        Code = understood.Code,
        Setting = understood.Setting,
    };
}
