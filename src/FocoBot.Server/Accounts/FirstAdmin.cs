using FocoBot.Http;
using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>
/// The way in for a server that has no administrator yet. Development makes the first account one; Production prints
/// a one-time registration link to the standard output, which only the operator reads.
/// </summary>
public sealed class FirstAdmin(Database database, ServerOptions options, TimeProvider clock)
{
    /// <summary>Prints a link when one is needed. Each start makes a new one and voids the last.</summary>
    public async Task OfferAsync(TextWriter output, CancellationToken cancellation)
    {
        if (options.Development) return;
        var token = await database.AsService("first administrator").WriteAsync(async work =>
        {
            if (await ExistsAsync(work).ConfigureAwait(false)) return null;
            await AccountTokens.VoidAsync(work, AccountTokens.FirstAdmin, null).ConfigureAwait(false);
            return await AccountTokens.MakeAsync(work, clock, AccountTokens.FirstAdmin, null, null, AccountLimits.FirstAdminLife).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        if (token is null) return;
        await output.WriteLineAsync($"No administrator yet. Register the first one here (good once, {AccountLimits.FirstAdminLife.TotalDays:0} days): {AccountLinks.Register(options, token)}").ConfigureAwait(false);
    }

    internal static async Task<bool> ExistsAsync(Work work) =>
        await work.ScalarAsync<long>("SELECT count(*) FROM accounts WHERE role = 'admin'").ConfigureAwait(false) > 0;
}

/// <summary>Links that people open. The token stands behind the #, which browsers send to nobody.</summary>
internal static class AccountLinks
{
    public static string Register(ServerOptions options, string token) => To(options, "register", token);

    public static string Reset(ServerOptions options, string token) => To(options, "reset-password", token);

    public static string ConfirmEmail(ServerOptions options, string token) => To(options, "confirm-email", token);

    private static string To(ServerOptions options, string page, string token) => $"{options.PublicBaseUrl ?? "http://localhost:5080"}/{page}#token={token}";
}
