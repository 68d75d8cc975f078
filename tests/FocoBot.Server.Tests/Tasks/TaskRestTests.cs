using System.Net;
using FocoBot.Accounts;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Tasks;

public sealed class TaskRestTests
{
    [Fact]
    public async Task A_task_is_made_found_again_and_tagged()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        using var made = await ana.PostAsync("/api/tasks", new { title = "  Comprar pan ", notes = "integral", due = "2026-11-21T09:30", priority = "high" });

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("\"1\"", made.Headers.ETag?.ToString());
        using var found = await ana.GetPathAsync(made.Headers.Location!.ToString());
        Assert.Equal("\"1\"", found.Headers.ETag?.ToString());
        var task = await found.JsonAsync();
        Assert.Equal((await made.JsonAsync()).ToString(), task.ToString());
        Assert.Equal(("Comprar pan", "integral", "2026-11-21T09:30", "America/Mexico_City", "high", "open"),
            (task.Text("title"), task.Text("notes"), task.Text("due"), task.Text("dueZone"), task.Text("priority"), task.Text("status")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 15, 30, 0, TimeSpan.Zero), task.GetProperty("dueAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_can_not_be_a_task_is_refused_by_field()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        (string Body, string Field)[] bad =
        [
            ("""{}""", "title"),
            ("""{"title": "   "}""", "title"),
            ("""{"title": "two\nlines"}""", "title"),
            ("""{"title": "nul\u0000"}""", "title"),
            ("""{"title": "a", "notes": "nul\u0000"}""", "notes"),
            ("""{"title": "a", "due": "tomorrow"}""", "due"),
            ("""{"title": "a", "due": "2026-02-30"}""", "due"),
            ("""{"title": "a", "due": "2026-11-21 09:30"}""", "due"),
            ("""{"title": "a", "due": "0001-01-01"}""", "due"),
            ("""{"title": "a", "due": "9999-12-31"}""", "due"),
            ("""{"title": "a", "due": "2026-11-21", "timeZone": "Mars/Olympus"}""", "timeZone"),
            ("""{"title": "a", "due": "2026-11-21", "timeZone": "../../etc/passwd"}""", "timeZone"),
            ("""{"title": "a", "priority": "urgent"}""", "priority"),
            ("""{"title": "a", "recurrence": "FREQ=DAILY"}""", "recurrence"),
            ("""{"title": "a", "projectId": "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"}""", "projectId"),
        ];

        foreach (var (body, field) in bad)
        {
            var problem = await ana.SendTextAsync(HttpMethod.Post, "/api/tasks", body).RefusedAsync(422, "INVALID");
            Assert.Equal((body, field), (body, problem.Text("field")));
        }

        Assert.Empty(await ana.TitlesAsync("?status=all"));
    }

    [Fact]
    public async Task Texts_up_to_their_limit_are_kept_and_longer_ones_refused()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        var longest = await ana.NewTaskAsync(new string('ñ', 500), notes: string.Concat(Enumerable.Repeat("😀", 8_000)));
        var title = await ana.PostAsync("/api/tasks", new { title = new string('a', 501) }).RefusedAsync(422, "INVALID");
        var notes = await ana.PostAsync("/api/tasks", new { title = "a", notes = new string('a', 16_001) }).RefusedAsync(422, "INVALID");

        Assert.Equal(16_000, longest.Text("notes")!.Length);
        Assert.Equal(("title", "notes"), (title.Text("field"), notes.Text("field")));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_clears_what_is_null_and_leaves_the_rest()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var project = await ana.PostAsync("/api/projects", new { name = "Casa" }).OkJsonAsync();
        var task = await ana.NewTaskAsync("Pintar", due: "2026-11-21T09:30", priority: "low", projectId: project.Id(), notes: "azul");
        var path = $"/api/tasks/{task.Id()}";

        var changed = await ana.PatchTextAsync(path, """{"title": "Pintar la sala", "notes": null, "priority": null, "projectId": null, "unknown": 1}""").OkJsonAsync();
        var moved = await ana.PatchTextAsync(path, """{"timeZone": "Europe/Madrid"}""").OkJsonAsync();
        var undated = await ana.PatchTextAsync(path, """{"due": null}""").OkJsonAsync();

        Assert.Equal(("Pintar la sala", null, null, null, "2026-11-21T09:30"),
            (changed.Text("title"), changed.Text("notes"), changed.Text("priority"), changed.Text("projectId"), changed.Text("due")));
        Assert.Equal(("2026-11-21T09:30", "Europe/Madrid"), (moved.Text("due"), moved.Text("dueZone")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 8, 30, 0, TimeSpan.Zero), moved.GetProperty("dueAt").GetDateTimeOffset());
        Assert.Equal((null, null), (undated.Text("due"), undated.Text("dueZone")));
        Assert.Equal("Pintar la sala", undated.Text("title"));
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_makes_no_version_no_event_and_nothing_to_undo()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var task = await ana.NewTaskAsync("Pintar", due: "2026-11-21T09:30");
        var before = await ana.OkGetAsync("/api/events");

        var same = await ana.PatchTextAsync($"/api/tasks/{task.Id()}", """{"title": "Pintar", "due": "2026-11-21T09:30"}""").OkJsonAsync();

        Assert.Equal(1, same.GetProperty("version").GetInt64());
        Assert.Equal(before.ToString(), (await ana.OkGetAsync("/api/events")).ToString());
    }

    [Fact]
    public async Task A_change_of_a_version_that_is_no_more_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var path = $"/api/tasks/{(await ana.NewTaskAsync("Pintar")).Id()}";
        using var first = await ana.PatchTextAsync(path, """{"title": "Lijar"}""", "\"1\"");

        var late = await ana.PatchTextAsync(path, """{"title": "Barnizar"}""", "\"1\"").RefusedAsync(412, "VERSION_MISMATCH");
        await ana.PatchTextAsync(path, """{"title": "Barnizar"}""", "W/\"2\"").RefusedAsync(412, "VERSION_MISMATCH");
        await ana.PatchTextAsync(path, """{"title": "Barnizar"}""", "2").RefusedAsync(422, "INVALID");
        await ana.SendTextAsync(HttpMethod.Delete, path, "", ifMatch: "\"1\"").RefusedAsync(412, "VERSION_MISMATCH");
        var any = await ana.PatchTextAsync(path, """{"priority": "low"}""", "*").OkJsonAsync();
        var listed = await ana.PatchTextAsync(path, """{"priority": "high"}""", "\"1\", \"3\"").OkJsonAsync();

        Assert.Equal("\"2\"", first.Headers.ETag?.ToString());
        Assert.Equal(2, late.GetProperty("version").GetInt64());
        Assert.Equal(("Lijar", 3), (any.Text("title"), any.GetProperty("version").GetInt64()));
        Assert.Equal(4, listed.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Of_many_changes_of_one_version_exactly_one_wins()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var path = $"/api/tasks/{(await ana.NewTaskAsync("Pintar")).Id()}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ana.PatchTextAsync(path, $$"""{"title": "version {{i}}"}""", "\"1\"")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(2, (await ana.OkGetAsync(path)).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_task_is_completed_once_and_opened_again()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var path = $"/api/tasks/{(await ana.NewTaskAsync("Pintar")).Id()}";

        var done = await ana.PostAsync(path + "/complete", null).OkJsonAsync();
        var again = await ana.PostAsync(path + "/complete", null).OkJsonAsync();
        var open = await ana.PostAsync(path + "/reopen", null).OkJsonAsync();
        var still = await ana.PostAsync(path + "/reopen", null).OkJsonAsync();

        Assert.Equal("done", done.GetProperty("done").Text("status"));
        Assert.Equal(done.ToString(), again.ToString());
        Assert.Equal(("open", 3), (open.Text("status"), open.GetProperty("version").GetInt64()));
        Assert.Equal(open.ToString(), still.ToString());
    }

    [Fact]
    public async Task A_recurring_task_leaves_a_done_one_behind_and_rolls_forward()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var task = await ana.NewTaskAsync("Regar", due: "2026-11-20T18:00", recurrence: "FREQ=DAILY");

        var answer = await ana.PostAsync($"/api/tasks/{task.Id()}/complete", null).OkJsonAsync();

        var (done, next) = (answer.GetProperty("done"), answer.GetProperty("next"));
        Assert.Equal((task.Id(), "done"), (done.Id(), done.Text("status")));
        Assert.Equal(("open", "2026-11-21T18:00"), (next.Text("status"), next.Text("due")));
        Assert.NotEqual(task.Id(), next.Id());
    }

    [Fact]
    public async Task A_recurring_task_keeps_a_due_date()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var task = await ana.NewTaskAsync("Regar", due: "2026-11-20", recurrence: "FREQ=DAILY");

        var problem = await ana.PatchTextAsync($"/api/tasks/{task.Id()}", """{"due": null}""").RefusedAsync(422, "INVALID");
        var both = await ana.PatchTextAsync($"/api/tasks/{task.Id()}", """{"due": null, "recurrence": null}""").OkJsonAsync();

        Assert.Equal("due", problem.Text("field"));
        Assert.Equal((null, null), (both.Text("due"), both.Text("recurrence")));
    }

    [Fact]
    public async Task A_deleted_task_can_be_looked_at_but_not_changed()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var path = $"/api/tasks/{(await ana.NewTaskAsync("Pintar")).Id()}";

        using var deleted = await ana.DeletePathAsync(path);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("deleted", (await ana.OkGetAsync(path)).Text("status"));
        await ana.DeletePathAsync(path).RefusedAsync(404, "NOT_FOUND");
        await ana.PatchTextAsync(path, """{"title": "x"}""").RefusedAsync(404, "NOT_FOUND");
        await ana.PostAsync(path + "/complete", null).RefusedAsync(404, "NOT_FOUND");
        await ana.PostAsync(path + "/reopen", null).RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Another_accounts_tasks_and_projects_do_not_exist()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var eve = await server.SignUpAsync();
        var project = await ana.PostAsync("/api/projects", new { name = "Casa" }).OkJsonAsync();
        var path = $"/api/tasks/{(await ana.NewTaskAsync("Pintar", projectId: project.Id())).Id()}";
        var projectPath = $"/api/projects/{project.Id()}";

        await eve.GetPathAsync(path).RefusedAsync(404, "NOT_FOUND");
        await eve.PatchTextAsync(path, """{"title": "x"}""").RefusedAsync(404, "NOT_FOUND");
        await eve.PostAsync(path + "/complete", null).RefusedAsync(404, "NOT_FOUND");
        await eve.PostAsync(path + "/reopen", null).RefusedAsync(404, "NOT_FOUND");
        await eve.DeletePathAsync(path).RefusedAsync(404, "NOT_FOUND");
        await eve.GetPathAsync(projectPath).RefusedAsync(404, "NOT_FOUND");
        await eve.PatchTextAsync(projectPath, """{"name": "x"}""").RefusedAsync(404, "NOT_FOUND");
        await eve.DeletePathAsync(projectPath).RefusedAsync(404, "NOT_FOUND");
        var stolen = await eve.PostAsync("/api/tasks", new { title = "x", projectId = project.Id() }).RefusedAsync(422, "INVALID");
        await eve.PostAsync("/api/tasks/undo", null).RefusedAsync(404, "NOTHING_TO_UNDO");

        Assert.Equal("projectId", stolen.Text("field"));
        Assert.Empty(await eve.TitlesAsync($"?project={project.Id()}"));
        Assert.Equal("Pintar", (await ana.OkGetAsync(path)).Text("title"));
    }

    [Fact]
    public async Task A_key_reads_or_writes_as_far_as_its_scopes_go()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        await ana.NewTaskAsync("Pintar");
        var reader = server.Program(await TestServer.ApiKeyAsync(ana, Scopes.TasksRead));
        var writer = server.Program(await TestServer.ApiKeyAsync(ana, Scopes.TasksWrite));

        Assert.Equal(["Pintar"], await reader.TitlesAsync());
        await reader.PostAsync("/api/tasks", new { title = "x" }).RefusedAsync(403, "FORBIDDEN");
        await reader.PostAsync("/api/tasks/undo", null).RefusedAsync(403, "FORBIDDEN");
        await reader.GetPathAsync("/api/events").RefusedAsync(403, "FORBIDDEN");
        await writer.GetPathAsync("/api/tasks").RefusedAsync(403, "FORBIDDEN");
        Assert.Equal("open", (await writer.NewTaskAsync("Lijar")).Text("status"));
        await server.Browser().GetPathAsync("/api/tasks").RefusedAsync(401, "AUTHENTICATION_FAILED");
    }
}
