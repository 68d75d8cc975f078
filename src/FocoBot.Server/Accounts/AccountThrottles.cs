using FocoBot.Security;

namespace FocoBot.Accounts;

/// <summary>The counters of this room, in memory: a restart forgets them, which gains an attacker minutes.</summary>
public sealed class AccountThrottles(TimeProvider clock)
{
    /// <summary>By address.</summary>
    public AttemptCounter Registrations { get; } = new(clock, AccountLimits.RegistrationsPerAddress, AccountLimits.Hour);

    /// <summary>By address.</summary>
    public AttemptCounter Resets { get; } = new(clock, AccountLimits.ResetsPerAddress, AccountLimits.Hour);

    /// <summary>By recipient.</summary>
    public AttemptCounter Mails { get; } = new(clock, AccountLimits.MailsPerRecipient, AccountLimits.Hour);

    /// <summary>By account.</summary>
    public AttemptCounter EmailChanges { get; } = new(clock, AccountLimits.EmailChanges, AccountLimits.Hour);

    /// <summary>Passwords typed at the sign-in, and again for what needs them again.</summary>
    public LoginThrottle Logins { get; } = new(clock);
}
