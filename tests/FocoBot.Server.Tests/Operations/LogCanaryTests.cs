using System.Net;
using FocoBot.Channels.Twilio;
using FocoBot.StandIns.Twilio;
using FocoBot.Tests.Processes;

namespace FocoBot.Tests.Operations;

/// <summary>A server that logs at Information goes through a conversation and all that can fail in it; none of the secrets is in its output.</summary>
[Collection(ProcessTests.Name)]
public sealed class LogCanaryTests
{
    private const string Phone = "+5215587654321";
    private const string Password = "canario-violeta-73-tambor";
    private const string Text = "comprar jarabe secreto";

    private readonly Dictionary<string, string> _secrets = new()
    {
        ["phone"] = Phone,
        ["canonical phone"] = "+525587654321",
        ["password"] = Password,
        ["text"] = Text,
        ["auth token"] = BusinessChannel.AuthToken,
    };

    private int _last;

    [Fact]
    public async Task No_secret_is_in_the_log_whatever_happens()
    {
        await using var host = await ProcessHost.CreateAsync(people: 0, new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Default"] = "Information",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information",
        });
        await host.StartAsync();
        using var browser = new HttpClient { BaseAddress = host.Server.BaseUrl };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");

        await ConverseAsync(host, browser);
        await FailAsync(host, browser);
        await host.Server.StopAsync();

        Assert.Contains(host.Server.Output, line => line.Contains("/api/integrations/whatsapp/webhook", StringComparison.Ordinal));
        Assert.Contains(host.Server.Output, line => line.Contains("Exception", StringComparison.Ordinal));
        Assert.Empty(Leaks.Find(host.Server.Output, _secrets));
    }

    [Fact]
    public void A_planted_leak_is_found()
    {
        string[] output = ["Application started.", "no route to whatsapp%3A%2B5215587654321", "sender 5215587654321 is unknown", $"cannot parse {Text.ToUpperInvariant()}"];
        Assert.Equal(["phone", "text"], Leaks.Find(output, _secrets).Select(leak => leak.Split(':')[0]));
        Assert.Equal(["phone"], Leaks.Find([output[2]], _secrets).Select(leak => leak.Split(':')[0]));
        Assert.Empty(Leaks.Find([output[0]], _secrets));
    }

    private async Task ConverseAsync(ProcessHost host, HttpClient browser)
    {
        await browser.PostAsync("/api/auth/register", new { email = "ana@example.com", password = Password }).OkJsonAsync();
        var key = (await browser.PostAsync("/api/keys", new { name = "canary", scopes = new[] { "tasks:read" } }).OkJsonAsync()).GetProperty("key").GetString()!;
        var code = (await browser.PostAsync("/api/integrations/whatsapp/link", new { phone = Phone }).OkJsonAsync()).GetProperty("code").GetString()!;
        _secrets.Add("API key", key);
        _secrets.Add("link code", code);

        Assert.Equal(HttpStatusCode.OK, await SayAsync(host, "VERIFICAR " + code));
        Assert.Equal(HttpStatusCode.OK, await SayAsync(host, "Nueva tarea - " + Text));
        await BusinessChannel.EventuallyAsync(() => Task.FromResult(host.Twilio.Messages.To("whatsapp:" + Phone) is { Count: >= 2 } both ? both : null));

        using var program = new HttpClient { BaseAddress = host.Server.BaseUrl };
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var tasks = await program.GetAsync($"/api/tasks?filter=search:{Uri.EscapeDataString(Text)}", TestContext.Current.CancellationToken).OkJsonAsync();
        Assert.Equal(1, tasks.GetProperty("items").GetArrayLength());
    }

    private async Task FailAsync(ProcessHost host, HttpClient browser)
    {
        Assert.Equal(HttpStatusCode.Forbidden, await SayAsync(host, Text, signature: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        using (var wrong = await browser.PostAsync("/api/auth/login", new { email = "ana@example.com", password = Password + "x" })) Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using (var malformed = await browser.PostAsync("/api/tasks", new StringContent($$"""{"title": "{{Text}}", {{Phone}}}""", null, "application/json"), TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);

        host.Twilio.Faults.Add(new Fault(FaultKind.Error, 1, 401, TwilioErrors.Authenticate));
        Assert.Equal(HttpStatusCode.OK, await SayAsync(host, "/tareas"));
        await BusinessChannel.EventuallyAsync(() => Task.FromResult(host.Server.Output.FirstOrDefault(line => line.Contains("Twilio refuses", StringComparison.Ordinal))));

        // The table is gone: the next message and the next request meet exceptions that nobody foresaw.
        await RenameTasksAsync(host);
        Assert.Equal(HttpStatusCode.OK, await SayAsync(host, "Nueva tarea - " + Text));
        using var broken = await browser.PostAsync("/api/tasks", new { title = Text });
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        await BusinessChannel.EventuallyAsync(() => Task.FromResult(host.Server.Output.FirstOrDefault(line => line.Contains("could not be handled", StringComparison.Ordinal))));

        using var unlinked = await browser.DeleteAsync($"/api/integrations/whatsapp/unlink?phone={Uri.EscapeDataString(Phone)}", TestContext.Current.CancellationToken);
        Assert.True(unlinked.StatusCode < HttpStatusCode.InternalServerError);
    }

    private static async Task RenameTasksAsync(ProcessHost host)
    {
        await using System.Data.Common.DbConnection connection = host.Data.Postgres is { } postgres
            ? new Npgsql.NpgsqlConnection(postgres)
            : new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={host.Data.SqlitePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "ALTER TABLE tasks RENAME TO tasks_gone";
        await command.ExecuteNonQueryAsync();
    }

    private async Task<HttpStatusCode> SayAsync(ProcessHost host, string text, string? signature = null)
    {
        using var http = new HttpClient();
        using var request = host.Request(ProcessHost.Inbound(ProcessHost.Sid(++_last), "whatsapp:" + Phone, text), signature);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
