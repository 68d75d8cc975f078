using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>Takes the last change back.</summary>
public sealed class UndoAction(TaskBook book)
{
    public async Task<Reply> UndoAsync(Turn turn)
    {
        if (await book.UndoAsync(turn.Work, turn.UserId).ConfigureAwait(false) is not { } undone) return turn.Fail("NOTHING_TO_UNDO", "undo.nothing");
        // Completing a recurring task made a second row; people think of it as the one task.
        var titles = undone.Tasks.Select(task => task.Title).Distinct().ToList();
        if (titles.Count == 0) return turn.Say("undo.done");
        if (titles.Count > 1) return turn.Say("undo.several", ("count", titles.Count));
        return turn.Say(undone.Kind is "create" or "complete" or "delete" ? $"undo.{undone.Kind}" : "undo.change", ("title", TaskLines.Short(titles[0])));
    }
}
