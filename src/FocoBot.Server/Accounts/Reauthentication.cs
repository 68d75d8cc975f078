using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace FocoBot.Accounts;

/// <summary>Asks for the password again before something that a borrowed session must not do.</summary>
public sealed class Reauthentication(Database database, Passwords passwords, AccountThrottles throttles, TimeProvider clock)
{
    /// <summary>Null when the password is right; else the refusal. Tries are paused like sign-ins.</summary>
    public async Task<ProblemHttpResult?> CheckAsync(HttpContext context, Guid accountId, string? password)
    {
        if (password is null or { Length: 0 or > AccountLimits.PasswordLongest }) return Problem.Invalid("password", "The password is missing or too long.");
        var who = accountId.ToString();
        if (throttles.Logins.Begin(context, who) is { } wait) return Problem.RateLimited(context, wait);
        var hash = await database.AsAccount(accountId).ReadAsync(
            work => work.ScalarAsync<string?>("SELECT password_hash FROM accounts WHERE id = @accountId", new { accountId }), context.RequestAborted).ConfigureAwait(false);
        if (await passwords.VerifyAsync(hash, password, context.RequestAborted).ConfigureAwait(false) != PasswordVerificationResult.Failed)
        {
            throttles.Logins.Succeed(context, who);
            return null;
        }

        await database.AsAccount(accountId).WriteAsync(work => AuditLog.WriteAsync(work, clock,
            context.Audit(AuditActions.UnauthorizedAccessAttempt, success: false, accountId) with { ErrorCode = "WRONG_PASSWORD" })).ConfigureAwait(false);
        return Problem.Of(StatusCodes.Status403Forbidden, "WRONG_PASSWORD", "The password is wrong.");
    }
}
