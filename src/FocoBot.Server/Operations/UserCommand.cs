using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Operations;

/// <summary>
/// The <c>user add --email ana@example.com [--admin]</c> command. The password comes from the standard input when
/// something is piped in; otherwise one is made and printed.
/// </summary>
public static class UserCommand
{
    private const string Usage = "Usage: user add --email NAME@HOST [--admin]   (the password from standard input, or made here)";

    /// <summary>Runs the command; the process's exit code. <paramref name="input"/> is null when nothing is piped in; <paramref name="settings"/> go before the environment's.</summary>
    public static async Task<int> RunAsync(string[] args, TextReader? input, TextWriter output, TextWriter errors, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        if (!TryRead(args, out var text, out var admin) || !Email.TryParse(text, out var email))
        {
            await errors.WriteLineAsync(Usage).ConfigureAwait(false);
            return 2;
        }

        var given = input is null ? null : (await input.ReadLineAsync().ConfigureAwait(false))?.TrimEnd('\r');
        var password = given is { Length: > 0 } ? given : SecretToken.New()[..20];
        if (PasswordPolicy.Refusal(password, email) is { } refusal)
        {
            await errors.WriteLineAsync(refusal).ConfigureAwait(false);
            return 2;
        }

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddFocoBot();
        await using var app = builder.Build();
        await app.PrepareAsync(announce: false).ConfigureAwait(false);
        try
        {
            await AddAsync(app.Services, email, password, admin).ConfigureAwait(false);
        }
        catch (EmailTakenException e)
        {
            await errors.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 1;
        }

        await output.WriteLineAsync(given is { Length: > 0 } ? $"Added {email.Address}." : $"Added {email.Address} with the password {password}").ConfigureAwait(false);
        return 0;
    }

    private static async Task AddAsync(IServiceProvider services, Email email, string password, bool admin)
    {
        var hash = await services.GetRequiredService<Passwords>().HashAsync(password, CancellationToken.None).ConfigureAwait(false);
        var (keyring, options, clock) = (services.GetRequiredService<Keyring>(), services.GetRequiredService<ServerOptions>(), services.GetRequiredService<TimeProvider>());
        await services.GetRequiredService<Database>().AsService("user command").WriteAsync(async work =>
        {
            var id = await new NewAccount(email, hash, NewAccount.DefaultLanguage, NewAccount.DefaultTimeZone).CreateAsync(work, keyring, clock, options, admin).ConfigureAwait(false);
            await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.AccountCreated, true) { UserId = id, Details = new { admin, by = "command" } }).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static bool TryRead(string[] args, out string? email, out bool admin)
    {
        (email, admin) = (null, false);
        if (args is not ["user", "add", ..]) return false;
        for (var i = 2; i < args.Length; i++)
        {
            if (args[i] == "--admin") admin = true;
            else if (args[i] == "--email" && i + 1 < args.Length) email = args[++i];
            else return false;
        }

        return email is not null;
    }
}
