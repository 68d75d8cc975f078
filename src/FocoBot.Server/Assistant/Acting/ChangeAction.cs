using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.Understanding;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>Completes, deletes, edits and moves tasks; asks first when it is unclear which, or when it is many.</summary>
public sealed class ChangeAction(TaskBook book)
{
    /// <summary>Changes of more tasks than this are confirmed first.</summary>
    private const int BulkWithoutAsking = 5;

    /// <summary>Makes the change a message asks for.</summary>
    public async Task<Reply> ChangeAsync(Turn turn, Meaning meaning)
    {
        var change = Wanted(meaning);
        if (!meaning.NamesTasks || change is { Kind: PlannedChange.Edit, Title: null, Priority: null })
            return turn.Fail("TASK_MISSING", $"ask.task.{change.Kind}");
        var found = await TaskReferences.ResolveAsync(turn, meaning).ConfigureAwait(false);
        if (found.Instead is { } instead) return instead;
        if (found.Candidates.Count > 0) return AskWhich(turn, change, found.Candidates);
        change = change with { Tasks = [.. found.Tasks.Select(task => task.Id)] };
        var unasked = meaning.MustConfirm ? 0 : meaning.Guessed ? 1 : BulkWithoutAsking;
        return found.Tasks.Count > unasked ? AskFirst(turn, change, found.Tasks) : await ApplyAsync(turn, change, found.Tasks).ConfigureAwait(false);
    }

    /// <summary>Takes the answer to a question; null when the message is none.</summary>
    public async Task<Reply?> AnswerAsync(Turn turn, string text)
    {
        if (turn.Dialog.Question is not { } question) return null;
        if (Answers.YesOrNo(text) == false)
        {
            turn.Dialog = turn.Dialog with { Question = null };
            turn.Intent = question.Change.Kind;
            return turn.Say("ask.declined");
        }

        if (question.Kind == Question.Confirm)
        {
            if (Answers.YesOrNo(text) != true) return null;
            return await ApplyToOpenAsync(turn, question.Change, question.Change.Tasks).ConfigureAwait(false);
        }

        if (Answers.Number(text) is not { } number) return null;
        turn.Intent = question.Change.Kind;
        return number >= 1 && number <= question.Candidates.Count
            ? await ApplyToOpenAsync(turn, question.Change, [question.Candidates[number - 1]]).ConfigureAwait(false)
            : turn.Fail("UNKNOWN_NUMBER", "ask.number", ("count", question.Candidates.Count));
    }

    private static PlannedChange Wanted(Meaning meaning) => meaning.Intent switch
    {
        Intent.Complete => new PlannedChange(PlannedChange.Complete, []),
        Intent.Delete => new PlannedChange(PlannedChange.Delete, []),
        Intent.Edit => new PlannedChange(PlannedChange.Edit, [], meaning.Title, meaning.Priority),
        Intent.Reschedule => new PlannedChange(PlannedChange.Reschedule, [], Date: meaning.Due?.Date, Time: meaning.Due?.Time),
        _ => throw new ArgumentOutOfRangeException(nameof(meaning)),
    };

    private static Reply AskWhich(Turn turn, PlannedChange change, IReadOnlyList<TaskItem> candidates)
    {
        // These numbers are the last ones shown now: "borra la 2" must mean the second of them too.
        var text = ListAction.Show(turn, turn.Phrases.Say("ask.which"), candidates);
        turn.Dialog = turn.Dialog with { Question = new Question(Question.Choose, change, turn.Dialog.Listed, turn.Now) };
        return new Reply(text);
    }

    private static Reply AskFirst(Turn turn, PlannedChange change, IReadOnlyList<TaskItem> tasks)
    {
        turn.Dialog = turn.Dialog with { Question = new Question(Question.Confirm, change, [], turn.Now) };
        return tasks is [var only]
            ? turn.Say($"ask.one.{change.Kind}", ("title", TaskLines.Short(only.Title)))
            : turn.Say($"ask.bulk.{change.Kind}", ("count", tasks.Count));
    }

    // Between question and answer a task may have been done or removed elsewhere; those are left alone.
    private async Task<Reply> ApplyToOpenAsync(Turn turn, PlannedChange change, IReadOnlyList<Guid> ids)
    {
        turn.Dialog = turn.Dialog with { Question = null };
        turn.Intent = change.Kind;
        var tasks = new List<TaskItem>(ids.Count);
        foreach (var id in ids)
            if (await TaskTable.FindAsync(turn.Work, turn.UserId, id).ConfigureAwait(false) is { DoneAt: null } task) tasks.Add(task);
        return tasks.Count == 0 ? turn.Fail("NO_TASKS", "ref.none") : await ApplyAsync(turn, change, tasks).ConfigureAwait(false);
    }

    private async Task<Reply> ApplyAsync(Turn turn, PlannedChange change, IReadOnlyList<TaskItem> tasks)
    {
        switch (change.Kind)
        {
            case PlannedChange.Complete:
                var completed = await book.CompleteAsync(turn.Work, turn.UserId, tasks).ConfigureAwait(false);
                return completed is [{ Next.DueDate: { } date } only]
                    ? turn.Say("task.completed.next", ("title", TaskLines.Short(only.Done.Title)), ("when", turn.Phrases.When(date, only.Next.DueTime, turn.Today)))
                    : Counted(turn, "task.completed", tasks);
            case PlannedChange.Delete:
                await book.DeleteAsync(turn.Work, turn.UserId, tasks).ConfigureAwait(false);
                return Counted(turn, "task.deleted", tasks);
            case PlannedChange.Edit:
                return await EditAsync(turn, change, tasks).ConfigureAwait(false);
            default:
                return await MoveAsync(turn, change, tasks).ConfigureAwait(false);
        }
    }

    private async Task<Reply> EditAsync(Turn turn, PlannedChange change, IReadOnlyList<TaskItem> tasks)
    {
        var title = change.Title is { Length: > TaskLimits.Title } longTitle ? TaskLines.Short(longTitle) : change.Title;
        var edited = await book.ChangeAsync(turn.Work, turn.UserId, "edit", tasks,
            task => task with
            {
                Title = title ?? task.Title,
                Priority = change.Priority ?? task.Priority,
                // As when it is written down: what is too long for a title stays whole in the notes.
                Notes = title == change.Title ? task.Notes : task.Notes ?? change.Title,
            }).ConfigureAwait(false);
        if (edited.Count > 1) return turn.Say("task.edited.several", ("count", edited.Count));
        var key = title is null ? "task.priority" : change.Priority is null ? "task.renamed" : "task.edited";
        return turn.Say(key, ("title", TaskLines.Short(edited[0].Title)), ("priority", change.Priority is null ? "" : turn.Phrases.Say($"word.priority.{change.Priority}")));
    }

    private async Task<Reply> MoveAsync(Turn turn, PlannedChange change, IReadOnlyList<TaskItem> tasks)
    {
        if (change.Date is not { } date)
        {
            // A rule without a date could never come round again.
            await book.ChangeAsync(turn.Work, turn.UserId, "reschedule", tasks, task => (task with { Recurrence = null }).DueAgain(null, turn.Zone)).ConfigureAwait(false);
            return Counted(turn, "task.undated", tasks);
        }

        await book.ChangeAsync(turn.Work, turn.UserId, "reschedule", tasks, task => task.DueAgain(new Tasks.Due(date, change.Time), turn.Zone)).ConfigureAwait(false);
        var when = turn.Phrases.When(date, change.Time, turn.Today);
        return tasks.Count == 1
            ? turn.Say("task.rescheduled", ("title", TaskLines.Short(tasks[0].Title)), ("when", when))
            : turn.Say("task.rescheduled.several", ("count", tasks.Count), ("when", when));
    }

    private static Reply Counted(Turn turn, string key, IReadOnlyList<TaskItem> tasks) => tasks.Count == 1
        ? turn.Say(key, ("title", TaskLines.Short(tasks[0].Title)))
        : turn.Say(key + ".several", ("count", tasks.Count));
}
