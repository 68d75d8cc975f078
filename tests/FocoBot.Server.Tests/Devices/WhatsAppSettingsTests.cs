using System.Net.Http.Json;
using FocoBot.Devices;
using FocoBot.Devices.Routing;
using FocoBot.Events;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Devices;

/// <summary>How messages to an account go out: what is set, what is refused, and what the router then sees.</summary>
public sealed class WhatsAppSettingsTests
{
    private const string Path = "/api/settings/whatsapp";

    [Fact]
    public async Task A_new_account_has_the_defaults()
    {
        await using var server = await TestServer.StartAsync();
        var settings = await (await server.SignUpAsync()).OkGetAsync(Path);
        Assert.Equal("""{"mode":"twilio-only","twilioFor":["notifications","broadcasts"],"deviceFor":[],"devices":[]}""", settings.ToString());
    }

    [Fact]
    public async Task What_is_put_replaces_the_settings_and_the_places_of_devices_and_the_router_sees_it()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var (first, second) = (await world.LinkAsync(ana, world.AddPhone("Ana")), await world.LinkAsync(ana, world.AddPhone("Ana otra vez")));
        await Task.WhenAll(first.UntilConnectedAsync(), second.UntilConnectedAsync());
        var wish = new
        {
            mode = "hybrid", twilioFor = new[] { "notifications" }, deviceFor = new[] { "proposals", "direct-messages" },
            devices = new object[] { new { deviceId = first.Id, priority = 2, useFor = new[] { "all" } }, new { deviceId = second.Id, priority = 1, useFor = new[] { "proposals" } } },
        };

        var put = await PutAsync(ana, wish).OkJsonAsync();

        Assert.Equal(put.ToString(), (await ana.OkGetAsync(Path)).ToString());
        Assert.Equal([second.Id, first.Id], put.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("deviceId").GetGuid()));
        var listed = (await DeviceWorld.GetAsync(ana, "devices")).GetProperty("devices")[0];
        Assert.Equal((second.Id, 1), (listed.GetProperty("id").GetGuid(), listed.GetProperty("priority").GetInt32()));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'settings_changed'"));
        var account = await world.ScalarAsync<Guid>("SELECT id FROM accounts");
        var told = (await world.Server.Database.AsAccount(account).ReadAsync(work => world.Server.Services.GetRequiredService<EventLog>().ReadAsync(work, account, 0, 100))).Single(happened => happened.Type == "settings.whatsapp.updated");
        Assert.Equal("hybrid", told.Data.Text("mode"));

        var supervisor = world.Server.Services.GetRequiredService<DeviceSupervisor>();
        var state = await world.Server.Database.AsAccount(account).ReadAsync(work => RoutingTable.ReadAsync(work, account, isBusinessConfigured: true, id => supervisor.Find(id)?.ConnectionState == "connected"));
        Assert.Equal([second.Id, first.Id, null], HybridRouter.Route(MessageKind.Proposal, state).Select(hop => hop.DeviceId));
        Assert.False(state.IsPhoneLinked);
    }

    [Fact]
    public async Task A_device_that_is_not_named_stays_as_it_is()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        await PutAsync(ana, Wish(new { deviceId = device.Id, priority = 7, useFor = Array.Empty<string>() })).OkJsonAsync();

        var left = (await PutAsync(ana, new { mode = "device-linking", twilioFor = Array.Empty<string>(), deviceFor = Array.Empty<string>() }).OkJsonAsync()).GetProperty("devices")[0];

        Assert.Equal((7, 0), (left.GetProperty("priority").GetInt32(), left.GetProperty("useFor").GetArrayLength()));
    }

    [Fact]
    public async Task Only_an_accounts_own_linked_devices_can_be_named_and_nothing_changes_otherwise()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, bo) = (await world.Server.SignUpAsync(), await world.Server.SignUpAsync());
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));

        var problem = await PutAsync(bo, Wish(new { deviceId = device.Id, priority = 3, useFor = new[] { "all" } })).RefusedAsync(422, "INVALID");

        Assert.Equal("devices.deviceId", problem.Text("field"));
        Assert.Equal("twilio-only", (await bo.OkGetAsync(Path)).Text("mode"));
        Assert.Equal(1, (await ana.OkGetAsync(Path)).GetProperty("devices")[0].GetProperty("priority").GetInt32());
    }

    [Theory]
    [InlineData("""{"twilioFor":[],"deviceFor":[]}""", "mode")]
    [InlineData("""{"mode":"sms","twilioFor":[],"deviceFor":[]}""", "mode")]
    [InlineData("""{"mode":"hybrid","deviceFor":[]}""", "twilioFor")]
    [InlineData("""{"mode":"hybrid","twilioFor":["proposals"],"deviceFor":[]}""", "twilioFor")]
    [InlineData("""{"mode":"hybrid","twilioFor":[],"deviceFor":["broadcasts"]}""", "deviceFor")]
    [InlineData("""{"mode":"hybrid","twilioFor":[],"deviceFor":[null]}""", "deviceFor")]
    [InlineData("""{"mode":"hybrid","twilioFor":[],"deviceFor":[],"devices":[null]}""", "devices")]
    [InlineData("""{"mode":"hybrid","twilioFor":[],"deviceFor":[],"devices":[{"deviceId":"0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b","priority":0,"useFor":[]}]}""", "devices.priority")]
    [InlineData("""{"mode":"hybrid","twilioFor":[],"deviceFor":[],"devices":[{"deviceId":"0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b","priority":1,"useFor":["spam"]}]}""", "devices.useFor")]
    [InlineData("""{"mode":"hybrid","twilioFor":[],"deviceFor":[],"devices":[{"deviceId":"0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b","priority":1,"useFor":[]}]}""", "devices.deviceId")]
    public async Task What_cannot_be_set_is_named(string body, string field)
    {
        await using var server = await TestServer.StartAsync();
        var problem = await (await server.SignUpAsync()).SendTextAsync(HttpMethod.Put, Path, body).RefusedAsync(422, "INVALID");
        Assert.Equal(field, problem.Text("field"));
    }

    [Fact]
    public async Task A_key_needs_the_scope()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var reader = server.Program(await TestServer.ApiKeyAsync(ana, "account:read"));
        await reader.OkGetAsync(Path);
        await PutAsync(reader, Wish()).RefusedAsync(403, "FORBIDDEN");
        await PutAsync(server.Program(await TestServer.ApiKeyAsync(ana, "account:write")), Wish()).OkJsonAsync();
        await server.Program(await TestServer.ApiKeyAsync(ana, "devices:read")).GetPathAsync(Path).RefusedAsync(403, "FORBIDDEN");
    }

    private static object Wish(params object[] devices) => new { mode = "hybrid", twilioFor = Array.Empty<string>(), deviceFor = Array.Empty<string>(), devices };

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, object body) => client.PutAsJsonAsync(Path, body, TestContext.Current.CancellationToken);
}
