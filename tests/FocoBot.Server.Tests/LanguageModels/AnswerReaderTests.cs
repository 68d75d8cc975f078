using System.Text.Json;
using FocoBot.Assistant.LanguageModels;

namespace FocoBot.Tests.LanguageModels;

public class AnswerReaderTests
{
    // Friday, 10:15 in Mexico City.
    private static readonly InterpretationRequest Request = new(
        "verificar 650 218", "es", new DateTimeOffset(2026, 11, 20, 16, 15, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City"), []);

    private static readonly string AnItem = """{"intent":"thanks"}""";

    private static bool Accepts(string answer, out string problem) => AnswerReader.TryRead(answer, Request, out _, out problem);

    private static InterpretedItem Read(string item)
    {
        Assert.True(AnswerReader.TryRead($$"""{"items":[{{item}}]}""", Request, out var items, out var problem), problem);
        return Assert.Single(items);
    }

    [Fact]
    public void A_full_item_is_read_field_by_field()
    {
        var item = Read("""
            {"intent":"create","title":" Pagar la luz ","due":"2026-11-23T09:30","due_has_time":true,"recurrence":"FREQ=WEEKLY;BYDAY=MO",
             "priority":"high","refs":[],"ref_text":null,"ref_scope":null,"filter":null,"code":null,"setting":null}
            """);
        Assert.Equal(
            (InterpretedIntent.Create, "Pagar la luz", "2026-11-23T09:30", true, "FREQ=WEEKLY;BYDAY=MO", "high"),
            (item.Intent, item.Title, item.Due, item.DueHasTime, item.Recurrence, item.Priority));
    }

    [Fact]
    public void Fields_that_the_intent_does_not_use_are_dropped_unread()
    {
        var item = Read("""{"intent":"greeting","title":"x","due":"soon","due_has_time":true,"recurrence":"?","priority":"mega","refs":[1],"ref_text":"x","ref_scope":"every","filter":"x","code":"x","setting":{"key":"a","value":"b"}}""");
        Assert.Equal(new InterpretedItem { Intent = InterpretedIntent.Greeting, Refs = item.Refs }, item);
        Assert.Empty(item.Refs);
    }

    [Fact]
    public void Repeated_numbers_count_once() =>
        Assert.Equal([3, 999, 1], Read("""{"intent":"complete","refs":[3,999,3,1]}""").Refs);

    [Theory]
    [InlineData("""{"intent":"verify","code":"650218"}""")]
    [InlineData("""{"intent":"reschedule","refs":[4],"due":null}""")]
    [InlineData("""{"intent":"reschedule","refs":[4],"due":"2026-11-19"}""")]
    [InlineData("""{"intent":"create","title":"a","due":"2036-11-20"}""")]
    [InlineData("""{"intent":"create","title":"a","due":"2028-02-29"}""")]
    [InlineData("""{"intent":"delete","ref_scope":"all"}""")]
    [InlineData("""{"intent":"delete","ref_scope":"all","filter":"done"}""")]
    [InlineData("""{"intent":"list","filter":"date:2026-12-24"}""")]
    [InlineData("""{"intent":"list","filter":"search:la pintura"}""")]
    [InlineData("""{"intent":"settings","setting":{"key":"timezone","value":"America/Monterrey"}}""")]
    [InlineData("""{"intent":"settings","setting":{"key":"digest","value":"07:30"}}""")]
    public void Accepts_item(string item) => Assert.NotNull(Read(item));

    [Theory]
    [InlineData("intent is not", """{"title":"a"}""")]
    [InlineData("intent is not", """{"intent":"Create","title":"a"}""")]
    [InlineData("intent is not", """{"intent":"1"}""")]
    [InlineData("intent is neither", """{"intent":1}""")]
    [InlineData("intent is not", """{"intent":"drop_database"}""")]
    [InlineData("title is empty", """{"intent":"create"}""")]
    [InlineData("title is empty", """{"intent":"create","title":"  "}""")]
    [InlineData("title is neither", """{"intent":"create","title":5}""")]
    [InlineData("title is neither", """{"intent":"create","title":"\ud83d"}""")]
    [InlineData("title is not one line", """{"intent":"create","title":"a\nb"}""")]
    [InlineData("title is not one line", """{"intent":"edit","refs":[1],"title":""}""")]
    [InlineData("due is not a real", """{"intent":"create","title":"a","due":"2027-02-29"}""")]
    [InlineData("due is not a real", """{"intent":"create","title":"a","due":"21/11/2026"}""")]
    [InlineData("due is not a real", """{"intent":"create","title":"a","due":"2026-11-21T10:00"}""")]
    [InlineData("due is not a real", """{"intent":"create","title":"a","due":"2026-11-21","due_has_time":true}""")]
    [InlineData("due is not a real", """{"intent":"create","title":"a","due":"2026-11-21T24:00","due_has_time":true}""")]
    [InlineData("due is not a real", """{"intent":"create","title":"a","due":"2026-11-21T10:00:00Z","due_has_time":true}""")]
    [InlineData("due is in the past", """{"intent":"create","title":"a","due":"2026-11-18"}""")]
    [InlineData("due is in the past", """{"intent":"reschedule","refs":[1],"due":"0001-01-01"}""")]
    [InlineData("due is more than", """{"intent":"create","title":"a","due":"2036-11-21"}""")]
    [InlineData("due_has_time is true", """{"intent":"create","title":"a","due_has_time":true}""")]
    [InlineData("due_has_time is neither", """{"intent":"create","title":"a","due_has_time":"no"}""")]
    [InlineData("recurrence has no due", """{"intent":"create","title":"a","recurrence":"FREQ=DAILY"}""")]
    [InlineData("recurrence is not", """{"intent":"create","title":"a","due":"2026-11-21","recurrence":"daily"}""")]
    [InlineData("priority is not", """{"intent":"create","title":"a","priority":"normal"}""")]
    [InlineData("refs holds", """{"intent":"delete","refs":[0]}""")]
    [InlineData("refs holds", """{"intent":"delete","refs":[1000]}""")]
    [InlineData("refs holds", """{"intent":"delete","refs":[1.5]}""")]
    [InlineData("refs holds", """{"intent":"delete","refs":["1"]}""")]
    [InlineData("refs holds", """{"intent":"delete","refs":[99999999999999999999]}""")]
    [InlineData("refs is not", """{"intent":"delete","refs":"all"}""")]
    [InlineData("ref_scope is not", """{"intent":"delete","ref_scope":"everyone"}""")]
    [InlineData("ref_text is not", """{"intent":"delete","ref_text":" "}""")]
    [InlineData("more than one of", """{"intent":"delete","refs":[1],"ref_scope":"all"}""")]
    [InlineData("more than one of", """{"intent":"delete","refs":[1],"ref_text":"luz"}""")]
    [InlineData("filter is not", """{"intent":"list","filter":"yesterday"}""")]
    [InlineData("filter is not", """{"intent":"list","filter":"date:2026-13-01"}""")]
    [InlineData("filter is not", """{"intent":"delete","filter":"search: "}""")]
    [InlineData("code is not", """{"intent":"verify","code":"12345a"}""")]
    [InlineData("code is not", """{"intent":"verify","code":"111111"}""")]
    [InlineData("setting is not a known", """{"intent":"settings"}""")]
    [InlineData("setting is not a known", """{"intent":"settings","setting":{"key":"timezone","value":"Mars/Olympus"}}""")]
    [InlineData("setting is not a known", """{"intent":"settings","setting":{"key":"timezone","value":"../../../etc/passwd"}}""")]
    [InlineData("setting is not a known", """{"intent":"settings","setting":{"key":"timezone","value":"Central Standard Time"}}""")]
    [InlineData("setting is not a known", """{"intent":"settings","setting":{"key":"language","value":"fr"}}""")]
    [InlineData("setting is not a known", """{"intent":"settings","setting":{"key":"digest","value":"25:00"}}""")]
    [InlineData("setting is not a known", """{"intent":"settings","setting":{"key":"admin","value":"on"}}""")]
    [InlineData("setting has a field", """{"intent":"settings","setting":{"key":"digest","value":"on","also":1}}""")]
    [InlineData("setting lacks", """{"intent":"settings","setting":{"key":"digest"}}""")]
    [InlineData("the item has a field", """{"intent":"thanks","send_to":"+15550001111"}""")]
    [InlineData("the item is not an object", "[]")]
    [InlineData("the item is not an object", "null")]
    public void Rejects_item(string problem, string item)
    {
        Assert.False(Accepts($$"""{"items":[{{AnItem}},{{item}}]}""", out var said));
        Assert.StartsWith("in items[1] " + problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"items":null}""")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":[{"intent":"thanks"}],"note":"sure!"}""")]
    [InlineData("""{"items":[{"intent":"thanks"}],"items":[{"intent":"stop"}]}""")]
    [InlineData("""{"items":[{"intent":"thanks","intent":"stop"}]}""")]
    [InlineData("""{"items":[{"intent":"thanks"}]} I hope this helps""")]
    [InlineData("""{"items":[{"intent":"thanks"}],}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("\ud800")]
    [InlineData("```json\n{\"items\":[{\"intent\":\"thanks\"}]}\n```")]
    public void Rejects_answer(string answer)
    {
        Assert.False(Accepts(answer, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Bounds_hold_at_their_edge()
    {
        string Items(int count) => $$"""{"items":[{{string.Join(',', Enumerable.Repeat(AnItem, count))}}]}""";
        string Title(int length) => JsonSerializer.Serialize(new { items = new[] { new { intent = "create", title = new string('é', length) } } });
        string Refs(int count) => JsonSerializer.Serialize(new { items = new[] { new { intent = "delete", refs = Enumerable.Range(1, count) } } });
        string Nested(int depth) => new string('[', depth) + new string(']', depth);

        Assert.True(Accepts(Items(LanguageModelLimits.Items), out _));
        Assert.False(Accepts(Items(LanguageModelLimits.Items + 1), out _));
        Assert.True(Accepts(Title(LanguageModelLimits.TitleLength), out _));
        Assert.False(Accepts(Title(LanguageModelLimits.TitleLength + 1), out _));
        Assert.True(Accepts(Refs(LanguageModelLimits.Refs), out _));
        Assert.False(Accepts(Refs(LanguageModelLimits.Refs + 1), out _));
        Assert.False(Accepts(Nested(30_000), out _));
    }

    [Fact]
    public void A_problem_never_quotes_the_answer()
    {
        Assert.False(Accepts("""{"items":[{"intent":"create","title":"a","due":"canary","canary":"canary"}]}""", out var field));
        Assert.False(Accepts("""{"items":[{"intent":"create","title":"a","due":"canary"}]}""", out var value));
        Assert.DoesNotContain("canary", field + value, StringComparison.Ordinal);
    }
}
