using FocoBot.Accounts;
using FocoBot.Assistant.Acting;
using FocoBot.Assistant.Understanding;
using FocoBot.Http;
using FocoBot.Storage;
using FocoBot.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Assistant;

/// <summary>A text to be understood, at most 4,096 characters.</summary>
public sealed record PreviewRequest(string? Text);

/// <summary>What a text means.</summary>
/// <param name="Intent">What is wanted: create, list, complete, … unknown.</param>
/// <param name="Tasks">The tasks it would make, as <c>POST /api/tasks</c> takes them; none when it is no new task.</param>
public sealed record PreviewView(string Intent, IReadOnlyList<TaskDraft> Tasks);

/// <summary><c>POST /api/tasks/understand</c>: what the parser makes of a text, before anything is done.</summary>
internal static class Preview
{
    private const int MaxText = 4_096;

    public static void MapPreview(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/tasks/understand", UnderstandAsync).WithTags("Tasks").RequireScope(Scopes.TasksRead).MayRefuse(422, "INVALID")
            .WithName("UnderstandText").WithSummary("What the parser makes of a text; nothing is changed");

    private static async Task<Results<Ok<PreviewView>, ProblemHttpResult>> UnderstandAsync(PreviewRequest request, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Text)) return Problem.Invalid("text", "Say something.");
        if (request.Text.Length > MaxText) return Problem.Invalid("text", $"At most {MaxText} characters.");
        var person = (await database.AsAccount(caller.AccountId).ReadAsync(work =>
            work.FirstAsync<Person>("SELECT language, time_zone AS timeZone FROM accounts WHERE id = @AccountId", new { caller.AccountId }), cancellation).ConfigureAwait(false))!;
        var meaning = Meaning.Of(Understander.Understand(request.Text, Languages.Of(person.Language), clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(person.TimeZone)));
        return TypedResults.Ok(new PreviewView(meaning.Intent.ToString().ToLowerInvariant(), meaning.Intent == Intent.Create && !string.IsNullOrWhiteSpace(meaning.Title) ? [Draft(meaning)] : []));
    }

    private static TaskDraft Draft(Meaning meaning)
    {
        var (title, notes) = meaning.Named();
        return new TaskDraft { Title = title, Notes = notes, Due = meaning.Due?.ToString(), Recurrence = meaning.KnownRecurrence, Priority = meaning.Priority };
    }

    private sealed record Person(string Language, string TimeZone);
}
