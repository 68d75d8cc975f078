namespace FocoBot.Assistant.Admission;

/// <summary>How many messages a sender may send in a minute, an hour and a day.</summary>
public sealed record RateTier(int PerMinute, int PerHour, int PerDay)
{
    /// <summary>A phone that is linked to nobody: enough to verify a code, too little to guess one.</summary>
    public static readonly RateTier Unlinked = new(3, 10, 20);

    public static readonly RateTier Standard = new(10, 100, 500);

    public static readonly RateTier Premium = new(30, 300, 1_500);

    /// <summary>The tier of an account (<c>accounts.tier</c>); null for no account.</summary>
    public static RateTier Of(string? tier) => tier switch { null => Unlinked, "premium" => Premium, _ => Standard };
}

/// <summary>What repeated violations of the limits bring, counted over 24 hours.</summary>
internal static class Penalties
{
    public const int Warn = 3;
    public const int Delay = 5;
    public const int Block = 10;

    /// <summary>From here on only an administrator lifts the block.</summary>
    public const int Lock = 20;

    public static readonly TimeSpan CountedFor = TimeSpan.FromHours(24);
    public static readonly TimeSpan DelayFor = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan BlockFor = TimeSpan.FromHours(1);

    /// <summary>The end of a block that has none.</summary>
    public static readonly DateTimeOffset Forever = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);
}
