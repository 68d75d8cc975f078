using System.Text.Json;
using FocoBot.Storage;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Devices;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Oversight;

/// <summary>What an administrator sees of everybody, and may lift.</summary>
public sealed class AdminListTests
{
    [Theory]
    [InlineData("users")]
    [InlineData("devices")]
    [InlineData("lockouts")]
    public async Task Only_an_administrators_session_sees_a_list(string list)
    {
        await using var server = await TestServer.StartAsync();
        var (admin, ana) = (await server.SignUpAsync(), await server.SignUpAsync());
        await admin.OkGetAsync($"/api/admin/{list}");
        await ana.GetPathAsync($"/api/admin/{list}").RefusedAsync(403, "FORBIDDEN");
        await server.Program(await TestServer.ApiKeyAsync(admin, "account:read", "account:write")).GetPathAsync($"/api/admin/{list}").RefusedAsync(403, "FORBIDDEN");
        await server.Browser().GetPathAsync($"/api/admin/{list}").RefusedAsync(401, "AUTHENTICATION_FAILED");
        await admin.GetPathAsync($"/api/admin/{list}?limit=201").RefusedAsync(422, "INVALID");
        await admin.GetPathAsync($"/api/admin/{list}?cursor=AAAA").RefusedAsync(422, "INVALID");
    }

    [Fact]
    public async Task Accounts_are_listed_page_by_page()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.SignUpAsync("root@example.com");
        foreach (var name in new[] { "ana", "bo" }) await server.SignUpAsync($"{name}@example.com");
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        var page = await admin.OkGetAsync("/api/admin/users?limit=2");
        var rest = await admin.OkGetAsync($"/api/admin/users?limit=2&cursor={page.Text("nextCursor")}");

        Assert.Equal(["bo@example.com", "ana@example.com"], Items(page).Select(user => user.Text("email")));
        var root = Assert.Single(Items(rest));
        Assert.Equal(("root@example.com", "admin", "standard", 0), (root.Text("email"), root.Text("role"), root.Text("tier"), root.GetProperty("devices").GetInt32()));
        Assert.Equal(server.Clock.GetUtcNow(), root.GetProperty("lastSeenAt").GetDateTimeOffset());
        Assert.Null(rest.Text("nextCursor"));
        Assert.Equal(["createdAt", "devices", "disabledAt", "email", "id", "lastSeenAt", "role", "tier"], root.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Devices_are_listed_without_phones()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (admin, ana) = (await world.Server.SignUpAsync(), await world.Server.SignUpAsync());
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await device.UntilConnectedAsync();

        var list = await admin.OkGetAsync("/api/admin/devices");

        var item = Assert.Single(Items(list));
        Assert.Equal((device.Id, "active", "connected", "sandbox"), (item.GetProperty("id").GetGuid(), item.Text("status"), item.Text("connectionState"), item.Text("network")));
        Assert.Equal((await ana.GetMeAsync().OkJsonAsync()).Id(), item.Text("userId"));
        Assert.DoesNotContain(phone.Number, list.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Items(await admin.OkGetAsync("/api/admin/users"))[0].GetProperty("devices").GetInt32());
    }

    [Fact]
    public async Task An_administrator_lifts_an_owners_lock_and_the_devices_come_back()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (admin, ana) = (await world.Server.SignUpAsync(), await world.Server.SignUpAsync());
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        await device.UntilConnectedAsync();
        await ana.PostAsync("/api/security/lock", new { }).OkJsonAsync();
        var locked = Assert.Single(Items(await admin.OkGetAsync("/api/admin/lockouts")));
        Assert.Equal(("emergency_procedure", null, null), (locked.Text("triggeredBy"), locked.Text("lockedUntil"), locked.Text("unlockedAt")));

        await ana.DeletePathAsync($"/api/admin/lockouts/{locked.Id()}").RefusedAsync(403, "FORBIDDEN");
        using (var lifted = await admin.DeletePathAsync($"/api/admin/lockouts/{locked.Id()}")) Assert.Equal(204, (int)lifted.StatusCode);

        await device.UntilConnectedAsync();
        await admin.DeletePathAsync($"/api/admin/lockouts/{locked.Id()}").RefusedAsync(404, "NOT_FOUND");
        Assert.NotNull(Assert.Single(Items(await admin.OkGetAsync("/api/admin/lockouts"))).Text("unlockedAt"));
        var told = Items(await ana.OkGetAsync("/api/audit")).Single(item => item.Text("action") == "account_unlocked");
        Assert.Equal(("administrator", null), (told.GetProperty("details").Text("by"), told.Text("ip")));
        Assert.Equal(locked.Id(), Items(await admin.OkGetAsync("/api/audit")).Single(item => item.Text("action") == "account_unlocked").GetProperty("details").Text("lockout"));
    }

    [Fact]
    public async Task Lifting_a_lock_for_too_many_messages_takes_its_violations_along()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var admin = await channel.Server.SignUpAsync();
        var now = channel.Clock.GetUtcNow();
        var id = Ids.New(channel.Clock);
        await channel.ExecuteAsync("INSERT INTO whatsapp_account_lockouts (id, phone, locked_at, locked_reason, triggered_by) VALUES (@id, '+525512345678', @now, 'too many messages', 'auto_rate_limit')", new { id, now });
        await channel.ExecuteAsync(
            """
            INSERT INTO whatsapp_rate_limit_violations (id, phone, violation_type, violation_count, first_violation_at, last_violation_at, expires_at)
            VALUES (@id, '+525512345678', 'per_minute', 20, @now, @now, @end)
            """, new { id, now, end = now.AddYears(5) });

        using (var lifted = await admin.DeletePathAsync($"/api/admin/lockouts/{id}")) Assert.Equal(204, (int)lifted.StatusCode);

        Assert.Equal(0, await channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_rate_limit_violations"));
        Assert.Equal(1, await channel.Server.AuditedAsync("account_unlocked"));
    }

    private static List<JsonElement> Items(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];
}
