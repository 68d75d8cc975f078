using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Tasks;

/// <summary>The clock says Friday 2026-11-20, 10:15 in Mexico City.</summary>
public sealed class TaskListTests
{
    [Fact]
    public async Task Each_filter_shows_its_tasks()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        await ana.NewTaskAsync("undated", priority: "high");
        await ana.NewTaskAsync("yesterday", due: "2026-11-19");
        await ana.NewTaskAsync("this morning", due: "2026-11-20T08:00");
        await ana.NewTaskAsync("today", due: "2026-11-20");
        await ana.NewTaskAsync("tonight", due: "2026-11-20T23:30");
        await ana.NewTaskAsync("saturday", due: "2026-11-21");
        await ana.NewTaskAsync("monday", due: "2026-11-23", recurrence: "FREQ=WEEKLY");
        await ana.NewTaskAsync("december", due: "2026-12-01");
        var done = await ana.NewTaskAsync("Café con Íñigo", due: "2026-11-20");
        await ana.PostAsync($"/api/tasks/{done.Id()}/complete", null).OkJsonAsync();
        var deleted = await ana.NewTaskAsync("deleted");
        await ana.DeletePathAsync($"/api/tasks/{deleted.Id()}").OkJsonAsync();

        string[] open = ["yesterday", "today", "this morning", "tonight", "saturday", "monday", "december", "undated"];
        await ShowsAsync("", open);
        await ShowsAsync("?filter=open", open);
        await ShowsAsync("?filter=today", "today", "this morning", "tonight");
        await ShowsAsync("?filter=tomorrow", "saturday");
        await ShowsAsync("?filter=week", "yesterday", "today", "this morning", "tonight", "saturday");
        await ShowsAsync("?filter=next_week", "monday");
        await ShowsAsync("?filter=weekend", "saturday");
        await ShowsAsync("?filter=month", "yesterday", "today", "this morning", "tonight", "saturday", "monday");
        await ShowsAsync("?filter=overdue", "yesterday", "this morning");
        await ShowsAsync("?filter=done", "Café con Íñigo");
        await ShowsAsync("?filter=high", "undated");
        await ShowsAsync("?filter=no_date", "undated");
        await ShowsAsync("?filter=recurring", "monday");
        await ShowsAsync("?filter=date:2026-12-01", "december");
        await ShowsAsync("?filter=search:MORN%20this", "this morning");
        await ShowsAsync("?status=done", "Café con Íñigo");
        await ShowsAsync("?status=deleted", "deleted");
        await ShowsAsync("?status=all&filter=today", "today", "Café con Íñigo", "this morning", "tonight");
        await ShowsAsync("?status=done&filter=search:cafe%20inigo", "Café con Íñigo");

        async Task ShowsAsync(string query, params string[] titles) => Assert.Equal(titles, await ana.TitlesAsync(query));
    }

    [Fact]
    public async Task A_list_that_makes_no_sense_is_refused_by_field()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        (string Query, string Field)[] bad =
        [
            ("?filter=someday", "filter"),
            ("?filter=date:2026-13-01", "filter"),
            ("?filter=done&status=open", "filter"),
            ("?status=gone", "status"),
            ("?limit=0", "limit"),
            ("?limit=201", "limit"),
            ("?cursor=abc", "cursor"),
            ("?cursor=%00", "cursor"),
        ];

        foreach (var (query, field) in bad)
        {
            var problem = await ana.GetPathAsync("/api/tasks" + query).RefusedAsync(422, "INVALID");
            Assert.Equal((query, field), (query, problem.Text("field")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&status=done")]
    [InlineData("&status=deleted")]
    [InlineData("&status=all")]
    [InlineData("&filter=search:tarea")]
    public async Task Pages_show_each_task_once_while_others_come_and_go(string query)
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var expected = new List<string>();
        string?[] dues = ["2026-11-21", "2026-11-21T09:00", "2026-11-21T09:00", "2026-11-22", "2026-12-01T00:00", null, null];
        for (var i = 0; i < 21; i++) expected.Add(await MakeAsync($"tarea {i}", dues[i % dues.Length]));

        var seen = new List<string>();
        var made = 0;
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await ana.OkGetAsync($"/api/tasks?limit=4&cursor={cursor}{query}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Id()));
            cursor = page.Text("nextCursor");
            foreach (var due in dues) await MakeAsync($"otra tarea {made++}", made % 2 == 0 ? due : "2026-11-20"); // before, among and after what was shown
            var first = seen[made % seen.Count];
            if (!query.Contains("deleted", StringComparison.Ordinal)) await ana.DeletePathAsync($"/api/tasks/{first}"); // what was shown may go
            Assert.True(made < 500, "The pages never end.");
        }

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Empty(expected.Except(seen));

        async Task<string> MakeAsync(string title, string? due)
        {
            var id = (await ana.NewTaskAsync(title, due)).Id();
            server.Clock.Advance(TimeSpan.FromMilliseconds(1));
            if (query.Contains("done", StringComparison.Ordinal)) await ana.PostAsync($"/api/tasks/{id}/complete", null).OkJsonAsync();
            if (query.Contains("deleted", StringComparison.Ordinal)) await ana.DeletePathAsync($"/api/tasks/{id}").OkJsonAsync();
            return id;
        }
    }

    [Fact]
    public async Task Pages_come_in_the_order_of_the_whole_list()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        string?[] dues = ["2026-12-01T00:00", null, "2026-11-21T09:00", "2026-11-21", "2026-11-21T08:59", "2026-11-20", null, "2026-11-21"];
        foreach (var (due, i) in dues.Select((due, i) => (due, i))) await ana.NewTaskAsync($"tarea {i}", due);

        var paged = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await ana.OkGetAsync($"/api/tasks?limit=1&cursor={cursor}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("title")!));
            cursor = page.Text("nextCursor");
        }

        Assert.Equal(["tarea 5", "tarea 3", "tarea 7", "tarea 4", "tarea 2", "tarea 0", "tarea 1", "tarea 6"], paged);
        Assert.Equal(paged, await ana.TitlesAsync());
    }

    [Fact]
    public async Task A_cursor_is_good_for_its_own_list_only_and_only_as_it_was_given()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var eve = await server.SignUpAsync();
        for (var i = 0; i < 3; i++) await ana.NewTaskAsync($"tarea {i}", "2026-11-20");
        var cursor = (await ana.OkGetAsync("/api/tasks?limit=1")).Text("nextCursor")!;

        Assert.Equal(["tarea 1"], await ana.TitlesAsync($"?limit=1&cursor={cursor}"));
        await ana.GetPathAsync($"/api/tasks?filter=today&cursor={cursor}").RefusedAsync(422, "INVALID");
        await ana.GetPathAsync($"/api/commands?cursor={cursor}").RefusedAsync(422, "INVALID");
        await eve.GetPathAsync($"/api/tasks?cursor={cursor}").RefusedAsync(422, "INVALID");
        await ana.GetPathAsync($"/api/tasks?cursor={cursor}{new string('A', 500)}").RefusedAsync(422, "INVALID");
        for (var i = 0; i < cursor.Length - 1; i += 5)
        {
            var altered = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            await ana.GetPathAsync($"/api/tasks?cursor={altered}").RefusedAsync(422, "INVALID");
        }
    }

    [Fact]
    public async Task A_project_shows_its_own_tasks()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var project = await ana.PostAsync("/api/projects", new { name = "Casa" }).OkJsonAsync();
        await ana.NewTaskAsync("Pintar", projectId: project.Id());
        await ana.NewTaskAsync("Correr");

        Assert.Equal(["Pintar"], await ana.TitlesAsync($"?project={project.Id()}"));
    }
}
