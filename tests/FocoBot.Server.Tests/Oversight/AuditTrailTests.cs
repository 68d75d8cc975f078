using System.Text.Json;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Devices;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Oversight;

/// <summary>What an owner reads of what was done in the account.</summary>
public sealed class AuditTrailTests
{
    [Fact]
    public async Task Both_logs_are_one_list_newest_first_page_by_page()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await device.SendAsync(new { to = "+" + world.AddPhone("Bob").Number, message = "un secreto" }).OkJsonAsync();
        await ana.PostAsync("/api/security/lock", new { }).OkJsonAsync();
        using (var wrong = await ana.DeletePathAsync("/api/security/lock", new { password = "wrong" })) Assert.Equal(403, (int)wrong.StatusCode);

        var whole = await ana.OkGetAsync("/api/audit?limit=200");
        Assert.Equal(JsonValueKind.Null, whole.GetProperty("nextCursor").ValueKind);
        var items = whole.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(items.Count, (int)await world.ScalarAsync<long>("SELECT (SELECT count(*) FROM whatsapp_audit_log) + (SELECT count(*) FROM whatsapp_security_audit_log)"));
        Assert.Equal(items.Select(At).OrderDescending(), items.Select(At));

        var sent = items.Single(item => item.Text("action") == "message_sent");
        Assert.Equal(("device", device.Id, JsonValueKind.Null), (sent.Text("source"), sent.GetProperty("deviceId").GetGuid(), sent.GetProperty("success").ValueKind));
        var refused = items.First(item => item.Text("action") == "unauthorized_access_attempt");
        Assert.Equal(("security", false, "WRONG_PASSWORD"), (refused.Text("source"), refused.GetProperty("success").GetBoolean(), refused.GetProperty("details").Text("errorCode")));
        Assert.StartsWith("198.18.", refused.Text("ip"), StringComparison.Ordinal);
        Assert.Equal("emergency_procedure", items.Single(item => item.Text("action") == "account_locked").GetProperty("details").Text("triggeredBy"));
        Assert.DoesNotContain("secreto", whole.ToString(), StringComparison.Ordinal);

        var paged = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await ana.OkGetAsync($"/api/audit?limit=2&after={cursor}");
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 2);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Id()));
            cursor = page.Text("nextCursor");
        }

        Assert.Equal(items.Select(item => item.Id()), paged);
    }

    [Fact]
    public async Task Nobody_reads_anothers_and_a_key_needs_the_scope()
    {
        await using var server = await TestServer.StartAsync();
        var (ana, bo) = (await server.SignUpAsync(), await server.SignUpAsync());
        await server.Program(await TestServer.ApiKeyAsync(ana, "tasks:read")).GetPathAsync("/api/audit").RefusedAsync(403, "FORBIDDEN");
        var page = await server.Program(await TestServer.ApiKeyAsync(ana, "account:read")).OkGetAsync("/api/audit?limit=1");

        Assert.Equal(["session_created", "account_created"], (await bo.OkGetAsync("/api/audit")).GetProperty("items").EnumerateArray().Select(item => item.Text("action")));
        var problem = await bo.GetPathAsync($"/api/audit?after={page.Text("nextCursor")}").RefusedAsync(422, "INVALID");
        Assert.Equal("after", problem.Text("field"));
        await bo.GetPathAsync("/api/audit?limit=0").RefusedAsync(422, "INVALID");
        await server.Browser().GetPathAsync("/api/audit").RefusedAsync(401, "AUTHENTICATION_FAILED");
    }

    private static DateTimeOffset At(JsonElement item) => item.GetProperty("at").GetDateTimeOffset();
}
