using FocoBot.Accounts.Mail;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>A new e-mail, with the password again.</summary>
public sealed record EmailChange(string? Email, string? Password);

/// <summary>The token of a link that was mailed.</summary>
public sealed record MailedToken(string? Token);

/// <summary>Changing the e-mail that an account signs in with.</summary>
internal static class EmailEndpoints
{
    public static void MapEmail(this RouteGroupBuilder auth)
    {
        auth.MapPost("/email", ChangeAsync).RequireWebSession().WithName("ChangeEmail").WithSummary("Changes the e-mail; with mail configured, once the new one is confirmed");
        auth.MapPost("/email/confirm", ConfirmAsync).AllowAnonymous().WithName("ConfirmEmail").WithSummary("Confirms a new e-mail by the link that was mailed to it");
    }

    private static async Task<Results<Accepted, NoContent, ProblemHttpResult>> ChangeAsync(
        EmailChange request, Caller caller, HttpContext context, Reauthentication again, AccountThrottles throttles, MailQueue mail, EmailSetting setting)
    {
        if (throttles.EmailChanges.Take(caller.AccountId.ToString()) is { } wait) return Problem.RateLimited(context, wait);
        if (!Email.TryParse(request.Email, out var email)) return Problem.Invalid("email", "This is not an e-mail address.");
        if (await again.CheckAsync(context, caller.AccountId, request.Password).ConfigureAwait(false) is { } refusal) return refusal;
        if (mail.IsConfigured)
        {
            mail.Enqueue(() => throttles.Mails.Take(email.Key) is null ? setting.OfferAsync(caller.AccountId, email) : Task.FromResult<MailMessage?>(null));
            return TypedResults.Accepted((string?)null);
        }

        // Without mail the change is made at once, so an e-mail that is taken shows; few tries an hour bound what that tells.
        return await setting.SetAsync(context, caller.AccountId, email).ConfigureAwait(false) ? TypedResults.NoContent()
            : Problem.Of(StatusCodes.Status409Conflict, "EMAIL_TAKEN", "Another account has this e-mail.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ConfirmAsync(MailedToken request, HttpContext context, AccountThrottles throttles, EmailSetting setting)
    {
        if (throttles.Resets.Take(ClientAddress.ThrottleKey(context)) is { } wait) return Problem.RateLimited(context, wait);
        return await setting.ConfirmAsync(context, request.Token).ConfigureAwait(false) ? TypedResults.NoContent()
            : Problem.Of(StatusCodes.Status422UnprocessableEntity, "TOKEN_INVALID", "This link is spent, expired or wrong. Ask for a new one.");
    }
}

/// <summary>Setting an account's e-mail.</summary>
public sealed class EmailSetting(Database database, MailQueue mail, ServerOptions options, TimeProvider clock)
{
    /// <summary>The mail to the new address: a link, or the news that it has an account already.</summary>
    internal Task<MailMessage?> OfferAsync(Guid accountId, Email email) => database.AsService("e-mail change").WriteAsync<MailMessage?>(async work =>
    {
        var me = await Me.ReadAsync(work, accountId).ConfigureAwait(false);
        if (await work.FirstAsync<string>("SELECT language FROM accounts WHERE email_key = @Key AND id <> @accountId", new { email.Key, accountId }).ConfigureAwait(false) is { } theirs)
            return MailTexts.AlreadyYours(email.Address, theirs);
        await AccountTokens.VoidAsync(work, AccountTokens.EmailChange, accountId).ConfigureAwait(false);
        var token = await AccountTokens.MakeAsync(work, clock, AccountTokens.EmailChange, accountId, email.Address, AccountLimits.ConfirmLife).ConfigureAwait(false);
        return MailTexts.Confirm(email.Address, me.Language, AccountLinks.ConfirmEmail(options, token));
    });

    /// <summary>False when the link is no good, or the e-mail was taken meanwhile.</summary>
    internal Task<bool> ConfirmAsync(HttpContext context, string? token) => database.AsService("e-mail change").WriteAsync(async work =>
        await AccountTokens.SpendAsync(work, clock, AccountTokens.EmailChange, token).ConfigureAwait(false) is { AccountId: { } account, Payload: var address }
        && await SetAsync(work, context, account, Email.Known(address)).ConfigureAwait(false));

    /// <summary>False when another account has the e-mail.</summary>
    internal Task<bool> SetAsync(HttpContext context, Guid accountId, Email email) =>
        database.AsService("e-mail change").WriteAsync(work => SetAsync(work, context, accountId, email));

    private async Task<bool> SetAsync(Work work, HttpContext context, Guid accountId, Email email)
    {
        var old = await Me.ReadAsync(work, accountId).ConfigureAwait(false);
        var set = await work.ExecuteAsync(
            """
            UPDATE accounts SET email = @Address, email_key = @Key, updated_at = @now
            WHERE id = @accountId AND NOT EXISTS (SELECT 1 FROM accounts other WHERE other.email_key = @Key AND other.id <> @accountId)
            """, new { accountId, email.Address, email.Key, now = clock.GetUtcNow() }).ConfigureAwait(false);
        if (set == 0) return false;
        // Reset links in the old mailbox must not open the account any more.
        await AccountTokens.VoidAsync(work, AccountTokens.PasswordReset, accountId).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.CredentialChanged, success: true, accountId) with { Details = new { what = "email" } }).ConfigureAwait(false);
        work.OnCommit(() => mail.Enqueue(() => Task.FromResult<MailMessage?>(MailTexts.EmailChanged(old.Email, old.Language))));
        return true;
    }
}
