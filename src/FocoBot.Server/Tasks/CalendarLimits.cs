namespace FocoBot.Tasks;

/// <summary>Bounds on dates and rules that people, programs and language models hand in.</summary>
internal static class CalendarLimits
{
    /// <summary>Years anyone means. Every moment in them is an instant in every zone, for .NET and for PostgreSQL.</summary>
    public const int FirstYear = 1900;
    public const int LastYear = 2999;

    /// <summary>The longest rule in RFC 5545 has 78 characters; every list of a rule is bounded by this too.</summary>
    public const int RuleLength = 200;

    /// <summary>Nobody asks for less than once in a thousand; keeps sums of periods far from overflow.</summary>
    public const int Interval = 1_000;

    /// <summary>A daily task for 27 years.</summary>
    public const int Count = 10_000;

    /// <summary>
    /// Days looked at in one search: a century of them. The rarest date people name, 29 February on a given weekday, comes
    /// back within 40 years; what has not matched by then is taken never to match.
    /// </summary>
    public const int DaysSearched = 36_525;
}
