using System.Net;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Tasks;

public sealed class ProjectRestTests
{
    [Fact]
    public async Task A_project_is_made_renamed_listed_by_name_and_deleted()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        using var made = await ana.PostAsync("/api/projects", new { name = " Jardín " });
        await ana.PostAsync("/api/projects", new { name = "casa" }).OkJsonAsync();
        var path = made.Headers.Location!.ToString();

        var renamed = await ana.PatchTextAsync(path, """{"name": "Azotea"}""", made.Headers.ETag!.ToString()).OkJsonAsync();
        await ana.PatchTextAsync(path, """{"name": "Terraza"}""", made.Headers.ETag.ToString()).RefusedAsync(412, "VERSION_MISMATCH");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("Jardín", (await made.JsonAsync()).Text("name"));
        Assert.Equal(("Azotea", 2), (renamed.Text("name"), renamed.GetProperty("version").GetInt64()));
        Assert.Equal(["Azotea", "casa"], await NamesAsync(ana));
        using var deleted = await ana.DeletePathAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(["casa"], await NamesAsync(ana));
        await ana.GetPathAsync(path).RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_name_is_taken_whatever_its_case_until_its_project_goes()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var casa = await ana.PostAsync("/api/projects", new { name = "Casa" }).OkJsonAsync();
        var other = await ana.PostAsync("/api/projects", new { name = "Trabajo" }).OkJsonAsync();

        await ana.PostAsync("/api/projects", new { name = "CASA " }).RefusedAsync(409, "NAME_TAKEN");
        await ana.PatchTextAsync($"/api/projects/{other.Id()}", """{"name": "casa"}""").RefusedAsync(409, "NAME_TAKEN");
        var recased = await ana.PatchTextAsync($"/api/projects/{casa.Id()}", """{"name": "CASA"}""").OkJsonAsync();
        await ana.DeletePathAsync($"/api/projects/{casa.Id()}").OkJsonAsync();
        var again = await ana.PostAsync("/api/projects", new { name = "casa" }).OkJsonAsync();

        Assert.Equal("CASA", recased.Text("name"));
        Assert.NotEqual(casa.Id(), again.Id());
    }

    [Fact]
    public async Task A_name_that_is_none_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        string[] bad = ["{}", """{"name": null}""", """{"name": " "}""", """{"name": "two\nlines"}""", $$"""{"name": "{{new string('a', 81)}}"}"""];

        foreach (var body in bad)
        {
            var problem = await ana.SendTextAsync(HttpMethod.Post, "/api/projects", body).RefusedAsync(422, "INVALID");
            Assert.Equal((body, "name"), (body, problem.Text("field")));
        }
    }

    [Fact]
    public async Task The_tasks_of_a_deleted_project_stay_without_one()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var project = await ana.PostAsync("/api/projects", new { name = "Casa" }).OkJsonAsync();
        var task = await ana.NewTaskAsync("Pintar", projectId: project.Id());

        await ana.DeletePathAsync($"/api/projects/{project.Id()}").OkJsonAsync();

        var left = await ana.OkGetAsync($"/api/tasks/{task.Id()}");
        Assert.Equal((null, "open", 2), (left.Text("projectId"), left.Text("status"), left.GetProperty("version").GetInt64()));
    }

    private static async Task<List<string>> NamesAsync(HttpClient client) =>
        [.. (await client.OkGetAsync("/api/projects")).GetProperty("items").EnumerateArray().Select(item => item.Text("name")!)];
}
