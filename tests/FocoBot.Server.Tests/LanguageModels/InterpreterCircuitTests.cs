using FocoBot.Assistant.LanguageModels;
using static FocoBot.Tests.LanguageModels.StandInAnswers;

namespace FocoBot.Tests.LanguageModels;

public class InterpreterCircuitTests
{
    [Fact]
    public async Task A_refused_key_rests_that_provider_only_until_the_long_cool_down_is_over()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi");
        harness.OpenAi.Answer(Error(401, "invalid_api_key"));
        await harness.Ask();
        await harness.Ask();
        Assert.Equal((1, 2), (harness.OpenAi.Calls.Count, harness.Kimi.Calls.Count));

        harness.OpenAi.Answer(BuyBulbs());
        harness.Clock.Advance(LanguageModelLimits.LongCoolDown - TimeSpan.FromTicks(1));
        Assert.Equal("kimi", (await harness.Ask())?.Provider);
        harness.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("openai", (await harness.Ask())?.Provider);
        Assert.Equal("openai", (await harness.Ask())?.Provider);
    }

    [Fact]
    public async Task Failures_in_a_row_open_the_circuit_and_a_failed_probe_opens_it_again()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi");
        harness.OpenAi.Answer(Error(500, null));
        for (var i = 0; i < LanguageModelLimits.FailuresInARow + 3; i++)
            await harness.Ask();
        Assert.Equal(LanguageModelLimits.FailuresInARow, harness.OpenAi.Calls.Count);

        harness.Clock.Advance(LanguageModelLimits.CoolDown);
        await harness.Ask();
        await harness.Ask();
        Assert.Equal(LanguageModelLimits.FailuresInARow + 1, harness.OpenAi.Calls.Count);
    }

    [Fact]
    public async Task A_success_between_failures_starts_the_count_again()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi");
        for (var round = 0; round < 3; round++)
        {
            harness.OpenAi.Answer(Error(500, null));
            for (var i = 0; i < LanguageModelLimits.FailuresInARow - 1; i++)
                await harness.Ask();
            harness.OpenAi.Answer(BuyBulbs());
            Assert.Equal("openai", (await harness.Ask())?.Provider);
        }
    }

    [Fact]
    public async Task Retry_After_is_obeyed_within_reason()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi");
        harness.OpenAi.Answer(Error(429, "rate_limit_exceeded", retryAfter: 20), Error(429, "rate_limit_exceeded", retryAfter: 86_400), BuyBulbs());

        await harness.Ask();
        harness.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal("kimi", (await harness.Ask())?.Provider);
        Assert.Single(harness.OpenAi.Calls);

        harness.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("kimi", (await harness.Ask())?.Provider);
        Assert.Equal(2, harness.OpenAi.Calls.Count);

        harness.Clock.Advance(LanguageModelLimits.LongCoolDown);
        Assert.Equal("openai", (await harness.Ask())?.Provider);
    }

    [Fact]
    public async Task While_one_caller_probes_the_others_pass_by()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi");
        harness.OpenAi.Answer(Error(401, "invalid_api_key"));
        await harness.Ask();
        await harness.OpenAi.ArrivedAsync();
        harness.Clock.Advance(LanguageModelLimits.LongCoolDown);

        var permission = new TaskCompletionSource();
        harness.OpenAi.Answer(After(permission.Task, BuyBulbs()));
        var probe = harness.Ask();
        await harness.OpenAi.ArrivedAsync();
        Assert.Equal("kimi", (await harness.Ask())?.Provider);
        permission.SetResult();

        Assert.Equal("openai", (await probe)?.Provider);
        Assert.Equal("openai", (await harness.Ask())?.Provider);
    }

    [Fact]
    public async Task When_all_rest_the_answer_is_none_at_once()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai");
        harness.OpenAi.Answer(Error(403, null));
        await harness.Ask();
        Assert.Null(await harness.Ask());
        Assert.Single(harness.OpenAi.Calls);
    }
}
