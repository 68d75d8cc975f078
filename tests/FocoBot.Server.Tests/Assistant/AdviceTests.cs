using System.Text.Json;
using FocoBot.Tests.LanguageModels;
using static FocoBot.Tests.LanguageModels.StandInAnswers;

namespace FocoBot.Tests.Assistant;

/// <summary>When a language model is asked, and how little it can do on its own.</summary>
public class AdviceTests
{
    private const string Ana = "+5215512345678";
    private const string Unclear = "eso de la cosa aquella del otro día";

    [Fact]
    public async Task A_model_is_asked_about_what_the_parser_is_unsure_of_once_the_account_agreed()
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        model.Answer(BuyBulbs());
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);

        Assert.StartsWith("🤔", await ana.SayAsync(Unclear), StringComparison.Ordinal);
        Assert.Empty(model.Calls);

        await AgreeAsync(ana);
        Assert.Equal("✅ Anotado: *comprar focos* — mañana", await ana.SayAsync(Unclear));
        Assert.Equal("✅ Anotado: *comprar pan*", await ana.SayAsync("comprar pan"));
        Assert.Single(model.Calls);
        Assert.Empty(model.Complaints);
    }

    [Fact]
    public async Task Several_tasks_in_one_text_become_several_and_one_undo_takes_them_back()
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        model.Answer(Items(new { intent = "create", title = "comprar pan" }, new { intent = "create", title = "llamar a Ana", due = "2026-11-21" }, new { intent = "create", title = "pagar la luz" }));
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);
        await AgreeAsync(ana);

        Assert.Equal("✅ Anoté 3 tareas:\n• comprar pan\n• llamar a Ana — mañana\n• pagar la luz", await ana.SayAsync("comprar pan, llamar a Ana mañana y pagar la luz"));
        Assert.Equal("↩️ Deshecho: quité 3 tareas", await ana.SayAsync("deshacer"));
        Assert.Equal("create", await channel.ScalarAsync<string>("SELECT intent FROM focobot_command_history ORDER BY id DESC LIMIT 1 OFFSET 1"));
    }

    [Fact]
    public async Task A_model_that_deletes_several_tasks_is_not_believed_without_a_yes()
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        model.Answer(Items(new { intent = "delete", refs = new[] { 1, 2 } }));
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar pan", "pagar la luz", "/tareas");
        await AgreeAsync(ana);

        Assert.Equal("Son 2 tareas. ¿Las borro todas? (sí / no)", await ana.SayAsync(Unclear));
        Assert.Equal("👌 No cambié nada.", await ana.SayAsync("no"));
        Assert.Single(model.Calls); // the no was for us
        Assert.Equal(2, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE deleted_at IS NULL"));
    }

    [Fact]
    public async Task A_model_that_knows_nothing_breaks_or_lies_leaves_the_parsers_answer()
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);
        await AgreeAsync(ana);

        foreach (var answer in (Microsoft.AspNetCore.Http.RequestDelegate[])[Items(new { intent = "unknown" }), Raw(200, "{\"choices\":"), Completion("not json at all"), Error(500, null), Items(new { intent = "stop" }), Items(new { intent = "create" })])
        {
            model.Answer(answer);
            channel.Clock.Advance(TimeSpan.FromMinutes(10)); // past any circuit breaker
            Assert.StartsWith("🤔", await ana.SayAsync(Unclear), StringComparison.Ordinal);
        }

        Assert.Equal(0, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks"));
        Assert.Equal(0, await channel.ScalarAsync<long>("SELECT count(*) FROM contacts WHERE suppressed_at IS NOT NULL"));
    }

    [Fact]
    public async Task While_a_model_thinks_the_person_sees_typing_and_after_five_seconds_the_parsers_answer_stands()
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        model.Answer(Hang());
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAsync("comprar pan");
        Assert.Equal(0, await TypingAsync(channel));
        await AgreeAsync(ana);
        var sid = channel.NextSid();
        (await channel.DeliverAsync(ana.Address, Unclear, sid)).Dispose();
        await model.ArrivedAsync();

        channel.Clock.Advance(TimeSpan.FromSeconds(1.1));
        await BusinessChannel.UntilAsync(async () => await TypingAsync(channel) == 1);
        Assert.Equal(2, channel.Twilio.Messages.Received);
        channel.Clock.Advance(TimeSpan.FromSeconds(4));

        Assert.StartsWith("🤔", await channel.AnswerAsync(sid), StringComparison.Ordinal);
        Assert.Equal(1, await TypingAsync(channel));
    }

    [Fact]
    public async Task Fifty_calls_a_day_are_enough()
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        model.Answer(BuyBulbs());
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);
        await AgreeAsync(ana);
        await channel.ExecuteAsync("INSERT INTO llm_usage (user_id, day, calls) SELECT id, @day, 49 FROM accounts", new { day = new DateOnly(2026, 11, 20) });

        Assert.StartsWith("✅ Anotado", await ana.SayAsync(Unclear), StringComparison.Ordinal);
        Assert.StartsWith("🤔", await ana.SayAsync(Unclear), StringComparison.Ordinal);
        Assert.Single(model.Calls);
        channel.Clock.Leap(TimeSpan.FromHours(14)); // midnight in Mexico City has passed
        Assert.StartsWith("✅ Anotado", await ana.SayAsync(Unclear), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_writes_who_may_not_command_goes_to_no_model()
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        model.Answer(BuyBulbs());
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);
        await AgreeAsync(ana);
        await channel.SayAsync(ana.Address, "comprar pan", ("ExternalUserId", "MX.first"));

        await channel.SayAsync("whatsapp:+5215599998888", Unclear);
        await channel.SayAsync(ana.Address, Unclear, ("ExternalUserId", "MX.second")); // a recycled number
        await channel.SayAsync(ana.Address, Unclear, ("ExternalUserId", "MX.first"));
        await channel.ExecuteAsync("UPDATE whatsapp_user_links SET suspended_reason = NULL");
        await channel.SayAsync(ana.Address, Unclear, ("ExternalUserId", "MX.first")); // its session was ended
        Assert.Empty(model.Calls);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("sí")]
    [InlineData("VERIFY K7M2P9QX")]
    [InlineData("/nada")]
    public async Task Short_answers_codes_and_slashes_are_not_for_a_model(string text)
    {
        await using var model = await LanguageModelStandIn.StartAsync("openai");
        model.Answer(BuyBulbs());
        await using var channel = await StartAsync(model);
        var ana = await channel.LinkedAsync(Ana);
        await AgreeAsync(ana);

        await ana.SayAsync(text);
        Assert.Empty(model.Calls);
    }

    private static Task<BusinessChannel> StartAsync(LanguageModelStandIn model) =>
        BusinessChannel.StartAsync(new() { ["OPENAI_API_KEY"] = "sk-openai-canary", ["OPENAI_BASE_URL"] = model.BaseUrl });

    private static async Task AgreeAsync(LinkedPerson person)
    {
        using var changed = await person.Browser.PatchAsync("/api/settings", BusinessChannel.JsonContentOf(new { llmConsent = true }), TestContext.Current.CancellationToken);
        Assert.True(changed.IsSuccessStatusCode);
    }

    private static async Task<int> TypingAsync(BusinessChannel channel)
    {
        using var http = new HttpClient { BaseAddress = channel.Twilio.BaseUrl };
        using var stats = JsonDocument.Parse(await http.GetStringAsync("/_control/stats", TestContext.Current.CancellationToken));
        return stats.RootElement.GetProperty("typing").GetInt32();
    }
}
