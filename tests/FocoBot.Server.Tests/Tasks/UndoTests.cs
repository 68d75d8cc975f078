using FocoBot.Tasks;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Tasks;

public sealed class UndoTests
{
    [Fact]
    public async Task Each_kind_of_change_is_taken_back_newest_first()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var task = await ana.NewTaskAsync("Pintar", due: "2026-11-21", notes: "azul");
        var path = $"/api/tasks/{task.Id()}";
        await ana.PatchTextAsync(path, """{"title": "Lijar", "due": null, "notes": null}""").OkJsonAsync();
        await ana.PostAsync(path + "/complete", null).OkJsonAsync();
        await ana.PostAsync(path + "/reopen", null).OkJsonAsync();
        await ana.DeletePathAsync(path).OkJsonAsync();

        var seen = new List<(string?, string?, string?, string?)>();
        for (var i = 0; i < 5; i++)
        {
            var undone = await ana.PostAsync("/api/tasks/undo", null).OkJsonAsync();
            var back = Assert.Single(undone.GetProperty("tasks").EnumerateArray());
            Assert.Equal(back.ToString(), (await ana.OkGetAsync(path)).ToString());
            seen.Add((undone.Text("kind"), back.Text("title"), back.Text("status"), back.Text("due")));
        }

        Assert.Equal([
            ("delete", "Lijar", "open", null), ("reopen", "Lijar", "done", null), ("complete", "Lijar", "open", null),
            ("update", "Pintar", "open", "2026-11-21"), ("create", "Pintar", "deleted", "2026-11-21")], seen);
        await ana.PostAsync("/api/tasks/undo", null).RefusedAsync(404, "NOTHING_TO_UNDO");
        var versions = (await ana.OkGetAsync(path)).GetProperty("version").GetInt64();
        Assert.Equal(10, versions); // an undo is a change too: nobody's ETag comes back to life
    }

    [Fact]
    public async Task Undoing_a_completed_recurring_task_takes_the_next_one_away_again()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var task = await ana.NewTaskAsync("Regar", due: "2026-11-20T18:00", recurrence: "FREQ=DAILY");
        var next = (await ana.PostAsync($"/api/tasks/{task.Id()}/complete", null).OkJsonAsync()).GetProperty("next");

        var undone = await ana.PostAsync("/api/tasks/undo", null).OkJsonAsync();

        Assert.Equal(2, undone.GetProperty("tasks").GetArrayLength());
        var open = Assert.Single((await ana.OkGetAsync("/api/tasks")).GetProperty("items").EnumerateArray());
        Assert.Equal((task.Id(), "FREQ=DAILY", "2026-11-20T18:00"), (open.Id(), open.Text("recurrence"), open.Text("due")));
        Assert.Equal("deleted", (await ana.OkGetAsync($"/api/tasks/{next.Id()}")).Text("status"));
    }

    [Fact]
    public async Task A_bulk_change_is_one_step()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var account = Guid.Parse((await ana.OkGetAsync("/api/auth/me")).Id());
        for (var i = 0; i < 30; i++) await ana.NewTaskAsync($"tarea {i:00}", due: "2026-11-21");
        var book = server.Services.GetRequiredService<TaskBook>();
        await server.Database.AsAccount(account).WriteAsync(async work =>
        {
            var tasks = (await TaskFilter.QueryAsync(work, account, "open", DateTime.UnixEpoch, 100))!;
            await book.CompleteAsync(work, account, tasks);
        });
        Assert.Empty(await ana.TitlesAsync());

        var undone = await ana.PostAsync("/api/tasks/undo", null).OkJsonAsync();

        Assert.Equal(("complete", 30), (undone.Text("kind"), undone.GetProperty("tasks").GetArrayLength()));
        Assert.Equal(30, (await ana.TitlesAsync()).Count);
    }

    [Fact]
    public async Task The_last_twenty_changes_can_be_taken_back_and_no_more()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        for (var i = 0; i < 23; i++) await ana.NewTaskAsync($"tarea {i:00}");

        for (var i = 0; i < 20; i++) await ana.PostAsync("/api/tasks/undo", null).OkJsonAsync();
        await ana.PostAsync("/api/tasks/undo", null).RefusedAsync(404, "NOTHING_TO_UNDO");

        Assert.Equal(["tarea 00", "tarea 01", "tarea 02"], await ana.TitlesAsync());
    }

    [Fact]
    public async Task Undos_at_the_same_time_each_take_one_change()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        for (var i = 0; i < 8; i++) await ana.NewTaskAsync($"tarea {i}");

        var undone = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ana.PostAsync("/api/tasks/undo", null).OkJsonAsync()));

        Assert.Equal(8, undone.SelectMany(step => step.GetProperty("tasks").EnumerateArray()).Select(task => task.Id()).Distinct().Count());
        Assert.Empty(await ana.TitlesAsync());
    }

    [Fact]
    public async Task A_task_that_comes_back_does_not_point_to_a_project_that_went()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var project = await ana.PostAsync("/api/projects", new { name = "Casa" }).OkJsonAsync();
        var task = await ana.NewTaskAsync("Pintar", projectId: project.Id());
        await ana.PostAsync($"/api/tasks/{task.Id()}/complete", null).OkJsonAsync();
        await ana.DeletePathAsync($"/api/projects/{project.Id()}").OkJsonAsync();

        await ana.PostAsync("/api/tasks/undo", null).OkJsonAsync();

        var back = await ana.OkGetAsync($"/api/tasks/{task.Id()}");
        Assert.Equal(("open", null), (back.Text("status"), back.Text("projectId")));
    }
}
