namespace FocoBot.Assistant.Understanding;

public static class Understander
{
    public static Understanding Understand(string text, Language lang, DateTimeOffset now, TimeZoneInfo zone)
    {
        _ = now;
        _ = zone;
        return new Understanding { Intent = Intent.Create, Title = text, DetectedLanguage = lang };
    }
}
