using FocoBot.Http;

namespace FocoBot.Tasks;

/// <summary>A thing to do, as it is stored.</summary>
public sealed record TaskItem
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public Guid? ProjectId { get; init; }
    public required string Title { get; init; }
    public string? Notes { get; init; }
    public DateOnly? DueDate { get; init; }
    public TimeOnly? DueTime { get; init; }

    /// <summary>The IANA zone that the due date and time are meant in.</summary>
    public string? DueZone { get; init; }

    /// <summary>The instant of the due date and time; the start of that day when there is no time.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>RFC 5545 RRULE without its prefix.</summary>
    public string? Recurrence { get; init; }

    /// <summary>high, medium, low or null.</summary>
    public string? Priority { get; init; }

    /// <summary>The provider's id of the message that made it.</summary>
    public string? SourceMessage { get; init; }
    public DateTimeOffset? DoneAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Rises with every change; the ETag.</summary>
    public long Version { get; init; } = 1;
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Date and time together.</summary>
    public Due? Due => DueDate is { } date ? new Due(date, DueTime) : null;

    /// <summary>The same task, due at another moment of <paramref name="zone"/>.</summary>
    public TaskItem DueAgain(Due? due, TimeZoneInfo zone) => this with
    {
        DueDate = due?.Date,
        DueTime = due?.Time,
        DueZone = due is null ? null : zone.Id,
        DueAt = due?.InstantIn(zone).ToUniversalTime(),
    };
}

/// <summary>A task as the API and events show it.</summary>
public sealed record TaskView(
    Guid Id, string Title, string? Notes, string? Due, bool DueHasTime, string? DueZone, DateTimeOffset? DueAt, string? Recurrence, string? Priority,
    Guid? ProjectId, string Status, DateTimeOffset? DoneAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version) : IVersioned
{
    public static TaskView Of(TaskItem task) => new(
        task.Id, task.Title, task.Notes, Text(task.Due), task.DueTime is not null, task.DueZone, task.DueAt, task.Recurrence, task.Priority,
        task.ProjectId, task.DeletedAt is not null ? "deleted" : task.DoneAt is not null ? "done" : "open", task.DoneAt, task.CreatedAt, task.UpdatedAt, task.Version);

    private static string? Text(Due? due) => due is not { } value ? null
        : value.Time is { } time ? $"{value.Date:yyyy-MM-dd}T{time:HH\\:mm}" : $"{value.Date:yyyy-MM-dd}";
}
