namespace FocoBot.Tasks;

public readonly record struct Due(DateOnly Date, TimeOnly? Time)
{
    public DateTimeOffset InstantIn(TimeZoneInfo zone) => new(TimeZoneInfo.ConvertTimeToUtc(Date.ToDateTime(Time ?? TimeOnly.MinValue), zone), TimeSpan.Zero);
}
