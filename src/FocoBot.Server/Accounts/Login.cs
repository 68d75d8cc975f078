using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace FocoBot.Accounts;

/// <summary>Signing in with e-mail and password, and a second factor where the account has one.</summary>
public sealed class Login(Database database, Passwords passwords, SecondFactor secondFactor, Sessions sessions, AccountThrottles throttles, TimeProvider clock)
{
    /// <summary>A session's token, or the refusal. Unknown e-mails, wrong passwords and disabled accounts are refused alike, and as slowly.</summary>
    internal async Task<(string? Token, Me? Me, ProblemHttpResult? Refusal)> TryAsync(HttpContext context, Email email, string password, string? code)
    {
        if (throttles.Logins.Begin(context, email.Key) is { } wait) return Refuse(Problem.RateLimited(context, wait));
        var account = await FindAsync(context, email).ConfigureAwait(false);
        if (AccountPause(account, email) is { } pause) return Refuse(Problem.RateLimited(context, pause));

        var verdict = await passwords.VerifyAsync(account?.PasswordHash, password, context.RequestAborted).ConfigureAwait(false);
        if (verdict == PasswordVerificationResult.Failed || account is null or { DisabledAt: not null })
        {
            await FailAsync(context, account, email, "INVALID_CREDENTIALS").ConfigureAwait(false);
            return Refuse(Wrong());
        }

        if (account.TotpEnabledAt is not null && string.IsNullOrWhiteSpace(code))
        {
            throttles.Logins.Forgive(context, email.Key);
            return Refuse(Problem.Of(StatusCodes.Status401Unauthorized, "TOTP_REQUIRED", "Enter the code of your authenticator app."));
        }

        var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded
            ? await passwords.HashAsync(password, context.RequestAborted).ConfigureAwait(false) : account.PasswordHash;
        var (token, me) = await OpenAsync(context, account, hash, code).ConfigureAwait(false);
        if (token is null)
        {
            await FailAsync(context, account, email, "INVALID_CODE").ConfigureAwait(false);
            return Refuse(Wrong());
        }

        throttles.Logins.Succeed(context, email.Key);
        return (token, me, null);
    }

    private Task<Row?> FindAsync(HttpContext context, Email email) => database.AsService("sign-in").ReadAsync(work => work.FirstAsync<Row>(
        """
        SELECT id, password_hash AS passwordHash, disabled_at AS disabledAt, totp_enabled_at AS totpEnabledAt, login_locked_until AS lockedUntil,
          EXISTS (SELECT 1 FROM web_sessions WHERE user_id = accounts.id AND ip_address = @address) AS knownAddress
        FROM accounts WHERE email_key = @Key
        """, new { email.Key, address = ClientAddress.Of(context) }), context.RequestAborted);

    private TimeSpan? AccountPause(Row? account, Email email)
    {
        if (account is null) return throttles.Logins.StrangerPause(email.Key);
        return !account.KnownAddress && account.LockedUntil is { } until && until > clock.GetUtcNow() ? until - clock.GetUtcNow() : null;
    }

    // The password may have been changed, or the account disabled, while it was being checked: then nothing is opened.
    private Task<(string?, Me?)> OpenAsync(HttpContext context, Row account, string hash, string? code) =>
        database.AsAccount(account.Id).WriteAsync<(string?, Me?)>(async work =>
        {
            if (account.TotpEnabledAt is not null && !await secondFactor.AcceptAsync(work, account.Id, code!).ConfigureAwait(false)) return (null, null);
            var still = await work.ExecuteAsync(
                """
                UPDATE accounts SET failed_logins = 0, login_locked_until = NULL, password_hash = @hash
                WHERE id = @Id AND password_hash = @PasswordHash AND disabled_at IS NULL
                """, new { hash, account.Id, account.PasswordHash }).ConfigureAwait(false);
            if (still == 0) return (null, null);
            return (await sessions.OpenAsync(work, context, account.Id).ConfigureAwait(false), await Me.ReadAsync(work, account.Id).ConfigureAwait(false));
        }, context.RequestAborted);

    private async Task FailAsync(HttpContext context, Row? account, Email email, string code)
    {
        if (account is null) throttles.Logins.StrangerFailed(email.Key);
        await database.AsService("sign-in").WriteAsync(async work =>
        {
            if (account is not null)
            {
                var failures = await work.ScalarAsync<long>("UPDATE accounts SET failed_logins = failed_logins + 1 WHERE id = @Id RETURNING failed_logins", new { account.Id }).ConfigureAwait(false);
                await work.ExecuteAsync("UPDATE accounts SET login_locked_until = @until WHERE id = @Id",
                    new { account.Id, until = clock.GetUtcNow() + AccountLimits.AccountPauses.PauseAfter(failures) }).ConfigureAwait(false);
            }

            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.UnauthorizedAccessAttempt, success: false, account?.Id) with { ErrorCode = code }).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static (string?, Me?, ProblemHttpResult?) Refuse(ProblemHttpResult refusal) => (null, null, refusal);

    private static ProblemHttpResult Wrong() =>
        Problem.Of(StatusCodes.Status401Unauthorized, "INVALID_CREDENTIALS", "The e-mail, the password or the code is wrong.");

    private sealed record Row(Guid Id, string PasswordHash, DateTimeOffset? DisabledAt, DateTimeOffset? TotpEnabledAt, DateTimeOffset? LockedUntil, bool KnownAddress);
}
