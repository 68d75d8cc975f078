using System.Globalization;
using System.Text.Json.Serialization;

namespace FocoBot.Tasks;

/// <summary>
/// When a task is due on the wall clock of its zone: a day, or a minute of that day. A day sorts before its minutes.
/// Written <c>2026-03-05</c> or <c>2026-03-05T09:30</c>, in JSON too.
/// </summary>
/// <param name="Date">The local date.</param>
/// <param name="Time">The local time, cut to the minute; none when any time of the day will do.</param>
[JsonConverter(typeof(DueJsonConverter))]
public readonly record struct Due(DateOnly Date, TimeOnly? Time) : IComparable<Due>
{
    private const string DateFormat = "yyyy-MM-dd";
    private const string DateTimeFormat = "yyyy-MM-dd'T'HH:mm";

    public TimeOnly? Time { get; init => field = ToMinute(value); } = ToMinute(Time);

    /// <summary>Reads the written form, years 1900 to 2999. False for anything else; never throws.</summary>
    public static bool TryParse(string? text, out Due due)
    {
        due = default;
        var format = text?.Length switch { 10 => DateFormat, 16 => DateTimeFormat, _ => null };
        if (format is null
            || !DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < CalendarLimits.FirstYear or > CalendarLimits.LastYear)
            return false;
        due = new Due(DateOnly.FromDateTime(local), format == DateFormat ? null : TimeOnly.FromDateTime(local));
        return true;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">The text is not a due date; it is not repeated in the message.</exception>
    public static Due Parse(string text) =>
        TryParse(text, out var due) ? due : throw new FormatException("A due date is YYYY-MM-DD or YYYY-MM-DDTHH:MM.");

    public override string ToString() => WallClock.ToString(Time is null ? DateFormat : DateTimeFormat, CultureInfo.InvariantCulture);

    public int CompareTo(Due other)
    {
        var days = Date.CompareTo(other.Date);
        return days != 0 ? days : Nullable.Compare(Time, other.Time);
    }

    /// <summary>
    /// The instant the zone's wall clock first reads this minute, or the start of the day without a time. A minute that the
    /// clock skips becomes the first one after the gap, also when the gap swallows midnight or the whole day.
    /// </summary>
    /// <returns>The instant, with the zone's offset at that instant.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The date is within two days of the ends of <see cref="DateTime"/>.</exception>
    public DateTimeOffset InstantIn(TimeZoneInfo zone)
    {
        // IsInvalidTime and IsAmbiguousTime overlook gaps made by a change of the standard offset, so only the
        // mapping from instants to offsets is asked. No offset exceeds 14 hours: the instant lies between the two days.
        var wall = new DateTimeOffset(WallClock, TimeSpan.Zero);
        var before = zone.GetUtcOffset(wall.AddDays(-1));
        var after = zone.GetUtcOffset(wall.AddDays(1));

        var first = wall - (before > after ? before : after);
        var second = wall - (before > after ? after : before);
        foreach (var instant in (ReadOnlySpan<DateTimeOffset>)[first, second])
            if (instant + zone.GetUtcOffset(instant) == wall)
                return TimeZoneInfo.ConvertTime(instant, zone);

        return TimeZoneInfo.ConvertTime(EndOfGap(zone, first, second), zone);
    }

    private DateTime WallClock => Date.ToDateTime(Time ?? TimeOnly.MinValue);

    /// <summary>The first minute after <paramref name="early"/> that has the offset of <paramref name="late"/>.</summary>
    private static DateTimeOffset EndOfGap(TimeZoneInfo zone, DateTimeOffset early, DateTimeOffset late)
    {
        var offset = zone.GetUtcOffset(late);
        var (low, high) = (0, (int)(late - early).TotalMinutes);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (zone.GetUtcOffset(early.AddMinutes(middle)) == offset) high = middle;
            else low = middle + 1;
        }
        return early.AddMinutes(high);
    }

    private static TimeOnly? ToMinute(TimeOnly? time) => time is { } t ? new TimeOnly(t.Hour, t.Minute) : null;
}
