using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Http;

/// <summary>Records refused requests in the audit log, a bounded number for each caller's address: a flood must not fill the disk.</summary>
public sealed class DeniedAccess(Database database, TimeProvider clock)
{
    private const int RowsPerAddress = 20;

    private readonly AttemptCounter _rows = new(clock, RowsPerAddress, TimeSpan.FromHours(1));

    /// <summary>Appends an <c>unauthorized_access_attempt</c>, or another action, with the reason <paramref name="code"/>.</summary>
    public async Task RecordAsync(HttpContext context, string code, Guid? accountId = null, string action = AuditActions.UnauthorizedAccessAttempt)
    {
        if (_rows.Take(ClientAddress.ThrottleKey(context)) is not null) return;
        await database.AsService("record denied access").WriteAsync(work => AuditLog.WriteAsync(work, clock,
            context.Audit(action, success: false, accountId) with { ErrorCode = code })).ConfigureAwait(false);
    }
}

/// <summary>Audit entries about a request.</summary>
internal static class RequestAudit
{
    /// <summary>An entry that says where the request came from.</summary>
    public static AuditEntry Audit(this HttpContext context, string action, bool success, Guid? accountId) => new(action, success)
    {
        UserId = accountId,
        IpAddress = ClientAddress.Of(context),
        UserAgent = context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
    };
}
