using FocoBot.Assistant.LanguageModels;
using Microsoft.AspNetCore.Http;
using static FocoBot.Tests.LanguageModels.StandInAnswers;

namespace FocoBot.Tests.LanguageModels;

public class InterpreterFailureTests
{
    private const string Canary = "hablar con el doctor Canario";

    /// <summary>Answers after which the next provider is asked.</summary>
    public static TheoryData<string, string> Failing => new()
    {
        { "openai", "408" }, { "openai", "429" }, { "openai", "500" }, { "openai", "503" }, { "openai", "401" }, { "openai", "insufficient_quota" },
        { "openai", "unknown model" }, { "openai", "not json" }, { "openai", "no choices" }, { "openai", "cut at length" }, { "openai", "too long" },
        { "openai", "endless body" }, { "openai", "broken off" }, { "openai", "error with 200" }, { "openai", "half surrogate" }, { "openai", "deep" },
        { "kimi", "403" }, { "kimi", "engine_overloaded" }, { "glm", "1302" }, { "glm", "1305 as number" }, { "glm", "1312" }, { "glm", "1113" },
        { "glm", "1211" }, { "glm", "network_error" },
    };

    private static RequestDelegate Failure(string name) => name switch
    {
        "408" => Error(408, null),
        "429" => Error(429, "rate_limit_exceeded"),
        "500" => Raw(500, "<html>oops"),
        "503" => Error(503, null),
        "401" => Error(401, "invalid_api_key"),
        "403" => Error(403, null, "permission_denied_error"),
        "insufficient_quota" => Error(429, "insufficient_quota"),
        "unknown model" => Error(404, "model_not_found"),
        "engine_overloaded" => Error(429, null, "engine_overloaded_error"),
        "not json" => Raw(200, "certainly! here is your JSON"),
        "no choices" => Raw(200, """{"choices":[],"usage":7}"""),
        "cut at length" => Completion("{\"items\":[{\"inte", "length"),
        "too long" => Completion(new string(' ', LanguageModelLimits.AnswerLength) + "{}"),
        "endless body" => EndlessBody(),
        "broken off" => BrokenOff(),
        "error with 200" => Error(200, "whatever"),
        "half surrogate" => Raw(200, """{"choices":[{"finish_reason":"stop","message":{"content":"\ud800"}}]}"""),
        "deep" => Raw(200, new string('[', 100_000)),
        "1302" => Error(429, "1302"),
        "1305 as number" => Error(429, 1305),
        "1312" => Error(400, "1312"),
        "1113" => Error(429, "1113"),
        "1211" => Error(400, "1211"),
        "network_error" => Completion("", "network_error"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task The_next_provider_is_asked_after(string first, string failure)
    {
        var second = first == "kimi" ? "openai" : "kimi";
        await using var harness = await LanguageModelHarness.StartWithAsync(new() { ["FOCOBOT_LLM_ORDER"] = $"{first},{second}" }, first, second);
        harness.Providers[first].Answer(Failure(failure));

        var interpretation = await harness.Ask();

        Assert.Equal(second, interpretation?.Provider);
        Assert.Empty(harness.Providers[first].Complaints);
        Assert.Single(harness.Providers[first].Calls);
    }

    [Theory]
    [InlineData("openai", "400")]
    [InlineData("openai", "content_filter")]
    [InlineData("openai", "refusal")]
    [InlineData("openai", "unknown finish reason")]
    [InlineData("openai", "no finish reason")]
    [InlineData("kimi", "kimi content_filter")]
    [InlineData("glm", "1301")]
    [InlineData("glm", "sensitive")]
    public async Task Nobody_else_is_shown_the_text_after(string first, string refusal)
    {
        var second = first == "kimi" ? "openai" : "kimi";
        await using var harness = await LanguageModelHarness.StartWithAsync(new() { ["FOCOBOT_LLM_ORDER"] = $"{first},{second}" }, first, second);
        const string Content = """{"items":[{"intent":"thanks"}]}""";
        harness.Providers[first].Answer(refusal switch
        {
            "400" => Error(400, "invalid_request_error"),
            "content_filter" => Completion(Content, "content_filter"),
            "refusal" => Completion(Content, refusal: "I can't help with that"),
            "unknown finish reason" => Completion(Content, "bored"),
            "no finish reason" => Completion(Content, finishReason: null),
            "kimi content_filter" => Error(400, null, "content_filter"),
            "1301" => Error(400, "1301"),
            _ => Completion(Content, refusal),
        });

        Assert.Null(await harness.Ask());
        Assert.Null(await harness.Ask());

        Assert.Equal(2, harness.Providers[first].Calls.Count);
        Assert.Empty(harness.Providers[second].Calls);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed_and_rests_the_provider()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "glm");
        await using var elsewhere = await LanguageModelStandIn.StartAsync("openai");
        elsewhere.Answer(BuyBulbs());
        harness.OpenAi.Answer(Redirect(elsewhere.BaseUrl + "chat/completions"));

        Assert.Equal("glm", (await harness.Ask())?.Provider);
        Assert.Equal("glm", (await harness.Ask())?.Provider);

        Assert.Empty(elsewhere.Calls);
        Assert.Single(harness.OpenAi.Calls);
    }

    [Fact]
    public async Task An_endless_body_is_cut_off_at_the_bound()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai");
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.OpenAi.Answer(EndlessBody(hungUp));

        Assert.Null(await harness.Ask());
        await hungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_unreachable_provider_is_skipped()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "glm");
        await harness.OpenAi.DisposeAsync();
        Assert.Equal("glm", (await harness.Ask())?.Provider);
    }

    [Fact]
    public async Task An_answer_outside_the_schema_gets_one_repair_round()
    {
        await using var harness = await LanguageModelHarness.StartAsync("glm");
        harness.Glm.Answer(Items(new { intent = "create", title = "comprar focos", due = "mañana" }), BuyBulbs());

        Assert.NotNull(await harness.Ask());

        Assert.Empty(harness.Glm.Complaints);
        var repair = harness.Glm.Calls[1].Messages;
        Assert.Equal(["system", "user", "assistant", "user"], repair.Select(message => message.Role));
        Assert.Equal(harness.Glm.Calls[0].Messages, repair.Take(2));
        Assert.StartsWith("That answer is not valid: in items[0] due is not a real date", repair[3].Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_one_repair_in_all_and_then_the_next_provider()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi", "glm");
        harness.OpenAi.Answer(Completion("{}"));
        harness.Kimi.Answer(Completion("[]"));

        Assert.Equal("glm", (await harness.Ask())?.Provider);

        Assert.Equal((2, 1), (harness.OpenAi.Calls.Count, harness.Kimi.Calls.Count));
    }

    [Fact]
    public async Task A_slow_wrong_answer_is_not_repaired_when_the_time_would_not_do()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi");
        var permission = new TaskCompletionSource();
        harness.OpenAi.Answer(After(permission.Task, Completion("{}")));

        var asking = harness.Ask();
        await harness.OpenAi.ArrivedAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(1.5));
        permission.SetResult();

        Assert.Equal("kimi", (await asking)?.Provider);
        Assert.Single(harness.OpenAi.Calls);
    }

    [Fact]
    public async Task A_slow_answer_within_its_time_counts()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai");
        var permission = new TaskCompletionSource();
        harness.OpenAi.Answer(After(permission.Task, BuyBulbs()));

        var asking = harness.Ask();
        await harness.OpenAi.ArrivedAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(4.9));
        permission.SetResult();

        Assert.NotNull(await asking);
    }

    [Fact]
    public async Task Five_seconds_are_shared_by_all_providers_so_that_each_gets_a_turn()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi", "glm");
        foreach (var provider in harness.Providers.Values)
            provider.Answer(Hang());

        var asking = harness.Ask();
        await harness.OpenAi.ArrivedAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(2.5));
        await harness.Kimi.ArrivedAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(1.25));
        await harness.Glm.ArrivedAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(1.2499));
        Assert.False(asking.IsCompleted);
        harness.Clock.Advance(TimeSpan.FromSeconds(0.0001));

        Assert.Null(await asking);
        Assert.Equal(3, harness.Measured.Count(line => line.Contains("kind=timeout", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_provider_that_hangs_leaves_time_for_the_next()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi");
        harness.OpenAi.Answer(Hang());

        var asking = harness.Ask();
        await harness.OpenAi.ArrivedAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal("kimi", (await asking)?.Provider);
    }

    [Fact]
    public async Task A_caller_that_gives_up_ends_the_call_without_blaming_the_provider()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai");
        harness.OpenAi.Answer(Hang());
        for (var i = 0; i < LanguageModelLimits.FailuresInARow + 1; i++)
        {
            using var caller = new CancellationTokenSource();
            var asking = harness.Ask(caller.Token);
            await harness.OpenAi.ArrivedAsync();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        harness.OpenAi.Answer(BuyBulbs());
        Assert.NotNull(await harness.Ask());
        Assert.DoesNotContain(harness.Measured, line => line.Contains("failures", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_secret_or_personal_is_logged_or_measured_whatever_happens()
    {
        await using var harness = await LanguageModelHarness.StartAsync("openai", "kimi", "glm");
        var lie = Items(new { intent = "create", title = Canary, due = "Canario" });
        foreach (var failure in Failing.Select(row => Failure(row.Data.Item2)).Append(lie))
        {
            foreach (var provider in harness.Providers.Values)
                provider.Answer(failure);
            await harness.Ask(Canary, Canary);
            harness.Clock.Advance(LanguageModelLimits.LongCoolDown);
        }

        Assert.Contains(harness.Logged, line => line.Contains("4103", StringComparison.Ordinal));
        Assert.Contains(harness.Logged, line => line.Contains("4102", StringComparison.Ordinal));
        Assert.All(harness.Logged.Concat(harness.Measured), line =>
        {
            Assert.DoesNotContain("Canari", line, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("canary", line, StringComparison.OrdinalIgnoreCase);
        });
    }
}
