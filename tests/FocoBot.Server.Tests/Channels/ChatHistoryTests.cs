using FocoBot.Tests.Http;

namespace FocoBot.Tests.Channels;

/// <summary>The web chat can be read again, page by page, by its account alone.</summary>
public sealed class ChatHistoryTests
{
    [Fact]
    public async Task What_was_said_and_answered_is_listed_newest_first()
    {
        await using var server = await TestServer.StartAsync();
        var (ana, eva) = (await server.SignUpAsync(), await server.SignUpAsync());
        await ana.PostAsync("/api/chat", new { text = "comprar focos", messageId = "uno" }).OkJsonAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await ana.PostAsync("/api/chat", new { text = "/tareas", messageId = "dos" }).OkJsonAsync();

        var items = (await ana.OkGetAsync("/api/chat")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(["assistant", "user", "assistant", "user"], items.Select(item => item.Text("role")));
        Assert.StartsWith("📋 *Tus pendientes* (1)", items[0].Text("text"), StringComparison.Ordinal);
        Assert.Equal(("dos", "/tareas"), (items[1].Id(), items[1].Text("text")));
        Assert.Equal("✅ Anotado: *comprar focos*", items[2].Text("text"));
        Assert.Equal(("uno", "comprar focos"), (items[3].Id(), items[3].Text("text")));
        Assert.Equal(0, (await eva.OkGetAsync("/api/chat")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Pages_follow_one_another_and_a_cursor_is_good_for_its_account_alone()
    {
        await using var server = await TestServer.StartAsync();
        var (ana, eva) = (await server.SignUpAsync(), await server.SignUpAsync());
        foreach (var text in new[] { "comprar focos", "comprar pan", "comprar leche" }) await ana.PostAsync("/api/chat", new { text }).OkJsonAsync();

        var first = await ana.OkGetAsync("/api/chat?limit=2");
        var second = await ana.OkGetAsync($"/api/chat?limit=2&cursor={first.Text("nextCursor")}");

        Assert.Equal(["comprar leche", "comprar pan", "comprar focos"], first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Where(item => item.Text("role") == "user").Select(item => item.Text("text")));
        Assert.Null(second.Text("nextCursor"));
        using var foreign = await eva.GetAsync($"/api/chat?cursor={first.Text("nextCursor")}", TestContext.Current.CancellationToken);
        Assert.Equal("INVALID", (await foreign.JsonAsync()).Text("code"));
    }

    [Fact]
    public async Task Other_windows_are_told_of_an_answer_without_its_words()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var before = (await ana.OkGetAsync("/api/events?newest=true")).GetProperty("nextCursor").GetInt64();
        await ana.PostAsync("/api/chat", new { text = "gracias" }).OkJsonAsync();

        var page = await ana.OkGetAsync($"/api/events?after={before}");

        Assert.Equal("{}", Assert.Single(page.GetProperty("items").EnumerateArray(), happened => happened.Text("type") == "chat.answered").GetProperty("data").GetRawText());
        Assert.Equal(page.GetProperty("nextCursor").GetInt64(), (await ana.OkGetAsync("/api/events?newest=true")).GetProperty("nextCursor").GetInt64());
    }
}
