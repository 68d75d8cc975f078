using System.Net;
using FocoBot.Sandbox.Server;

namespace FocoBot.Tests.Devices;

public sealed class DeviceLifeTests
{
    [Fact]
    public async Task After_a_restart_devices_are_connected_again_and_get_what_they_missed()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        var bob = world.AddPhone("Bob");
        await device.SendAsync(new { to = "+" + bob.Number, message = "antes" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count == 1));

        await world.Server.StopAsync();
        await bob.SendTextAsync(phone.Pn, "mientras tanto");
        await world.RestartAsync();
        using var again = await world.SignInAsync();
        device = device with { Browser = again };
        await device.UntilConnectedAsync();
        await device.MessageAsync("mientras tanto");
        Assert.Equal(0, world.Network.Statistics().Replaced);
        Assert.Single(phone.Companions);
    }

    [Fact]
    public async Task A_device_that_the_phone_removes_says_so_and_keeps_its_messages()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        using var reader = await world.StreamAsync(ana, device.Id);
        phone.Unlink(phone.Companions[0]);

        var told = await reader.UntilAsync("disconnected");
        Assert.Equal(("SESSION_INVALID", false), (told.GetProperty("code").GetString(), told.GetProperty("willReconnect").GetBoolean()));
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).GetProperty("status").GetString() == "revoked");
        Assert.Equal("logged_out", (await device.StatusAsync()).GetProperty("connectionState").GetString());
        using var refresh = await ana.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/refresh"), null);
        Assert.Equal((HttpStatusCode.Conflict, "SESSION_INVALID"), (refresh.StatusCode, (await refresh.JsonAsync()).GetProperty("code").GetString()));
        using var send = await device.SendAsync(new { to = "+15550009999", message = "hola" });
        Assert.Equal(HttpStatusCode.Conflict, send.StatusCode);
    }

    [Fact]
    public async Task An_unlinked_device_is_gone_here_and_on_the_phone()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        using var gone = await ana.DeleteAsync(DeviceWorld.PathOf($"device/{device.Id}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);

        Assert.Empty(phone.Companions);
        foreach (var table in new[] { "whatsapp_devices", "whatsapp_device_records", "whatsapp_messages" })
            Assert.Equal(0, await world.ScalarAsync<long>($"SELECT count(*) FROM {table}"));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'unlink'"));
    }

    [Fact]
    public async Task A_line_that_breaks_is_repaired()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(StreamError: 503));
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).GetProperty("connectionState").GetString() == "reconnecting");
        await world.AdvanceUntilAsync(device.UntilConnectedAsync());
    }

    [Fact]
    public async Task A_replaced_device_waits_until_its_owner_decides()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        world.Replace(phone.Companions[0]);
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()) is var status && status.GetProperty("connectionState").GetString() == "replaced" && status.GetProperty("status").GetString() == "disconnected");

        using var refreshed = await ana.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/refresh"), null);
        Assert.Equal(HttpStatusCode.Accepted, refreshed.StatusCode);
        await DeviceWorld.UntilAsync(async () => await device.StatusAsync() is var status && (status.GetProperty("connectionState").GetString(), status.GetProperty("status").GetString()) == ("connected", "active"));
    }

    [Fact]
    public async Task A_device_is_renamed_and_put_in_its_place()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        var path = DeviceWorld.PathOf($"device/{device.Id}");
        using var changed = await ana.PatchAsync(path, BusinessChannel.JsonContentOf(new { deviceName = "Oficina", priority = 2, useFor = new[] { "proposals", "notifications" } }), TestContext.Current.CancellationToken);
        var view = await changed.JsonAsync();
        Assert.Equal(("Oficina", 2), (view.GetProperty("deviceName").GetString(), view.GetProperty("priority").GetInt32()));
        Assert.Equal(["proposals", "notifications"], view.GetProperty("useFor").EnumerateArray().Select(use => use.GetString()));
        foreach (var wrong in new object[] { new { deviceName = "" }, new { priority = 0 }, new { useFor = new[] { "spam" } }, new { consent = new { chats = "some" } } })
        {
            using var refused = await ana.PatchAsync(path, BusinessChannel.JsonContentOf(wrong), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
    }
}
