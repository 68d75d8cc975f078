using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>Who may register, and as what.</summary>
public sealed class Registration(Database database, Keyring keyring, Sessions sessions, ServerOptions options, TimeProvider clock)
{
    /// <summary>Makes the account and its first session, spending the invitation; all of it or nothing.</summary>
    /// <exception cref="RegistrationRefusedException">The policy doesn't let this one in.</exception>
    /// <exception cref="EmailTakenException">Another account has the e-mail.</exception>
    internal Task<(Me Me, string Token)> RegisterAsync(HttpContext context, NewAccount account, string? invite) =>
        database.AsService("registration").WriteAsync(async work =>
        {
            var admin = await AdmitAsync(work, account.Email, invite).ConfigureAwait(false);
            var id = await account.CreateAsync(work, keyring, clock, admin).ConfigureAwait(false);
            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.AccountCreated, success: true, id) with { Details = new { admin } }).ConfigureAwait(false);
            var token = await sessions.OpenAsync(work, context, id).ConfigureAwait(false);
            return (await Me.ReadAsync(work, id).ConfigureAwait(false), token);
        }, context.RequestAborted);

    // True when the account becomes the administrator's.
    private async Task<bool> AdmitAsync(Work work, Email email, string? invite)
    {
        if (invite is { Length: > 0 })
        {
            if (await AccountTokens.SpendAsync(work, clock, AccountTokens.FirstAdmin, invite).ConfigureAwait(false) is not null
                && !await FirstAdmin.ExistsAsync(work).ConfigureAwait(false))
                return true;
            if (options.Registration != "closed"
                && await AccountTokens.SpendAsync(work, clock, AccountTokens.Invite, invite).ConfigureAwait(false) is { } spent
                && (spent.Payload is null || spent.Payload == email.Key))
                return false;
            throw new RegistrationRefusedException("INVITE_INVALID", "This invitation is spent, expired or meant for another e-mail.");
        }

        if (options.Development && await work.ScalarAsync<long>("SELECT count(*) FROM accounts").ConfigureAwait(false) == 0) return true;
        return options.Registration switch
        {
            "open" => false,
            "invite" => throw new RegistrationRefusedException("INVITE_REQUIRED", "An invitation is needed to register here."),
            _ => throw new RegistrationRefusedException("REGISTRATION_CLOSED", "Nobody can register here. Ask the administrator for an account."),
        };
    }
}

/// <summary>Registration is not open to this request; the message is for the person.</summary>
internal sealed class RegistrationRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
