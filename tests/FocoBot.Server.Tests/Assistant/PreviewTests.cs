using FocoBot.Tests.Http;

namespace FocoBot.Tests.Assistant;

/// <summary>What a text means is shown before it is done, by the parser that does it.</summary>
public sealed class PreviewTests
{
    [Fact]
    public async Task A_new_task_is_understood_on_the_clock_of_the_account_and_can_be_made_as_it_is()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        var understood = await ana.PostAsync("/api/tasks/understand", new { text = "Pagar la renta el 1 de cada mes a las 9am, urgente" }).OkJsonAsync();
        var task = Assert.Single(understood.GetProperty("tasks").EnumerateArray());

        Assert.Equal(("create", "Pagar la renta", "high"), (understood.Text("intent"), task.Text("title"), task.Text("priority")));
        Assert.Equal("FREQ=MONTHLY;BYMONTHDAY=1", task.Text("recurrence"));
        Assert.EndsWith("-01T09:00", task.Text("due"), StringComparison.Ordinal);
        Assert.Empty(await ana.TitlesAsync());
        var made = await ana.PostAsync("/api/tasks", task).OkJsonAsync();
        Assert.Equal(task.Text("due"), made.Text("due"));
        Assert.Equal(["Pagar la renta"], await ana.TitlesAsync());
    }

    [Fact]
    public async Task A_text_too_long_for_a_title_can_be_made_as_it_is_too_and_is_kept_whole()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var words = string.Join(' ', Enumerable.Repeat("palabra", 100));

        var task = Assert.Single((await ana.PostAsync("/api/tasks/understand", new { text = "Nueva tarea - " + words }).OkJsonAsync()).GetProperty("tasks").EnumerateArray());

        Assert.Equal(words, (await ana.PostAsync("/api/tasks", task).OkJsonAsync()).Text("notes"));
    }

    [Theory]
    [InlineData("/tareas", "list")]
    [InlineData("completar 1", "complete")]
    [InlineData("gracias", "thanks")]
    public async Task What_is_no_new_task_makes_none(string text, string intent)
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        var understood = await ana.PostAsync("/api/tasks/understand", new { text }).OkJsonAsync();

        Assert.Equal((intent, 0), (understood.Text("intent"), understood.GetProperty("tasks").GetArrayLength()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Nothing_is_refused(string? text)
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        using var refused = await ana.PostAsync("/api/tasks/understand", new { text });
        Assert.Equal("INVALID", (await refused.JsonAsync()).Text("code"));
    }
}
