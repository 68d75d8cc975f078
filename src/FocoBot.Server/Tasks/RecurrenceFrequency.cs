namespace FocoBot.Tasks;

/// <summary>The period a rule counts in (FREQ). SECONDLY is left out: a due time has no seconds.</summary>
public enum RecurrenceFrequency
{
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}
