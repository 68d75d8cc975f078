using FocoBot.Accounts.Mail;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>A new password, with the old one again.</summary>
public sealed record PasswordChange(string? OldPassword, string? NewPassword);

/// <summary>Changing the password while signed in.</summary>
internal static class PasswordEndpoints
{
    public static void MapPassword(this RouteGroupBuilder auth) =>
        auth.MapPost("/password", ChangeAsync).RequireWebSession().WithName("ChangePassword").WithSummary("Changes the password and ends all other sessions");

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        PasswordChange request, Caller caller, HttpContext context, Reauthentication again, Passwords passwords, PasswordSetting setting, Database database, MailQueue mail)
    {
        if (await again.CheckAsync(context, caller.AccountId, request.OldPassword).ConfigureAwait(false) is { } refusal) return refusal;
        var me = await database.AsAccount(caller.AccountId).ReadAsync(work => Me.ReadAsync(work, caller.AccountId), context.RequestAborted).ConfigureAwait(false);
        if (PasswordPolicy.Refusal(request.NewPassword, Email.Known(me.Email)) is { } weak) return Problem.Invalid("newPassword", weak);
        var hash = await passwords.HashAsync(request.NewPassword!, context.RequestAborted).ConfigureAwait(false);
        await database.AsAccount(caller.AccountId).WriteAsync(work => setting.SetAsync(work, context, caller.AccountId, hash, caller.SessionId, "password")).ConfigureAwait(false);
        mail.Enqueue(() => Task.FromResult<MailMessage?>(MailTexts.PasswordChanged(me.Email, me.Language)));
        return TypedResults.NoContent();
    }
}

/// <summary>Setting a password, and all that follows from it.</summary>
public sealed class PasswordSetting(Sessions sessions, TimeProvider clock)
{
    /// <summary>Sets the hash, ends the account's sessions but <paramref name="kept"/>, and voids reset links that are still about.</summary>
    internal async Task SetAsync(Work work, HttpContext context, Guid accountId, string hash, Guid? kept, string what)
    {
        await work.ExecuteAsync(
            "UPDATE accounts SET password_hash = @hash, failed_logins = 0, login_locked_until = NULL, updated_at = @now WHERE id = @accountId",
            new { hash, accountId, now = clock.GetUtcNow() }).ConfigureAwait(false);
        await sessions.EndOthersAsync(work, context, accountId, kept).ConfigureAwait(false);
        await AccountTokens.VoidAsync(work, AccountTokens.PasswordReset, accountId).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.CredentialChanged, success: true, accountId) with { Details = new { what } }).ConfigureAwait(false);
    }
}
