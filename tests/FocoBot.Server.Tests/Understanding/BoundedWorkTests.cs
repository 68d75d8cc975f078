using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

public class BoundedWorkTests
{
    private const int StepsPerCharacter = 200;

    public static TheoryData<string, int> Hostile => new()
    {
        { " ", 65_000 },
        { "mañana ", 9_000 },
        { "a las 5 ", 8_000 },
        { "cada lunes y ", 5_000 },
        { "en ", 20_000 },
        { "1, ", 20_000 },
        { "la 3 y ", 9_000 },
        { "borra ", 10_000 },
        { "que ", 16_000 },
        { "por favor ", 6_500 },
        { "¿", 65_000 },
        { ",.", 32_000 },
        { "a", 65_000 },
        { "12/", 20_000 },
        { "1", 65_000 },
        { "\"x ", 20_000 },
        { "lunes a ", 8_000 },
        { "el próximo ", 5_900 },
        { "recuérdame ", 5_900 },
        { "hola ", 13_000 },
        { "no ", 21_000 },
        { "media hora y ", 5_000 },
        { "\"", 65_000 },
        { "(", 65_000 },
        { "<(", 32_000 },
        { "@a", 32_000 },
        { "xmañanx ", 8_000 },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Repetition_costs_no_more_than_its_length(string piece, int times)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times));
        Understander.Understand(text, Language.Spanish, new DateTime(2026, 11, 20, 10, 15, 0), out var work);
        Assert.InRange(work, 0, text.Length * StepsPerCharacter);
    }

    [Fact]
    public void A_text_beyond_the_limit_means_nothing() =>
        Assert.Equal(Intent.Unknown, Said.Of(string.Concat("borra la 3 ", new string('a', UnderstandingLimits.Text))).Intent);
}
