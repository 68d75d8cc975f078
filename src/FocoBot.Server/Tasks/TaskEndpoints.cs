using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using TaskAnswer = Microsoft.AspNetCore.Http.HttpResults.Results<Microsoft.AspNetCore.Http.HttpResults.Ok<FocoBot.Tasks.TaskView>, Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult>;

namespace FocoBot.Tasks;

/// <summary>A done task and, when it recurs, the open one that follows it.</summary>
public sealed record CompletedView(TaskView Done, TaskView? Next);

/// <summary>What an undo took back: the kind of change, and the tasks as they are now.</summary>
public sealed record UndoneView(string Kind, IReadOnlyList<TaskView> Tasks);

/// <summary><c>/api/tasks</c>: one task at a time; lists are in <see cref="TaskListEndpoint"/>.</summary>
internal static class TaskEndpoints
{
    public static void MapTaskEndpoints(this RouteGroupBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Tasks").AddEndpointFilter(EntityTags.TagAsync);
        tasks.MapTaskList();
        tasks.MapPost("/", CreateAsync).RequireScope(Scopes.TasksWrite).MayRefuse(409, "LIMIT_REACHED").MayRefuse(422, "INVALID")
            .WithName("CreateTask").WithSummary("Makes a task");
        tasks.MapPost("/undo", UndoAsync).RequireScope(Scopes.TasksWrite).MayRefuse(404, "NOTHING_TO_UNDO")
            .WithName("UndoTaskChange").WithSummary("Takes the newest change of tasks back")
            .WithDescription("The last 20 changes can be undone, whichever channel made them.");
        tasks.MapGet("/{id:guid}", GetAsync).RequireScope(Scopes.TasksRead).MayRefuse(404, "NOT_FOUND")
            .WithName("GetTask").WithSummary("One task").WithDescription("Also one that was deleted, for 30 days.");

        var one = tasks.MapGroup("/{id:guid}").MayRefuse(404, "NOT_FOUND").MayRefuse(412, "VERSION_MISMATCH");
        one.MapPatch("/", ChangeAsync).RequireScope(Scopes.TasksWrite).MayRefuse(422, "INVALID").Accepts<TaskChange>("application/merge-patch+json", "application/json")
            .WithName("ChangeTask").WithSummary("Changes a task: absent members stay, null clears").WithDescription("With If-Match only the version that was seen.");
        one.MapPost("/complete", CompleteAsync).RequireScope(Scopes.TasksWrite)
            .WithName("CompleteTask").WithSummary("Marks a task done; a recurring one rolls forward").WithDescription("A task that is done already stays as it is.");
        one.MapPost("/reopen", ReopenAsync).RequireScope(Scopes.TasksWrite)
            .WithName("ReopenTask").WithSummary("Opens a task that was done").WithDescription("An open task stays as it is.");
        one.MapDelete("/", DeleteAsync).RequireScope(Scopes.TasksWrite)
            .WithName("DeleteTask").WithSummary("Deletes a task").WithDescription("It is kept for 30 days; undo brings it back.");
    }

    private static async Task<Results<Created<TaskView>, ProblemHttpResult>> CreateAsync(
        TaskDraft draft, Caller caller, Database database, TaskBook book, ProjectBook projects, CancellationToken cancellation) =>
        await database.AsAccount(caller.AccountId).WriteAsync<Results<Created<TaskView>, ProblemHttpResult>>(async work =>
        {
            var (task, problem) = await ApplyAsync(work, draft.AsChange(), new TaskItem { Id = default, UserId = caller.AccountId, Title = "" }, projects).ConfigureAwait(false);
            if (problem is not null) return problem;
            if (await book.IsFullAsync(work, caller.AccountId).ConfigureAwait(false))
                return Problem.Of(409, "LIMIT_REACHED", $"There are {TaskLimits.OpenTasks} open tasks. Complete or delete some first.");
            var made = await book.CreateAsync(work, task).ConfigureAwait(false);
            return TypedResults.Created($"/api/tasks/{made.Id}", TaskView.Of(made));
        }, cancellation).ConfigureAwait(false);

    private static async Task<TaskAnswer> GetAsync(Guid id, Caller caller, Database database, CancellationToken cancellation)
    {
        var task = await database.AsAccount(caller.AccountId).ReadAsync(work => TaskTable.LookAsync(work, caller.AccountId, id), cancellation).ConfigureAwait(false);
        return task is null ? Problem.NotFound("task") : TypedResults.Ok(TaskView.Of(task));
    }

    private static Task<TaskAnswer> ChangeAsync(
        Guid id, TaskChange change, HttpRequest request, Caller caller, Database database, TaskBook book, ProjectBook projects, CancellationToken cancellation) =>
        WithTaskAsync<TaskAnswer>(id, request, caller, database, async (work, task) =>
        {
            var (after, problem) = await ApplyAsync(work, change, task, projects).ConfigureAwait(false);
            if (problem is not null) return problem;
            if (after == task) return TypedResults.Ok(TaskView.Of(task));
            var changed = await book.ChangeAsync(work, caller.AccountId, "update", [task], _ => after).ConfigureAwait(false);
            return TypedResults.Ok(TaskView.Of(changed[0]));
        }, problem => problem, cancellation);

    private static Task<Results<Ok<CompletedView>, ProblemHttpResult>> CompleteAsync(
        Guid id, HttpRequest request, Caller caller, Database database, TaskBook book, CancellationToken cancellation) =>
        WithTaskAsync<Results<Ok<CompletedView>, ProblemHttpResult>>(id, request, caller, database, async (work, task) =>
        {
            if (task.DoneAt is not null) return TypedResults.Ok(new CompletedView(TaskView.Of(task), null));
            var completion = (await book.CompleteAsync(work, caller.AccountId, [task]).ConfigureAwait(false))[0];
            return TypedResults.Ok(new CompletedView(TaskView.Of(completion.Done), completion.Next is { } next ? TaskView.Of(next) : null));
        }, problem => problem, cancellation);

    private static Task<TaskAnswer> ReopenAsync(Guid id, HttpRequest request, Caller caller, Database database, TaskBook book, CancellationToken cancellation) =>
        WithTaskAsync<TaskAnswer>(id, request, caller, database, async (work, task) =>
            TypedResults.Ok(TaskView.Of(task.DoneAt is null ? task : await book.ReopenAsync(work, task).ConfigureAwait(false))), problem => problem, cancellation);

    private static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, HttpRequest request, Caller caller, Database database, TaskBook book, CancellationToken cancellation) =>
        WithTaskAsync<Results<NoContent, ProblemHttpResult>>(id, request, caller, database, async (work, task) =>
        {
            await book.DeleteAsync(work, caller.AccountId, [task]).ConfigureAwait(false);
            return TypedResults.NoContent();
        }, problem => problem, cancellation);

    private static async Task<Results<Ok<UndoneView>, ProblemHttpResult>> UndoAsync(Caller caller, Database database, TaskBook book, CancellationToken cancellation)
    {
        var undone = await database.AsAccount(caller.AccountId).WriteAsync(work => book.UndoAsync(work, caller.AccountId), cancellation).ConfigureAwait(false);
        return undone is null ? Problem.Of(404, "NOTHING_TO_UNDO", "There is no change left to take back.")
            : TypedResults.Ok(new UndoneView(undone.Kind, [.. undone.Tasks.Select(TaskView.Of)]));
    }

    // Finds, checks If-Match and acts in one unit of work.
    private static Task<T> WithTaskAsync<T>(
        Guid id, HttpRequest request, Caller caller, Database database, Func<Work, TaskItem, Task<T>> act, Func<ProblemHttpResult, T> refuse, CancellationToken cancellation) =>
        database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            if (await TaskTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { } task) return refuse(Problem.NotFound("task"));
            return EntityTags.Check(request, task.Version) is { } mismatch ? refuse(mismatch) : await act(work, task).ConfigureAwait(false);
        }, cancellation);

    private static async Task<(TaskItem Task, ProblemHttpResult? Problem)> ApplyAsync(Work work, TaskChange change, TaskItem task, ProjectBook projects)
    {
        var zone = await TaskTable.ZoneOfAsync(work, task.UserId).ConfigureAwait(false);
        var (after, problem) = change.ApplyTo(task, zone);
        if (problem is null && change.ProjectId is { IsGiven: true, Value: { } project } && await projects.FindAsync(work, task.UserId, project).ConfigureAwait(false) is null)
            problem = Problem.Invalid("projectId", "There is no such project.");
        return (after, problem);
    }
}
