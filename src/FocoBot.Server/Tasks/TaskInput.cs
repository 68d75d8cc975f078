using System.Globalization;
using FocoBot.Accounts;
using FocoBot.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Tasks;

/// <summary>A task to make.</summary>
public sealed record TaskDraft
{
    /// <summary>Up to 500 characters on one line.</summary>
    public string? Title { get; init; }

    /// <summary>Up to 16,000 characters.</summary>
    public string? Notes { get; init; }

    /// <summary><c>YYYY-MM-DD</c>, or <c>YYYY-MM-DDTHH:MM</c> on the clock of the time zone.</summary>
    public string? Due { get; init; }

    /// <summary>IANA zone of the due date; the account's when absent.</summary>
    public string? TimeZone { get; init; }

    /// <summary>RFC 5545 RRULE without its prefix; needs a due date.</summary>
    public string? Recurrence { get; init; }

    /// <summary>high, medium or low.</summary>
    public string? Priority { get; init; }

    /// <summary>A project of the account.</summary>
    public Guid? ProjectId { get; init; }

    internal TaskChange AsChange() => new()
    {
        Title = Title,
        Notes = Notes,
        Due = Due,
        TimeZone = TimeZone,
        Recurrence = Recurrence,
        Priority = Priority,
        ProjectId = ProjectId,
    };
}

/// <summary>Changes of a task, as a JSON merge patch: absent members stay, <c>null</c> clears.</summary>
public sealed record TaskChange
{
    /// <inheritdoc cref="TaskDraft.Title"/>
    public Given<string> Title { get; init; }

    /// <inheritdoc cref="TaskDraft.Notes"/>
    public Given<string> Notes { get; init; }

    /// <inheritdoc cref="TaskDraft.Due"/>
    public Given<string> Due { get; init; }

    /// <summary>IANA zone of the due date; null is the account's.</summary>
    public Given<string> TimeZone { get; init; }

    /// <inheritdoc cref="TaskDraft.Recurrence"/>
    public Given<string> Recurrence { get; init; }

    /// <inheritdoc cref="TaskDraft.Priority"/>
    public Given<string> Priority { get; init; }

    /// <inheritdoc cref="TaskDraft.ProjectId"/>
    public Given<Guid?> ProjectId { get; init; }

    /// <summary>The task with this change, or what is wrong with it. <paramref name="accountZone"/> is the zone when none is named.</summary>
    internal (TaskItem Task, ProblemHttpResult? Problem) ApplyTo(TaskItem task, string accountZone)
    {
        var after = task with
        {
            Title = Title.Or(task.Title)?.Trim() ?? "",
            Notes = Blank(Notes.Or(task.Notes)),
            ProjectId = ProjectId.Or(task.ProjectId),
            Recurrence = Blank(Recurrence.Or(task.Recurrence)),
            Priority = Priority.Or(task.Priority),
        };
        if (after.Title.Length is 0 or > TaskLimits.Title || after.Title.Any(char.IsControl))
            return (task, Problem.Invalid("title", $"A title is one line of 1 to {TaskLimits.Title} characters."));
        if (after.Notes is { } notes && (notes.Length > TaskLimits.Notes || notes.Contains('\0')))
            return (task, Problem.Invalid("notes", $"Notes are up to {TaskLimits.Notes} characters."));
        if (after.Priority is not (null or "high" or "medium" or "low"))
            return (task, Problem.Invalid("priority", "A priority is high, medium or low."));

        if (Due.IsGiven || TimeZone.IsGiven)
        {
            var zone = TimeZone.Or(task.DueZone) ?? accountZone;
            if (!TimeZones.IsIana(zone))
                return (task, Problem.Invalid("timeZone", "A time zone is an IANA name such as America/Mexico_City."));
            if (!TryReadDue(Due, task.Due, out var due))
                return (task, Problem.Invalid("due", $"A due date is YYYY-MM-DD or YYYY-MM-DDTHH:MM, in the years {TaskLimits.FirstYear} to {TaskLimits.LastYear}."));
            after = after.DueAgain(due, TimeZoneInfo.FindSystemTimeZoneById(zone));
        }

        if (Recurrence.IsGiven && after.Recurrence is { } rule && !RecurrenceRule.TryParse(rule, out _, out var error))
            return (task, Problem.Invalid("recurrence", error ?? "A recurrence is an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=MO."));
        if (after is { Recurrence: not null, DueDate: null })
            return (task, Problem.Invalid(Due.IsGiven && !Recurrence.IsGiven ? "due" : "recurrence", "A task that recurs needs a due date."));
        return (after, null);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool TryReadDue(Given<string> given, Due? current, out Due? due)
    {
        due = given.IsGiven ? null : current;
        if (!given.IsGiven || given.Value is null) return true;
        var hasTime = given.Value.Length > "yyyy-MM-dd".Length;
        if (!DateTime.TryParseExact(given.Value, hasTime ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < TaskLimits.FirstYear or > TaskLimits.LastYear) return false;
        due = new Due(DateOnly.FromDateTime(local), hasTime ? TimeOnly.FromDateTime(local) : null);
        return true;
    }
}
