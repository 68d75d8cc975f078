using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Operations;

/// <summary>The process serves.</summary>
public sealed record LiveView(string Status);

/// <summary>Whether the server can do its work, and what keeps it from it.</summary>
/// <param name="Status">ready or unready.</param>
/// <param name="Reasons">Why it is unready; empty when it is ready.</param>
/// <param name="InboxSeconds">Age of the oldest message that waits to be worked off; null when none waits, or it can't be told.</param>
/// <param name="OutboxSeconds">Age of the oldest message that waits to be sent; null when none waits, or it can't be told.</param>
public sealed record ReadyView(string Status, IReadOnlyList<string> Reasons, long? InboxSeconds, long? OutboxSeconds);

/// <summary>
/// Whether the server is ready. Anyone may ask, so an answer is kept for a moment: asking often costs the database nothing.
/// </summary>
public sealed class Health(Database database, Keyring keyring, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task<ReadyView>? _latest;
    private DateTimeOffset _askedAt;

    public Task<ReadyView> AskAsync()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_latest is null || (_latest.IsCompleted && now - _askedAt >= Fresh)) (_latest, _askedAt) = (LookAsync(), now);
            return _latest;
        }
    }

    private async Task<ReadyView> LookAsync()
    {
        var reasons = new List<string>();
        if (lifetime.ApplicationStopping.IsCancellationRequested) reasons.Add("The server is stopping.");
        if (!keyring.IsOpen) reasons.Add("The keyring is not open.");
        (DateTimeOffset? Inbox, DateTimeOffset? Outbox) oldest = default;
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            oldest = await database.AsService("health").ReadAsync(OldestAsync, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException or InvalidOperationException or TimeoutException)
        {
            reasons.Add("The database does not answer.");
        }

        var now = clock.GetUtcNow();
        return new ReadyView(reasons.Count == 0 ? "ready" : "unready", reasons, Age(oldest.Inbox), Age(oldest.Outbox));

        long? Age(DateTimeOffset? since) => since is { } time ? Math.Max(0, (long)(now - time).TotalSeconds) : null;
    }

    private static async Task<(DateTimeOffset?, DateTimeOffset?)> OldestAsync(Work work) => (
        await work.ScalarAsync<DateTimeOffset?>("SELECT min(received_at) FROM inbox WHERE state = 'pending'").ConfigureAwait(false),
        await work.ScalarAsync<DateTimeOffset?>("SELECT created_at FROM outbox WHERE done_at IS NULL ORDER BY id LIMIT 1").ConfigureAwait(false));
}

/// <summary><c>/health</c>, for load balancers and supervisors.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health").AllowAnonymous();
        health.MapGet("/live", () => TypedResults.Ok(new LiveView("live"))).WithName("GetLive").WithSummary("The process serves");
        health.MapGet("/ready", ReadyAsync).WithName("GetReady").WithSummary("The server can do its work").WithDescription("503 with reasons when it can't.");
    }

    private static async Task<Results<Ok<ReadyView>, JsonHttpResult<ReadyView>>> ReadyAsync(Health health)
    {
        var answer = await health.AskAsync().ConfigureAwait(false);
        return answer.Reasons.Count == 0 ? TypedResults.Ok(answer) : TypedResults.Json(answer, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
