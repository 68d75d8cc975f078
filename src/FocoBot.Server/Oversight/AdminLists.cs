using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Devices;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Oversight;

/// <summary>An account; <c>devices</c> is how many it has linked, <c>lastSeenAt</c> when a live session or key of it was last used.</summary>
internal sealed record AdminUser(Guid Id, string Email, string Role, string Tier, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, long Devices, DateTimeOffset? LastSeenAt);

/// <summary>A linked device of an account: how it does, and nothing of whose phone it is.</summary>
internal sealed record AdminDevice(
    Guid Id, Guid UserId, string DeviceName, string Status, string ConnectionState, string Network, DateTimeOffset? LinkedAt, DateTimeOffset? LastConnectedAt, string? ErrorCode);

/// <summary>A lock on an account or a phone. Without <c>lockedUntil</c> it holds until somebody lifts it.</summary>
internal sealed record AdminLockout(Guid Id, Guid? UserId, DateTimeOffset LockedAt, DateTimeOffset? LockedUntil, string Reason, string TriggeredBy, DateTimeOffset? UnlockedAt);

/// <summary>What an administrator sees of everybody: accounts, devices, locks.</summary>
internal static class AdminLists
{
    private const string Why = "an administrator looks";
    private const string CursorOf = "The nextCursor of the page before";

    public static void MapAdminLists(this RouteGroupBuilder api)
    {
        var admin = api.MapGroup("admin").RequireAdmin();
        admin.MapGet("users", UsersAsync).MayRefuse(422, "INVALID").WithName("listUsers").WithSummary("All accounts, newest first");
        admin.MapGet("devices", DevicesAsync).MayRefuse(422, "INVALID").WithName("listAllDevices").WithSummary("Linked devices of all accounts, newest first");
        admin.MapGet("lockouts", LockoutsAsync).MayRefuse(422, "INVALID").WithName("listLockouts").WithSummary("Locks on accounts and phones, newest first, lifted ones included");
        admin.MapDelete("lockouts/{id:guid}", LiftAsync).MayRefuse(404, "NOT_FOUND").WithName("liftLockout").WithSummary("Lifts a lock");
    }

    private static Task<Results<Ok<Page<AdminUser>>, ProblemHttpResult>> UsersAsync(
        Database database, Cursors cursors, CancellationToken cancellation,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage, [Description(CursorOf)] string? cursor = null) =>
        PageAsync("admin users", database, cursors, limit, cursor, (work, before, most) => work.QueryAsync<UserRow>(
            $"""
            SELECT id, email, role, tier, created_at AS createdAt, disabled_at AS disabledAt,
              (SELECT count(*) FROM whatsapp_devices d WHERE d.user_id = a.id AND {DeviceTable.Counting}) AS devices,
              (SELECT max(last_seen_at) FROM web_sessions s WHERE s.user_id = a.id) AS sessionSeenAt,
              (SELECT max(last_used_at) FROM api_keys k WHERE k.user_id = a.id) AS keyUsedAt
            FROM accounts a WHERE id < @before ORDER BY id DESC LIMIT @most
            """, new { before, most }), row => row.Id,
            row => new AdminUser(row.Id, row.Email, row.Role, row.Tier, row.CreatedAt, row.DisabledAt, row.Devices, row.KeyUsedAt > row.SessionSeenAt ? row.KeyUsedAt : row.SessionSeenAt ?? row.KeyUsedAt), cancellation);

    private static Task<Results<Ok<Page<AdminDevice>>, ProblemHttpResult>> DevicesAsync(
        Database database, Cursors cursors, DeviceSupervisor supervisor, CancellationToken cancellation,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage, [Description(CursorOf)] string? cursor = null) =>
        PageAsync("admin devices", database, cursors, limit, cursor, DeviceTable.PageAsync, row => row.Id,
            row => new AdminDevice(row.Id, row.AccountId, row.DeviceName, row.Status, DeviceEndpoints.ConnectionStateOf(row, supervisor.Find(row.Id)), row.Network, row.LinkedAt, row.LastConnectedAt, row.ErrorCode), cancellation);

    private static Task<Results<Ok<Page<AdminLockout>>, ProblemHttpResult>> LockoutsAsync(
        Database database, Cursors cursors, CancellationToken cancellation,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage, [Description(CursorOf)] string? cursor = null) =>
        PageAsync("admin lockouts", database, cursors, limit, cursor, (work, before, most) => work.QueryAsync<AdminLockout>(
            """
            SELECT id, user_id AS userId, locked_at AS lockedAt, locked_until AS lockedUntil, locked_reason AS reason, triggered_by AS triggeredBy, unlocked_at AS unlockedAt
            FROM whatsapp_account_lockouts WHERE id < @before ORDER BY id DESC LIMIT @most
            """, new { before, most }), row => row.Id, row => row, cancellation);

    private static async Task<Results<NoContent, ProblemHttpResult>> LiftAsync(Guid id, Caller caller, HttpContext context, SecurityLock locks) =>
        await locks.LiftAsync(id, caller, context).ConfigureAwait(false) ? TypedResults.NoContent() : Problem.NotFound("lock that holds");

    private static async Task<Results<Ok<Page<TView>>, ProblemHttpResult>> PageAsync<TRow, TView>(
        string list, Database database, Cursors cursors, int limit, string? cursor, Func<Work, Guid, int, Task<List<TRow>>> read, Func<TRow, Guid> id, Func<TRow, TView> view, CancellationToken cancellation)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        if (!cursors.TryRead<RowPosition>(list, cursor, out var from)) return PageSize.BadCursor();
        var rows = await database.AsService(Why).ReadAsync(work => read(work, from?.Id ?? RowPosition.Start, limit + 1), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(Pages.Cut(rows, limit, view, cursors, list, row => new RowPosition(id(row))));
    }

    private sealed record UserRow(
        Guid Id, string Email, string Role, string Tier, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, long Devices, DateTimeOffset? SessionSeenAt, DateTimeOffset? KeyUsedAt);
}
