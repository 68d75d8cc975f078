namespace FocoBot.Tasks;

public sealed class RecurrenceRule
{
    public static bool TryParse(string text, out RecurrenceRule? rule, out string? error)
    {
        rule = new RecurrenceRule();
        error = null;
        return text.Length > 0;
    }

    public Due? Next(Due current, DateTime notBeforeLocal) => new Due(current.Date.AddDays(1), current.Time);

    public RecurrenceRule AfterOne() => this;
}
