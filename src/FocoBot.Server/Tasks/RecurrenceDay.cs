using System.Globalization;

namespace FocoBot.Tasks;

/// <summary>One entry of BYDAY.</summary>
/// <param name="Day">The weekday.</param>
/// <param name="Ordinal">Which one of its month or year, from the end when negative; 0 means each.</param>
public readonly record struct RecurrenceDay(DayOfWeek Day, int Ordinal = 0)
{
    private static readonly string[] Names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    public override string ToString() =>
        Ordinal == 0 ? NameOf(Day) : Ordinal.ToString(CultureInfo.InvariantCulture) + NameOf(Day);

    internal static string NameOf(DayOfWeek day) => Names[(int)day];

    internal static bool TryParseName(string name, out DayOfWeek day)
    {
        var index = Array.IndexOf(Names, name);
        day = (DayOfWeek)Math.Max(index, 0);
        return index >= 0;
    }
}
