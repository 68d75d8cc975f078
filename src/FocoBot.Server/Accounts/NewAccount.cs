using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>An account about to be made.</summary>
internal sealed record NewAccount(Email Email, string PasswordHash, string Language, string TimeZone)
{
    public const string DefaultLanguage = "es";
    public const string DefaultTimeZone = "America/Mexico_City";

    /// <summary>Makes the account and its data key.</summary>
    /// <exception cref="EmailTakenException">Another account has the e-mail; let it end the unit.</exception>
    public async Task<Guid> CreateAsync(Work work, Keyring keyring, TimeProvider clock, ServerOptions options, bool admin)
    {
        var id = Ids.New(clock);
        var made = await work.ExecuteAsync(
            """
            INSERT INTO accounts (id, email, email_key, password_hash, role, language, time_zone, whatsapp_mode, created_at, updated_at)
            VALUES (@id, @Address, @Key, @PasswordHash, @role, @Language, @TimeZone, @WhatsAppMode, @now, @now)
            ON CONFLICT (email_key) DO NOTHING
            """,
            new { id, Email.Address, Email.Key, PasswordHash, role = admin ? Caller.AdminRole : "user", Language, TimeZone, options.WhatsAppMode, now = clock.GetUtcNow() }).ConfigureAwait(false);
        if (made == 0) throw new EmailTakenException();
        await keyring.MakeForAccountAsync(work, id).ConfigureAwait(false);
        return id;
    }
}

/// <summary>Another account has the e-mail.</summary>
internal sealed class EmailTakenException() : Exception("Another account has this e-mail.");
