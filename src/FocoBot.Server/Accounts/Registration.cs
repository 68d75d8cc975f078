using System.Text.Json;
using FocoBot.Accounts.Mail;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>Who may register, and as what.</summary>
public sealed class Registration(Database database, Keyring keyring, Sessions sessions, ServerOptions options, TimeProvider clock)
{
    /// <summary>True when everybody may register. With mail configured, an e-mail is then confirmed first, and nobody learns whether it was taken.</summary>
    public bool IsOpen => options.Registration == "open";

    /// <summary>The mail that answers an open registration: a link, or the news that there is an account.</summary>
    internal Task<MailMessage?> OfferAsync(NewAccount account) => database.AsService("registration").WriteAsync<MailMessage?>(async work =>
    {
        if (await work.FirstAsync<string>("SELECT language FROM accounts WHERE email_key = @Key", new { account.Email.Key }).ConfigureAwait(false) is { } language)
            return MailTexts.AlreadyYours(account.Email.Address, language);
        var token = await AccountTokens.MakeAsync(work, clock, AccountTokens.Registration, null, JsonSerializer.Serialize(account), AccountLimits.ConfirmLife).ConfigureAwait(false);
        return MailTexts.Confirm(account.Email.Address, account.Language, AccountLinks.ConfirmRegistration(options, token));
    });

    /// <summary>Makes the account that a mailed link stands for, and its first session; null when the link is no good (any more).</summary>
    internal async Task<(Me Me, string Token)?> ConfirmAsync(HttpContext context, string? mailed)
    {
        try
        {
            return await database.AsService("registration").WriteAsync<(Me, string)?>(async work =>
                await AccountTokens.SpendAsync(work, clock, AccountTokens.Registration, mailed).ConfigureAwait(false) is { Payload: var payload }
                    ? await MakeAsync(work, context, JsonSerializer.Deserialize<NewAccount>(payload)!, null).ConfigureAwait(false) : null).ConfigureAwait(false);
        }
        catch (EmailTakenException)
        {
            return null; // confirmed twice, or invited meanwhile
        }
        catch (RegistrationRefusedException)
        {
            return null; // closed meanwhile
        }
    }

    /// <summary>Makes the account and its first session, spending the invitation; all of it or nothing.</summary>
    /// <exception cref="RegistrationRefusedException">The policy doesn't let this one in.</exception>
    /// <exception cref="EmailTakenException">Another account has the e-mail.</exception>
    internal Task<(Me Me, string Token)> RegisterAsync(HttpContext context, NewAccount account, string? invite) =>
        database.AsService("registration").WriteAsync(work => MakeAsync(work, context, account, invite), context.RequestAborted);

    private async Task<(Me Me, string Token)> MakeAsync(Work work, HttpContext context, NewAccount account, string? invite)
    {
        var admin = await AdmitAsync(work, account.Email, invite).ConfigureAwait(false);
        var id = await account.CreateAsync(work, keyring, clock, options, admin).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.AccountCreated, success: true, id) with { Details = new { admin } }).ConfigureAwait(false);
        var token = await sessions.OpenAsync(work, context, id).ConfigureAwait(false);
        return (await Me.ReadAsync(work, id).ConfigureAwait(false), token);
    }

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
                && (spent.Payload.Length == 0 || spent.Payload == email.Key))
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
