using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using ProjectAnswer = Microsoft.AspNetCore.Http.HttpResults.Results<Microsoft.AspNetCore.Http.HttpResults.Ok<FocoBot.Tasks.Project>, Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult>;

namespace FocoBot.Tasks;

/// <summary>A project's name, up to 80 characters on one line.</summary>
public sealed record ProjectInput(string? Name);

/// <summary><c>/api/projects</c>.</summary>
internal static class ProjectEndpoints
{
    public static void MapProjectEndpoints(this RouteGroupBuilder api)
    {
        var projects = api.MapGroup("/projects").WithTags("Projects").AddEndpointFilter(EntityTags.TagAsync);
        projects.MapGet("/", ListAsync).RequireScope(Scopes.TasksRead)
            .WithName("ListProjects").WithSummary("All projects, by name").WithDescription($"An account has {TaskLimits.Projects} at most: one page holds them.");
        projects.MapPost("/", CreateAsync).RequireScope(Scopes.TasksWrite).MayRefuse(409, "NAME_TAKEN", "LIMIT_REACHED").MayRefuse(422, "INVALID")
            .WithName("CreateProject").WithSummary("Makes a project");
        projects.MapGet("/{id:guid}", GetAsync).RequireScope(Scopes.TasksRead).MayRefuse(404, "NOT_FOUND").WithName("GetProject").WithSummary("One project");

        var one = projects.MapGroup("/{id:guid}").RequireScope(Scopes.TasksWrite).MayRefuse(404, "NOT_FOUND").MayRefuse(412, "VERSION_MISMATCH");
        one.MapPatch("/", RenameAsync).MayRefuse(409, "NAME_TAKEN").MayRefuse(422, "INVALID").Accepts<ProjectInput>("application/merge-patch+json", "application/json")
            .WithName("RenameProject").WithSummary("Gives a project another name");
        one.MapDelete("/", DeleteAsync).WithName("DeleteProject").WithSummary("Deletes a project; its tasks stay, without one");
    }

    private static async Task<Ok<Page<Project>>> ListAsync(Caller caller, Database database, ProjectBook book, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<Project>(
            await database.AsAccount(caller.AccountId).ReadAsync(work => book.ListAsync(work, caller.AccountId), cancellation).ConfigureAwait(false), null));

    private static async Task<ProjectAnswer> GetAsync(Guid id, Caller caller, Database database, ProjectBook book, CancellationToken cancellation)
    {
        var project = await database.AsAccount(caller.AccountId).ReadAsync(work => book.FindAsync(work, caller.AccountId, id), cancellation).ConfigureAwait(false);
        return project is null ? Problem.NotFound("project") : TypedResults.Ok(project);
    }

    private static async Task<Results<Created<Project>, ProblemHttpResult>> CreateAsync(
        ProjectInput input, Caller caller, Database database, ProjectBook book, CancellationToken cancellation)
    {
        if (NameOf(input) is not { } name) return BadName();
        return await database.AsAccount(caller.AccountId).WriteAsync<Results<Created<Project>, ProblemHttpResult>>(async work =>
        {
            if ((await book.ListAsync(work, caller.AccountId).ConfigureAwait(false)).Count >= TaskLimits.Projects)
                return Problem.Of(409, "LIMIT_REACHED", $"There are {TaskLimits.Projects} projects. Delete some first.");
            var made = await book.CreateAsync(work, caller.AccountId, name).ConfigureAwait(false);
            return made is null ? NameTaken() : TypedResults.Created($"/api/projects/{made.Id}", made);
        }, cancellation).ConfigureAwait(false);
    }

    private static async Task<ProjectAnswer> RenameAsync(
        Guid id, ProjectInput input, HttpRequest request, Caller caller, Database database, ProjectBook book, CancellationToken cancellation)
    {
        if (NameOf(input) is not { } name) return BadName();
        return await database.AsAccount(caller.AccountId).WriteAsync<ProjectAnswer>(async work =>
        {
            if (await book.FindToChangeAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { } project) return Problem.NotFound("project");
            if (EntityTags.Check(request, project.Version) is { } mismatch) return mismatch;
            if (project.Name == name) return TypedResults.Ok(project);
            if (await book.FindByNameAsync(work, caller.AccountId, name).ConfigureAwait(false) is { } other && other.Id != id) return NameTaken();
            return TypedResults.Ok(await book.RenameAsync(work, caller.AccountId, project, name).ConfigureAwait(false));
        }, cancellation).ConfigureAwait(false);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, HttpRequest request, Caller caller, Database database, ProjectBook book, CancellationToken cancellation) =>
        await database.AsAccount(caller.AccountId).WriteAsync<Results<NoContent, ProblemHttpResult>>(async work =>
        {
            if (await book.FindToChangeAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { } project) return Problem.NotFound("project");
            if (EntityTags.Check(request, project.Version) is { } mismatch) return mismatch;
            await book.DeleteAsync(work, caller.AccountId, project).ConfigureAwait(false);
            return TypedResults.NoContent();
        }, cancellation).ConfigureAwait(false);

    private static string? NameOf(ProjectInput input) =>
        input.Name?.Trim() is { Length: > 0 and <= TaskLimits.ProjectName } name && !name.Any(char.IsControl) ? name : null;

    private static ProblemHttpResult BadName() => Problem.Invalid("name", $"A name is one line of 1 to {TaskLimits.ProjectName} characters.");

    private static ProblemHttpResult NameTaken() => Problem.Of(409, "NAME_TAKEN", "There is a project of that name.");
}
