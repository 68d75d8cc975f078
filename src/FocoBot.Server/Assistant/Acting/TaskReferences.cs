using FocoBot.Assistant.Understanding;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>Finds the tasks a message means. A number means the list last shown, never silently another task.</summary>
internal static class TaskReferences
{
    // Nine fit a phone screen and one digit.
    private const int MaxCandidates = 9;

    public static Task<Found> ResolveAsync(Turn turn, Meaning meaning)
    {
        if (meaning.Refs.Count > 0) return ByNumberAsync(turn, meaning.Refs);
        if (meaning.RefText is { } words) return ByWordsAsync(turn, words);
        return meaning.RefScope == RefScope.Last ? LastAsync(turn) : BulkAsync(turn, meaning.Filter);
    }

    private static async Task<Found> ByNumberAsync(Turn turn, IReadOnlyList<int> numbers)
    {
        if (turn.Dialog.Listed.Count == 0)
        {
            var open = await OpenAsync(turn, null).ConfigureAwait(false);
            return open.Count == 0
                ? Found.Nothing(turn.Fail("NO_TASKS", "list.empty.open"))
                : Found.Nothing(new Reply(ListAction.Show(turn, turn.Phrases.Say("ref.nolist", ("number", numbers[0])), open), "NO_LIST"));
        }

        var tasks = new List<TaskItem>(numbers.Count);
        foreach (var number in numbers.Distinct())
        {
            if (number < 1 || number > turn.Dialog.Listed.Count) return Found.Nothing(turn.Fail("UNKNOWN_NUMBER", "ref.unknown", ("number", number)));
            var task = await TaskTable.FindAnyAsync(turn.Work, turn.UserId, turn.Dialog.Listed[number - 1]).ConfigureAwait(false);
            if (task is null) return Found.Nothing(turn.Fail("UNKNOWN_NUMBER", "ref.unknown", ("number", number)));
            if (task.DoneAt is not null || task.DeletedAt is not null)
                return Found.Nothing(turn.Fail("NOT_OPEN", "ref.gone", ("number", number), ("title", TaskLines.Short(task.Title))));
            tasks.Add(task);
        }

        return Found.These(tasks);
    }

    private static async Task<Found> ByWordsAsync(Turn turn, string text)
    {
        var open = await OpenAsync(turn, null).ConfigureAwait(false);
        var candidates = Best(open, text);
        return candidates.Count switch
        {
            0 => Found.Nothing(turn.Fail("NOT_FOUND", "ref.notfound", ("words", TaskLines.Short(text)))),
            1 => Found.These(candidates),
            _ => Found.OneOf([.. candidates.Take(MaxCandidates)]),
        };
    }

    // The title itself beats titles that hold all the words; those beat titles that hold most of them with a slip of the finger.
    private static List<TaskItem> Best(List<TaskItem> open, string text)
    {
        var folded = TextMatch.Fold(text);
        var same = open.FindAll(task => TextMatch.Fold(task.Title) == folded);
        if (same.Count > 0) return same;
        var words = TextMatch.Words(text);
        var all = open.FindAll(task => TextMatch.HasAll(task.Title, words));
        return all.Count > 0 ? all : open.FindAll(task => TextMatch.IsClose(task.Title, words));
    }

    private static async Task<Found> LastAsync(Turn turn)
    {
        var newest = (await TaskTable.QueryAsync(turn.Work, "user_id = @UserId AND deleted_at IS NULL AND done_at IS NULL", "id DESC LIMIT 1", new { turn.UserId }).ConfigureAwait(false)).FirstOrDefault();
        if (newest is null) return Found.Nothing(turn.Fail("NO_TASKS", "list.empty.open"));
        // "The last one" of a list that was shown is its last line; after something new was written down it is that.
        if (turn.Dialog.Listed.Count == 0 || turn.Dialog.ListedAt < newest.CreatedAt) return Found.These([newest]);
        return await ByNumberAsync(turn, [turn.Dialog.Listed.Count]).ConfigureAwait(false);
    }

    private static async Task<Found> BulkAsync(Turn turn, string? filter)
    {
        var tasks = await OpenAsync(turn, filter).ConfigureAwait(false);
        if (tasks.Count == 0) return Found.Nothing(turn.Fail("NO_TASKS", "ref.none"));
        return tasks.Count > TaskLimits.Bulk
            ? Found.Nothing(turn.Fail("TOO_MANY", "ref.toomany", ("count", TaskLimits.Bulk)))
            : Found.These(tasks);
    }

    private static async Task<List<TaskItem>> OpenAsync(Turn turn, string? filter) =>
        (await TaskFilter.QueryAsync(turn.Work, turn.UserId, filter, turn.LocalNow, TaskLimits.OpenTasks).ConfigureAwait(false) ?? []).FindAll(task => task.DoneAt is null);
}

/// <summary>The tasks that were meant, or the ones to choose from, or what to say instead.</summary>
internal sealed record Found(IReadOnlyList<TaskItem> Tasks, IReadOnlyList<TaskItem> Candidates, Reply? Instead)
{
    public static Found These(IReadOnlyList<TaskItem> tasks) => new(tasks, [], null);

    public static Found OneOf(IReadOnlyList<TaskItem> candidates) => new([], candidates, null);

    public static Found Nothing(Reply instead) => new([], [], instead);
}
