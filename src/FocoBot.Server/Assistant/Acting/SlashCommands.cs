using System.Text;
using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.Replies;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Acting;

/// <summary>The commands that are typed with a slash and that the parser doesn't know: status, projects, a clean slate.</summary>
public sealed class SlashCommands(ProjectBook projects, ListAction lists)
{
    // Words of both languages, or of none: what they are answered in is up to the account.
    private static readonly HashSet<string> OfNoLanguage = ["status", "project", "projects", "list", "clear", "bot", "help"];

    private const int MaxProjects = 30;
    private const int MaxCharacters = 1_400;

    /// <summary>True when the command's own words say nothing of the language it is meant in.</summary>
    public static bool SaysNoLanguage(string text) => text.StartsWith('/') && OfNoLanguage.Contains(CommandOf(text, out _));

    /// <summary>Runs the command of <paramref name="text"/>; null when it is none of these.</summary>
    public async Task<Reply?> RunAsync(Turn turn, string text)
    {
        if (!text.StartsWith('/')) return null;
        var command = CommandOf(text, out var rest);
        var reply = command switch
        {
            "status" or "estado" => await StatusAsync(turn).ConfigureAwait(false),
            "project" or "proyecto" => await ProjectAsync(turn, rest).ConfigureAwait(false),
            "projects" or "proyectos" => await ProjectsAsync(turn).ConfigureAwait(false),
            "list" or "lista" or "listar" => await ListAsync(turn, rest).ConfigureAwait(false),
            "clear" or "limpiar" or "olvidar" => Clear(turn),
            _ => null,
        };
        if (reply is not null)
            turn.Intent = command switch { "status" or "estado" => "status", "clear" or "limpiar" or "olvidar" => "clear", "list" or "lista" or "listar" => "list", _ => "project" };
        return reply;
    }

    private static string CommandOf(string text, out string rest)
    {
        var space = text.AsSpan().IndexOfAny(' ', '\n', '\t');
        rest = space < 0 ? "" : text[(space + 1)..].Trim();
        return TextMatch.Fold(space < 0 ? text[1..] : text[1..space]);
    }

    private static Reply Clear(Turn turn)
    {
        turn.Dialog = new Dialog();
        return turn.Say("conversation.cleared");
    }

    private async Task<Reply?> ListAsync(Turn turn, string what) => TextMatch.Fold(what) switch
    {
        "projects" or "proyectos" => await ProjectsAsync(turn).ConfigureAwait(false),
        "" or "tasks" or "tareas" or "pendientes" => await lists.ShowAsync(turn, null).ConfigureAwait(false),
        _ => null, // "/lista de hoy" is for the parser
    };

    private async Task<Reply> StatusAsync(Turn turn)
    {
        var open = await TaskTable.CountAsync(turn.Work, "user_id = @UserId AND done_at IS NULL AND deleted_at IS NULL", new { turn.UserId }).ConfigureAwait(false);
        var today = await TaskFilter.QueryAsync(turn.Work, turn.UserId, "today", turn.LocalNow, TaskLimits.OpenTasks).ConfigureAwait(false);
        var overdue = await TaskFilter.QueryAsync(turn.Work, turn.UserId, "overdue", turn.LocalNow, TaskLimits.OpenTasks).ConfigureAwait(false);
        var settings = await turn.Work.FirstAsync<Settings>("SELECT digest_enabled AS DigestEnabled, digest_time AS DigestTime FROM accounts WHERE id = @UserId", new { turn.UserId }).ConfigureAwait(false);
        var project = turn.Person.ProjectId is { } id ? await projects.FindAsync(turn.Work, turn.UserId, id).ConfigureAwait(false) : null;
        return turn.Say("status",
            ("open", open), ("today", today!.Count), ("overdue", overdue!.Count),
            ("project", project?.Name ?? turn.Phrases.Say("status.noproject")), ("zone", turn.Zone.Id),
            ("digest", settings!.DigestEnabled ? turn.Phrases.Time(settings.DigestTime) : turn.Phrases.Say("status.digest.off")));
    }

    private async Task<Reply> ProjectAsync(Turn turn, string name)
    {
        if (name.Length == 0)
        {
            var current = turn.Person.ProjectId is { } id ? await projects.FindAsync(turn.Work, turn.UserId, id).ConfigureAwait(false) : null;
            return current is null ? turn.Say("project.none") : turn.Say("project.current", ("name", current.Name));
        }

        if (Phrasebook.NoneWords.Contains(TextMatch.Fold(name)))
        {
            await EnterAsync(turn, null).ConfigureAwait(false);
            return turn.Say("project.left");
        }

        if (name.Length > TaskLimits.ProjectName) return turn.Fail("NAME_TOO_LONG", "project.toolong", ("count", TaskLimits.ProjectName));
        if (await projects.FindByNameAsync(turn.Work, turn.UserId, name).ConfigureAwait(false) is { } known)
        {
            await EnterAsync(turn, known.Id).ConfigureAwait(false);
            return turn.Say("project.entered", ("name", known.Name));
        }

        if ((await projects.ListAsync(turn.Work, turn.UserId).ConfigureAwait(false)).Count >= TaskLimits.Projects)
            return turn.Fail("PROJECT_LIMIT_REACHED", "project.limit", ("count", TaskLimits.Projects));
        var made = await projects.CreateAsync(turn.Work, turn.UserId, name).ConfigureAwait(false);
        await EnterAsync(turn, made!.Id).ConfigureAwait(false);
        return turn.Say("project.created", ("name", made.Name));
    }

    private async Task<Reply> ProjectsAsync(Turn turn)
    {
        var all = await projects.ListAsync(turn.Work, turn.UserId).ConfigureAwait(false);
        if (all.Count == 0) return turn.Say("project.empty");
        var text = new StringBuilder(turn.Phrases.Say("project.list", ("count", all.Count)));
        var shown = 0;
        // One bubble: what doesn't fit is counted.
        for (; shown < all.Count && shown < MaxProjects && text.Length < MaxCharacters; shown++)
            text.Append("\n• ").Append(TaskLines.Short(all[shown].Name)).Append(all[shown].Id == turn.Person.ProjectId ? " ✔️" : "");
        if (shown < all.Count) text.Append('\n').Append(turn.Phrases.Say("project.more", ("count", all.Count - shown)));
        return new Reply(text.ToString());
    }

    private static Task EnterAsync(Turn turn, Guid? projectId) =>
        turn.Work.ExecuteAsync("UPDATE accounts SET current_project_id = @projectId, updated_at = @Now WHERE id = @UserId", new { projectId, turn.Now, turn.UserId });

    private sealed record Settings(bool DigestEnabled, TimeOnly DigestTime);
}
