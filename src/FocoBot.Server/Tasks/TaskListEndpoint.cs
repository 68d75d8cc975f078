using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Tasks;

/// <summary><c>GET /api/tasks</c>.</summary>
internal static class TaskListEndpoint
{
    public static void MapTaskList(this RouteGroupBuilder tasks) =>
        tasks.MapGet("/", ListAsync).RequireScope(Scopes.TasksRead).MayRefuse(422, "INVALID").WithName("ListTasks").WithSummary("Tasks by filter, status and project")
            .WithDescription("Open tasks by due date, dated ones first; done and deleted ones newest first. Tasks that come or go between two pages neither repeat nor hide others.");

    private static async Task<Results<Ok<Page<TaskView>>, ProblemHttpResult>> ListAsync(
        Caller caller, Database database, Cursors cursors, TimeProvider clock, CancellationToken cancellation,
        [Description("open, today, tomorrow, week, next_week, weekend, month, overdue, done, high, no_date, recurring, date:YYYY-MM-DD or search:WORDS, on the account's calendar")] string? filter = null,
        [Description("open, done, deleted, or all (open and done); what the filter implies when absent")] string? status = null,
        [Description("Only tasks of this project")] Guid? project = null,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage,
        [Description("The nextCursor of the page before, with the same filters")] string? cursor = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        if (filter?.Length > TaskLimits.Filter) return BadFilter();
        if (status is not (null or "open" or "done" or "deleted" or "all")) return Problem.Invalid("status", "A status is open, done, deleted or all.");
        var list = $"tasks {caller.AccountId} {status} {project} {filter}";
        if (!cursors.TryRead<TaskPosition>(list, cursor, out var after)) return PageSize.BadCursor();

        var query = new TaskQuery { Filter = filter, Status = status, ProjectId = project, After = after, Limit = limit + 1 };
        var found = await database.AsAccount(caller.AccountId).ReadAsync(async work =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(await TaskTable.ZoneOfAsync(work, caller.AccountId).ConfigureAwait(false));
            return await TaskFilter.QueryAsync(work, caller.AccountId, query, TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        if (found is null) return BadFilter();

        var next = found.Count > limit ? cursors.Write(list, TaskFilter.OrderOf(query).PositionOf(found[limit - 1])) : null;
        return TypedResults.Ok(new Page<TaskView>([.. found.Take(limit).Select(TaskView.Of)], next));
    }

    private static ProblemHttpResult BadFilter() => Problem.Invalid("filter", "That is no filter, or it is at odds with the status.");
}
