using System.Text;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>Writes tasks down.</summary>
public sealed class CreateAction(TaskBook book)
{
    /// <summary>Adds one task or several from one message.</summary>
    public async Task<Reply> CreateAsync(Turn turn, IReadOnlyList<Meaning> wanted)
    {
        if (wanted.Any(item => string.IsNullOrWhiteSpace(item.Title))) return turn.Fail("TITLE_MISSING", "ask.title");
        var open = await TaskTable.CountAsync(turn.Work, "user_id = @UserId AND done_at IS NULL AND deleted_at IS NULL", new { turn.UserId }).ConfigureAwait(false);
        if (open + wanted.Count > TaskLimits.OpenTasks) return turn.Fail("TASK_LIMIT_REACHED", "limit.tasks", ("count", TaskLimits.OpenTasks));

        var made = await book.CreateAsync(turn.Work, turn.UserId, [.. wanted.Select(item => Draft(turn, item))]).ConfigureAwait(false);
        if (made is [var only])
            return turn.Say("task.created", ("title", TaskLines.Short(only.Title)), ("details", TaskLines.Details(turn.Phrases, only, turn.Today)));
        var text = new StringBuilder(turn.Phrases.Say("task.created.several", ("count", made.Count)));
        TaskLines.Write(text, turn.Phrases, made, turn.Today, numbered: false);
        return new Reply(text.ToString());
    }

    private static TaskItem Draft(Turn turn, Meaning item)
    {
        var (title, notes) = item.Named();
        var draft = new TaskItem
        {
            Id = Guid.Empty, UserId = turn.UserId, ProjectId = turn.Person.ProjectId, SourceMessage = turn.MessageId,
            Title = title,
            Notes = notes,
            Recurrence = item.KnownRecurrence,
            Priority = item.Priority,
        };
        return draft.DueAgain(item.Due, turn.Zone);
    }
}
