using System.Collections.Immutable;

namespace FocoBot.Assistant.Understanding;

/// <summary>What the user wants of the assistant.</summary>
public enum Intent
{
    Unknown, Create, List, Complete, Delete, Edit, Reschedule, Undo, Help, Verify, Settings, Greeting, Thanks, Stop,
}

/// <summary>A language the assistant speaks.</summary>
public enum Language
{
    Spanish,
    English,
}

/// <summary>Languages by their codes.</summary>
public static class Languages
{
    /// <summary>The language of <c>es</c> or <c>en</c>; Spanish for all else.</summary>
    public static Language Of(string code) => code == "en" ? Language.English : Language.Spanish;
}

/// <summary>How much a task matters; a task whose priority was not said has none.</summary>
public enum Priority
{
    Low,
    Medium,
    High,
}

/// <summary>Tasks named by a word instead of a number.</summary>
public enum RefScope
{
    All,
    Last,
}

/// <summary>A date on the user's wall clock, with the time of day when one was said.</summary>
/// <param name="At">Local wall-clock time; midnight when <paramref name="HasTime"/> is false. Its kind is unspecified.</param>
/// <param name="HasTime">Whether the time of day was said.</param>
public readonly record struct Due(DateTime At, bool HasTime);

/// <summary>One setting to change: <c>timezone</c> (IANA name), <c>language</c> (<c>es</c>/<c>en</c>) or <c>digest</c> (<c>on</c>/<c>off</c>/<c>HH:MM</c>).</summary>
public sealed record Setting(string Key, string Value);

/// <summary>The meaning of one message. Fields that the intent does not use are empty.</summary>
public sealed record Understanding
{
    /// <summary>What the user wants.</summary>
    public Intent Intent { get; init; }

    /// <summary>The new task's title, or the new title of an edited one, in the user's own words.</summary>
    public string? Title { get; init; }

    /// <summary>The date said; null in a reschedule means that the date is to be removed.</summary>
    public Due? Due { get; init; }

    /// <summary>An RFC 5545 rule without the <c>RRULE:</c> prefix, start and time of day.</summary>
    public string? Recurrence { get; init; }

    /// <summary>The priority said, if any.</summary>
    public Priority? Priority { get; init; }

    /// <summary>Task numbers in the order said, ranges expanded, at most <see cref="UnderstandingLimits.Refs"/>.</summary>
    public ImmutableArray<int> Refs { get; init; } = [];

    /// <summary>The task named by words.</summary>
    public string? RefText { get; init; }

    /// <summary>All tasks or the last one.</summary>
    public RefScope? RefScope { get; init; }

    /// <summary>Which tasks to list or to change in bulk: <c>open</c>, <c>today</c>, <c>date:YYYY-MM-DD</c>, <c>search:words</c> …</summary>
    public string? Filter { get; init; }

    /// <summary>The digits of a verification code.</summary>
    public string? Code { get; init; }

    /// <summary>The setting to change.</summary>
    public Setting? Setting { get; init; }

    /// <summary>How sure the parser is, 0 to 1; below <see cref="UnderstandingLimits.Unsure"/> a language model may know better.</summary>
    public double Confidence { get; init; }

    /// <summary>Whether the text plainly holds several separate tasks; the fields describe the text as one.</summary>
    public bool SeveralTasks { get; init; }

    /// <summary>The language the message is written in; the profile's where the text does not tell.</summary>
    public Language DetectedLanguage { get; init; }
}
