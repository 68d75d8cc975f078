using static FocoBot.Tests.LanguageModels.StandInAnswers;

namespace FocoBot.Tests.LanguageModels;

/// <summary>A model that lies within the schema: nothing it says may do harm without a yes.</summary>
public class ConfirmationTests
{
    private static async Task<bool> NeedsConfirmation(string text, params object[] items)
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai");
        harness.OpenAi.Answer(Items(items));
        var interpretation = await harness.Ask(text);
        Assert.NotNull(interpretation);
        return interpretation.NeedsConfirmation;
    }

    [Fact]
    public async Task Deleting_everything_needs_a_yes() =>
        Assert.True(await NeedsConfirmation("comprar leche", new { intent = "delete", ref_scope = "all" }));

    [Fact]
    public async Task Changing_all_of_a_filter_needs_a_yes()
    {
        Assert.True(await NeedsConfirmation("limpia lo de hoy", new { intent = "complete", filter = "today" }));
        Assert.True(await NeedsConfirmation("mueve lo de hoy", new { intent = "reschedule", filter = "today", due = "2026-11-21" }));
    }

    [Fact]
    public async Task Two_deletions_need_a_yes_even_as_two_items()
    {
        Assert.True(await NeedsConfirmation("borra 2 y 3", new { intent = "delete", refs = new[] { 2, 3 } }));
        Assert.True(await NeedsConfirmation("borra 2 y 3", new { intent = "delete", refs = new[] { 2 } }, new { intent = "complete", refs = new[] { 3 } }));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("delete")]
    [InlineData("edit")]
    [InlineData("reschedule")]
    public async Task A_task_that_the_text_does_not_name_needs_a_yes(string intent)
    {
        Assert.True(await NeedsConfirmation("llamar al 55123 por la 12", new { intent, refs = new[] { 1 } }));
        Assert.True(await NeedsConfirmation("ya quedó lo de la luz", new { intent, ref_text = "pagar impuestos" }));
    }

    [Fact]
    public async Task Silencing_the_assistant_needs_a_yes() =>
        Assert.True(await NeedsConfirmation("ya basta por hoy", new { intent = "stop" }));

    [Fact]
    public async Task One_named_task_and_harmless_things_need_none()
    {
        Assert.False(await NeedsConfirmation("borra la 12", new { intent = "delete", refs = new[] { 12 } }));
        Assert.False(await NeedsConfirmation("ya quedó lo del Balcón", new { intent = "complete", ref_text = "balcon" }));
        Assert.False(await NeedsConfirmation("pasa 2 a 4 a mañana", new { intent = "reschedule", refs = new[] { 2, 3, 4 }, due = "2026-11-21" }));
        Assert.False(await NeedsConfirmation("a y b y qué tengo", new { intent = "create", title = "a" }, new { intent = "create", title = "b" }, new { intent = "list", filter = "open" }));
    }

    [Theory]
    [InlineData("huge title")]
    [InlineData("past")]
    [InlineData("invented numbers")]
    public async Task A_lie_outside_the_schema_is_no_answer(string lie)
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai");
        harness.OpenAi.Answer(Items(lie switch
        {
            "huge title" => new { intent = "create", title = new string('x', 20_000) },
            "past" => new { intent = "create", title = "a", due = "2020-01-01" },
            _ => new { intent = "delete", refs = Enumerable.Range(1, 5_000) },
        }));
        Assert.Null(await harness.Ask());
        Assert.Equal(2, harness.OpenAi.Calls.Count);
    }
}
