using System.ComponentModel;
using System.Net;
using System.Text.Json.Nodes;
using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Oversight;

/// <summary>Something that was done.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Action">What.</param>
/// <param name="Source"><c>device</c>: as the account's WhatsApp user; <c>security</c>: to its security.</param>
/// <param name="DeviceId">The device it was done with, while there is one.</param>
/// <param name="Success">Whether it succeeded; null where only what succeeds is put down.</param>
/// <param name="Ip">Where it came from.</param>
/// <param name="UserAgent">With what.</param>
/// <param name="Details">Facts, among them <c>phone</c> and <c>errorCode</c> where there are any; never message text.</param>
internal sealed record AuditItem(Guid Id, DateTimeOffset At, string Action, string Source, Guid? DeviceId, bool? Success, string? Ip, string? UserAgent, JsonObject Details);

/// <summary><c>GET /api/audit</c>: both logs of an account as one list.</summary>
internal static class AuditTrail
{
    // The same order in both, so that they can be merged; times alone may be equal.
    private const string Page = "user_id = @account AND (created_at < @At OR (created_at = @At AND id < @Id)) ORDER BY created_at DESC, id DESC LIMIT @limit";

    public static void MapAuditTrail(this RouteGroupBuilder api) =>
        api.MapGet("audit", ListAsync).RequireScope(Scopes.AccountRead).MayRefuse(422, "INVALID").WithName("listAudit").WithSummary("What was done as the account's WhatsApp user and to its security, newest first");

    private static async Task<Results<Ok<Page<AuditItem>>, ProblemHttpResult>> ListAsync(
        Caller caller, Database database, Cursors cursors, CancellationToken cancellation,
        [Description("1 to 200")] int limit = HttpLimits.DefaultPage,
        [Description("The nextCursor of the page before")] string? after = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        var list = $"audit {caller.AccountId}";
        if (!cursors.TryRead<Position>(list, after, out var from)) return PageSize.BadCursor("after");
        var rows = await database.AsAccount(caller.AccountId).ReadAsync(work => ReadAsync(work, caller.AccountId, from ?? Position.Start, limit + 1), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(Pages.Cut(rows, limit, View, cursors, list, row => new Position(row.At, row.Id)));
    }

    private static async Task<List<Row>> ReadAsync(Work work, Guid account, Position from, int limit)
    {
        var of = new { account, from.At, from.Id, limit };
        var device = await work.QueryAsync<DeviceRow>($"SELECT id, created_at AS at, action, device_id AS deviceId, ip_address AS ip, user_agent AS userAgent, metadata AS details FROM whatsapp_audit_log WHERE {Page}", of).ConfigureAwait(false);
        var security = await work.QueryAsync<SecurityRow>(
            $"""
            SELECT id, created_at AS at, action_type AS action, success, ip_address AS ip, user_agent AS userAgent, action_details AS details, phone, error_code AS errorCode
            FROM whatsapp_security_audit_log WHERE {Page}
            """, of).ConfigureAwait(false);
        // Ids are ordered as text and bytes, not as .NET orders them.
        return [.. device.Concat<Row>(security).OrderByDescending(row => row.At).ThenByDescending(row => row.Id.ToString(), StringComparer.Ordinal).Take(limit)];
    }

    private static AuditItem View(Row row)
    {
        var details = JsonNode.Parse(row.Details) as JsonObject ?? [];
        if (row is not SecurityRow security) return new AuditItem(row.Id, row.At, row.Action, "device", ((DeviceRow)row).DeviceId, null, row.Ip?.ToString(), row.UserAgent, details);
        if (security.Phone is not null) details["phone"] = security.Phone;
        if (security.ErrorCode is not null) details["errorCode"] = security.ErrorCode;
        return new AuditItem(row.Id, row.At, row.Action, "security", null, security.Success, row.Ip?.ToString(), row.UserAgent, details);
    }

    private sealed record Position(DateTimeOffset At, Guid Id)
    {
        public static readonly Position Start = new(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero), RowPosition.Start);
    }

    private abstract record Row(Guid Id, DateTimeOffset At, string Action, IPAddress? Ip, string? UserAgent, string Details);

    private sealed record DeviceRow(Guid Id, DateTimeOffset At, string Action, Guid? DeviceId, IPAddress? Ip, string? UserAgent, string Details)
        : Row(Id, At, Action, Ip, UserAgent, Details);

    private sealed record SecurityRow(Guid Id, DateTimeOffset At, string Action, bool Success, IPAddress? Ip, string? UserAgent, string Details, string? Phone, string? ErrorCode)
        : Row(Id, At, Action, Ip, UserAgent, Details);
}
