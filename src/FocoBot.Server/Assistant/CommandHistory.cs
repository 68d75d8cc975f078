using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Assistant;

/// <summary>One command the assistant was given; the text is null when it was not kept.</summary>
public sealed record CommandView(Guid Id, string Channel, string Intent, string? Text, bool Success, string? ErrorCode, long DurationMs, DateTimeOffset CreatedAt);

/// <summary><c>GET /api/commands</c>: what an account told the assistant, newest first.</summary>
internal static class CommandHistory
{
    /// <summary>What the text of a row is sealed for.</summary>
    public const string TextColumn = "focobot_command_history.text";

    public static void MapCommands(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/commands", ListAsync).WithTags("Assistant").RequireScope(Scopes.TasksRead).MayRefuse(422, "INVALID")
            .WithName("ListCommands").WithSummary("Commands the assistant was given, newest first").WithDescription("Kept for 30 days.");

    private static async Task<Results<Ok<Page<CommandView>>, ProblemHttpResult>> ListAsync(
        Caller caller, Database database, Keyring keyring, Cursors cursors, CancellationToken cancellation,
        [Description("Only those that succeeded, or only those that failed")] bool? success = null,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage,
        [Description("The nextCursor of the page before, with the same filter")] string? cursor = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        var list = $"commands {caller.AccountId} {success}";
        if (!cursors.TryRead<Position>(list, cursor, out var after)) return PageSize.BadCursor();

        var found = await database.AsAccount(caller.AccountId).ReadAsync(async work =>
        {
            var key = await keyring.OfAsync(work, caller.AccountId).ConfigureAwait(false);
            var rows = await work.QueryAsync<Row>(
                $"""
                SELECT id, channel, intent, text, success, error_code AS errorCode, duration_ms AS durationMs, created_at AS createdAt FROM focobot_command_history
                WHERE user_id = @AccountId {(success is null ? "" : "AND success = @success")} {(after is null ? "" : "AND (created_at, id) < (@CreatedAt, @Id)")}
                ORDER BY created_at DESC, id DESC LIMIT @limit
                """, new { caller.AccountId, success, after?.CreatedAt, after?.Id, limit = limit + 1 }).ConfigureAwait(false);
            return rows.ConvertAll(row => new CommandView(row.Id, row.Channel, row.Intent, row.Text is null ? null : key.Open(TextColumn, row.Id, row.Text),
                row.Success, row.ErrorCode, row.DurationMs, row.CreatedAt));
        }, cancellation).ConfigureAwait(false);

        var next = found.Count > limit ? cursors.Write(list, new Position(found[limit - 1].CreatedAt, found[limit - 1].Id)) : null;
        return TypedResults.Ok(new Page<CommandView>([.. found.Take(limit)], next));
    }

    private sealed record Position(DateTimeOffset CreatedAt, Guid Id);

    private sealed record Row(Guid Id, string Channel, string Intent, byte[]? Text, bool Success, string? ErrorCode, long DurationMs, DateTimeOffset CreatedAt);
}
