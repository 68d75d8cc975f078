using System.Text;
using FocoBot.Assistant.LanguageModels;

namespace FocoBot.Tests.LanguageModels;

public class ChatResponseTests
{
    private const string Good =
        """{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"{\"items\":[]}","refusal":null}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}""";

    private const string Bad = """{"error":{"code":"1302","type":"rate","message":"slow \u00e9"}}""";

    private static readonly InterpretationRequest Request = new("a", "es", DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc, []);

    [Fact]
    public void Damaged_answers_give_an_outcome_and_never_an_exception()
    {
        var random = new Random(20261120);
        var kinds = new HashSet<FailureKind?>();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(i % 2 == 0 ? Good : Bad);
            for (var damage = random.Next(1, 4); damage > 0; damage--)
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "{}[]\":,\\u0dn"[random.Next(12)]);

            var outcome = ChatResponse.Read(Provider.Glm, i % 4 < 2 ? 200 : 429, null, bytes.AsMemory(0, random.Next(bytes.Length / 2, bytes.Length + 1)));

            Assert.True(outcome.Content is null != outcome.Failure is null);
            Assert.False(outcome.Content is not null && AnswerReader.TryRead(outcome.Content, Request, out _, out _));
            kinds.Add(outcome.Failure);
        }
        Assert.Superset(new HashSet<FailureKind?> { null, FailureKind.Malformed, FailureKind.Busy, FailureKind.Refused }, kinds);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"choices\"")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"choices":[7]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":[]}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":["a"]}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":null,"reasoning_content":"{}"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"a"}}],"choices":[]}""")]
    public void Other_shapes_hold_no_content(string body) =>
        Assert.Null(ChatResponse.Read(Provider.OpenAi, 200, null, Encoding.UTF8.GetBytes(body)).Content);

    [Fact]
    public void Token_counts_that_cannot_be_are_left_out()
    {
        var body = """{"choices":[{"finish_reason":"stop","message":{"content":"a"}}],"usage":{"prompt_tokens":-5,"completion_tokens":1e300}}""";
        var outcome = ChatResponse.Read(Provider.OpenAi, 200, null, Encoding.UTF8.GetBytes(body));
        Assert.Equal(("a", 0, 0), (outcome.Content, outcome.PromptTokens, outcome.AnswerTokens));
    }
}
