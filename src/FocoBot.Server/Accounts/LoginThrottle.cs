using FocoBot.Http;
using FocoBot.Security;

namespace FocoBot.Accounts;

/// <summary>
/// Slows guessing down without letting a stranger lock anybody out: pauses grow for an account and address pair, and
/// slower for the account as a whole, where addresses the account is signed in from are exempt. E-mails that nobody
/// has are counted alike, so that a pause doesn't tell which exist.
/// </summary>
public sealed class LoginThrottle(TimeProvider clock)
{
    private readonly AttemptCounter _addresses = new(clock, AccountLimits.LoginsPerAddress, AccountLimits.LoginWindow);
    private readonly Backoff _pairs = new(clock, AccountLimits.LoginPauses);
    private readonly Backoff _strangers = new(clock, AccountLimits.AccountPauses);

    /// <summary>Starts an attempt for <paramref name="who"/> (an e-mail's key, an account's id); the time to wait when it may not be made now.</summary>
    public TimeSpan? Begin(HttpContext context, string who) =>
        _addresses.Take(ClientAddress.ThrottleKey(context)) ?? _pairs.Begin(Pair(context, who));

    public void Succeed(HttpContext context, string who) => _pairs.Succeed(Pair(context, who));

    /// <summary>Right so far, a second factor is still to come: neither a failure nor a success.</summary>
    public void Forgive(HttpContext context, string who) => _pairs.Forgive(Pair(context, who));

    internal TimeSpan? StrangerPause(string emailKey) => _strangers.Left(emailKey);

    internal void StrangerFailed(string emailKey) => _strangers.Begin(emailKey);

    private static string Pair(HttpContext context, string who) => $"{ClientAddress.ThrottleKey(context)} {who}";
}
