using System.Text;
using FocoBot.Assistant.Replies;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>Tasks as lines of a chat message.</summary>
internal static class TaskLines
{
    // A reply costs money, so an answer is one bubble: what doesn't fit is counted, not sent.
    private const int MaxLines = 30;
    private const int MaxCharacters = 1_400;
    private const int MaxTitle = 100;

    /// <summary>A numbered list; returns how many of the tasks it shows.</summary>
    public static int Write(StringBuilder target, Phrasebook phrases, IReadOnlyList<TaskItem> tasks, DateOnly today, bool numbered = true)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            var line = $"\n{(numbered ? $"*{i + 1}.*" : "•")} {Short(tasks[i].Title)}{Details(phrases, tasks[i], today)}";
            if (i == MaxLines || target.Length + line.Length > MaxCharacters) return i;
            target.Append(line);
        }

        return tasks.Count;
    }

    /// <summary>What is known of a task besides its title: when, repeated, priority.</summary>
    public static string Details(Phrasebook phrases, TaskItem task, DateOnly today)
    {
        var details = new StringBuilder();
        if (task.DueDate is { } date) details.Append(" — ").Append(phrases.When(date, task.DueTime, today));
        if (task.Recurrence is not null) details.Append(" 🔁");
        if (task.Priority == "high") details.Append(" ❗");
        return details.ToString();
    }

    /// <summary>A title on one line, cut where it gets long.</summary>
    public static string Short(string title)
    {
        var line = title.ReplaceLineEndings(" ");
        if (line.Length <= MaxTitle) return line;
        var end = char.IsHighSurrogate(line[MaxTitle - 2]) ? MaxTitle - 2 : MaxTitle - 1;
        return line[..end] + "…";
    }
}
