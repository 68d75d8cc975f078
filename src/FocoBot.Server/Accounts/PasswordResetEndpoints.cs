using FocoBot.Accounts.Mail;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>Whose password is forgotten.</summary>
public sealed record ResetRequest(string? Email);

/// <summary>The token of a reset link, and the password to set.</summary>
public sealed record ResetConfirmation(string? Token, string? Password);

/// <summary>A one-time link that an administrator hands over.</summary>
public sealed record OneTimeLink(string Token, string Link, DateTimeOffset ExpiresAt);

/// <summary>Forgotten passwords: a link by mail, or by the administrator where there is no mail.</summary>
internal static class PasswordResetEndpoints
{
    public static void MapPasswordReset(this RouteGroupBuilder auth)
    {
        auth.MapPost("/password-reset", AskAsync).AllowAnonymous().WithName("AskPasswordReset").WithSummary("Mails a reset link, if the e-mail has an account");
        auth.MapPost("/password-reset/confirm", ConfirmAsync).AllowAnonymous().WithName("ConfirmPasswordReset").WithSummary("Sets the password by a reset link and ends all sessions");
    }

    public static void MapPasswordResetLinks(this RouteGroupBuilder admin) =>
        admin.MapPost("/password-resets", MakeLinkAsync).WithName("MakePasswordReset").WithSummary("Makes a reset link for an account");

    // Whether the account exists is looked up after the answer: neither its words nor its time tell.
    private static Results<Accepted, ProblemHttpResult> AskAsync(
        ResetRequest request, HttpContext context, AccountThrottles throttles, MailQueue mail, Database database, ServerOptions options, TimeProvider clock)
    {
        if (throttles.Resets.Take(ClientAddress.ThrottleKey(context)) is { } wait) return Problem.RateLimited(context, wait);
        if (!mail.IsConfigured) return Problem.Of(StatusCodes.Status409Conflict, "MAIL_NOT_CONFIGURED", "This server sends no mail. Ask its administrator for a reset link.");
        if (!Email.TryParse(request.Email, out var email)) return Problem.Invalid("email", "This is not an e-mail address.");
        var asked = context.Audit(AuditActions.VerificationCodeSent, success: true, null) with { Details = new { what = "password_reset" } };
        mail.Enqueue(async () =>
        {
            if (throttles.Mails.Take(email.Key) is not null) return null;
            return await database.AsService("password reset").WriteAsync(async work =>
            {
                if (await FindAsync(work, email).ConfigureAwait(false) is not { } account) return null;
                var token = await MakeTokenAsync(work, clock, account.Id).ConfigureAwait(false);
                await AuditLog.WriteAsync(work, clock, asked with { UserId = account.Id }).ConfigureAwait(false);
                return MailTexts.Reset(account.Email, account.Language, AccountLinks.Reset(options, token));
            }).ConfigureAwait(false);
        });
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ConfirmAsync(
        ResetConfirmation request, HttpContext context, AccountThrottles throttles, Passwords passwords, PasswordSetting setting, Database database, TimeProvider clock, MailQueue mail)
    {
        if (throttles.Resets.Take(ClientAddress.ThrottleKey(context)) is { } wait) return Problem.RateLimited(context, wait);
        var door = database.AsService("password reset");
        // The password is checked against the account before the token is spent: a weak one may be tried again.
        var account = await door.ReadAsync(async work =>
            await AccountTokens.OwnerAsync(work, clock, AccountTokens.PasswordReset, request.Token).ConfigureAwait(false) is { } owner
                ? await Me.ReadAsync(work, owner).ConfigureAwait(false) : null, context.RequestAborted).ConfigureAwait(false);
        if (account is null) return Invalid();
        if (PasswordPolicy.Refusal(request.Password, Email.Known(account.Email)) is { } weak) return Problem.Invalid("password", weak);
        var hash = await passwords.HashAsync(request.Password!, context.RequestAborted).ConfigureAwait(false);
        var set = await door.WriteAsync(async work =>
        {
            if (await AccountTokens.SpendAsync(work, clock, AccountTokens.PasswordReset, request.Token).ConfigureAwait(false) is null) return false;
            await setting.SetAsync(work, context, account.Id, hash, null, "password_reset").ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        if (!set) return Invalid();
        mail.Enqueue(() => Task.FromResult<MailMessage?>(MailTexts.PasswordChanged(account.Email, account.Language)));
        return TypedResults.NoContent();
    }

    private static async Task<Results<Created<OneTimeLink>, ProblemHttpResult>> MakeLinkAsync(
        ResetRequest request, Caller caller, HttpContext context, Database database, ServerOptions options, TimeProvider clock)
    {
        if (!Email.TryParse(request.Email, out var email)) return Problem.Invalid("email", "This is not an e-mail address.");
        var token = await database.AsService("an administrator's reset link").WriteAsync(async work =>
        {
            if (await FindAsync(work, email).ConfigureAwait(false) is not { } account) return null;
            var made = await MakeTokenAsync(work, clock, account.Id).ConfigureAwait(false);
            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.VerificationCodeSent, success: true, account.Id) with
            {
                Details = new { what = "password_reset", administrator = caller.AccountId },
            }).ConfigureAwait(false);
            return made;
        }).ConfigureAwait(false);
        return token is null ? Problem.NotFound("account")
            : TypedResults.Created((string?)null, new OneTimeLink(token, AccountLinks.Reset(options, token), clock.GetUtcNow() + AccountLimits.ResetLife));
    }

    private static async Task<string> MakeTokenAsync(Work work, TimeProvider clock, Guid accountId)
    {
        await AccountTokens.VoidAsync(work, AccountTokens.PasswordReset, accountId).ConfigureAwait(false); // the newest link only
        return await AccountTokens.MakeAsync(work, clock, AccountTokens.PasswordReset, accountId, null, AccountLimits.ResetLife).ConfigureAwait(false);
    }

    private static Task<Account?> FindAsync(Work work, Email email) =>
        work.FirstAsync<Account>("SELECT id, email, language FROM accounts WHERE email_key = @Key AND disabled_at IS NULL", new { email.Key });

    private static ProblemHttpResult Invalid() =>
        Problem.Of(StatusCodes.Status422UnprocessableEntity, "TOKEN_INVALID", "This link is spent, expired or wrong. Ask for a new one.");

    private sealed record Account(Guid Id, string Email, string Language);
}
