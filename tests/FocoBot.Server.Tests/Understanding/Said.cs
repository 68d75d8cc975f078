using System.Globalization;
using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

/// <summary>Understands a text as said on Friday 20 November 2026 at 10:15, unless told otherwise.</summary>
internal static class Said
{
    public static FocoBot.Assistant.Understanding.Understanding Of(string text, string now = "2026-11-20T10:15", Language language = Language.Spanish) =>
        Understander.Understand(text, language, DateTime.Parse(now, CultureInfo.InvariantCulture), out _);

    public static string? Due(string text, string now = "2026-11-20T10:15", Language language = Language.Spanish) => ResultJson.Of(Of(text, now, language)).Due;
}
