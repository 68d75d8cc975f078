using FocoBot.Assistant;
using FocoBot.Security;
using FocoBot.Storage;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Assistant;

public sealed class CommandHistoryTests
{
    [Fact]
    public async Task Commands_come_newest_first_with_their_text_opened()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var eve = await server.SignUpAsync();
        await WriteAsync(server, ana, "comprar pan mañana", true);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await WriteAsync(server, ana, null, false);

        var items = (await ana.OkGetAsync("/api/commands")).GetProperty("items");

        Assert.Equal(2, items.GetArrayLength());
        Assert.Equal((null, "LLM_DOWN", false), (items[0].Text("text"), items[0].Text("errorCode"), items[0].GetProperty("success").GetBoolean()));
        Assert.Equal(("comprar pan mañana", "web", "task.create", 12), (items[1].Text("text"), items[1].Text("channel"), items[1].Text("intent"), items[1].GetProperty("durationMs").GetInt64()));
        Assert.Empty((await eve.OkGetAsync("/api/commands")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Pages_show_each_command_once_while_more_are_given()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        for (var i = 0; i < 7; i++) await WriteAsync(server, ana, $"orden {i}", i % 2 == 0); // all at the same instant

        var seen = new List<string?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await ana.OkGetAsync($"/api/commands?success=true&limit=1&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("text")));
            cursor = page.Text("nextCursor");
            await WriteAsync(server, ana, "otra", true);
        }

        Assert.Equal(["orden 6", "orden 4", "orden 2", "orden 0"], seen);
    }

    private static async Task WriteAsync(TestServer server, HttpClient client, string? text, bool success)
    {
        var account = Guid.Parse((await client.OkGetAsync("/api/auth/me")).Id());
        var keyring = server.Services.GetRequiredService<Keyring>();
        await server.Database.AsAccount(account).WriteAsync(async work =>
        {
            var id = Ids.New(server.Clock);
            var key = await keyring.OfAsync(work, account);
            await work.ExecuteAsync(
                "INSERT INTO focobot_command_history (id, user_id, channel, intent, text, success, error_code, duration_ms, created_at) VALUES (@id, @account, 'web', 'task.create', @text, @success, @error, 12, @now)",
                new { id, account, text = text is null ? null : key.Seal(CommandHistory.TextColumn, id, text), success, error = success ? null : "LLM_DOWN", now = server.Clock.GetUtcNow() });
        });
    }
}
