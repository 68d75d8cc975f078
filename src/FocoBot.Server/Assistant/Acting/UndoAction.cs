using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>Takes the last change back.</summary>
public sealed class UndoAction(TaskBook book)
{
    public async Task<Reply> UndoAsync(Turn turn)
    {
        if (await book.UndoAsync(turn.Work, turn.UserId).ConfigureAwait(false) is not { } undone) return turn.Fail("NOTHING_TO_UNDO", "undo.nothing");
        // Completing a recurring task made a second row, which is gone again; people think of it as the one task.
        var tasks = undone.Kind == "create" ? undone.Tasks : [.. undone.Tasks.Where(task => task.DeletedAt is null)];
        if (tasks.Count == 0) return turn.Say("undo.done");
        if (tasks.Count > 1) return turn.Say(undone.Kind == "create" ? "undo.create.several" : "undo.several", ("count", tasks.Count));
        return turn.Say(undone.Kind is "create" or "complete" or "delete" ? $"undo.{undone.Kind}" : "undo.change", ("title", TaskLines.Short(tasks[0].Title)));
    }
}
