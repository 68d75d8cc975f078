using System.Text.Json;
using FocoBot.Assistant.Understanding;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.Tests.Understanding;

public class PropertyTests
{
    private static readonly string[] Pieces =
    [
        "recuérdame", "borra", "mañana", "la", "3", "a las", "5", "pm", "el", "lunes", "cada", "de", "y", "no", "?", "¿", "\n", "comprar", "pan", "todas", "12/31", "2027-02-30", "media",
        "hora", "move", "to", "tomorrow", "at", "noon", "every", "month", "the", "one", "/", ":", "-", "1-3", "99999999999", "in", "weeks", "task", "done", "😀", "\"", "mark", "as", "hasta",
        "1000", "años", "29 de febrero", "31", "primer", "último", "día", "del mes", "'", "as done", "snooze", "for", "resumen", "zona horaria", "Tijuana", "en", "inglés", "\ud800", "\u0301",
    ];

    [Fact]
    public void Any_text_is_understood_without_failing() => Check(ArbMap.Default.GeneratorFor<string>());

    [Fact]
    public void Any_mix_of_known_words_is_understood_without_failing() =>
        Check(Gen.Elements(Pieces).ListOf().Select(words => string.Join(' ', words)));

    private static void Check(Gen<string> texts) =>
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var result = Said.Of(text ?? "");
            Assert.Equal(Form(result), Form(Said.Of(text ?? "")));
            Assert.InRange(result.Refs.Length, 0, UnderstandingLimits.Refs);
            Assert.InRange(result.Confidence, 0, 1);
            foreach (var word in Comparator.Words(result.Title)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
                Assert.Contains(word, Comparator.Words(text), StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private static string Form(FocoBot.Assistant.Understanding.Understanding result) => JsonSerializer.Serialize(ResultJson.Of(result), UnderstandJson.Default.ResultJson);
}
