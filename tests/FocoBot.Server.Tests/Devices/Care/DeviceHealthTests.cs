using System.Text.Json;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices.Care;

/// <summary>A device that looks fine is fine: health goes by what comes and goes.</summary>
public sealed class DeviceHealthTests
{
    [Fact]
    public async Task A_server_that_swallows_everything_makes_the_device_stalled_and_its_connection_is_replaced()
    {
        var (world, device, phone) = await StartAsync();
        await using var _ = world;
        Assert.Equal("healthy", await device.HealthAsync());
        // What comes with linking is done by then.
        await SkipAsync(world, TimeSpan.FromSeconds(40));
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(Deafens: true));
        var (since, before) = (world.Clock.GetUtcNow(), await EventsAsync(world, "device.disconnected"));
        var wasStalled = false;
        for (var isReplaced = false; !isReplaced;)
        {
            await TickAsync(world);
            var (health, deafFor) = (await device.HealthAsync(), world.Clock.GetUtcNow() - since);
            isReplaced = await EventsAsync(world, "device.disconnected") > before;
            // Pings go out every half minute: so long nobody can know. What was under way is read a little later.
            if (!isReplaced && deafFor > TimeSpan.FromSeconds(42)) Assert.NotEqual("healthy", health);
            wasStalled |= health == "stalled";
            Assert.True(deafFor < TimeSpan.FromSeconds(60), "It is deaf, and stays so.");
        }

        Assert.True(wasStalled);
        await world.AdvanceUntilAsync(async () => await device.HealthAsync() == "healthy");
        await phone.SendTextAsync(phone.Pn, "¿sigues ahí?");
        await device.MessageAsync("¿sigues ahí?");
    }

    [Fact]
    public async Task Messages_that_are_never_acknowledged_make_it_stalled_and_its_connection_is_replaced()
    {
        var (world, device, phone) = await StartAsync();
        await using var _ = world;
        var bob = world.AddPhone("Bob");
        await device.SendAsync(new { to = "+" + bob.Number, message = "uno" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox") == 0);
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(LoseAcks: 1));
        await device.SendAsync(new { to = "+" + bob.Number, message = "dos" }).OkJsonAsync();
        await SkipAsync(world, TimeSpan.FromMinutes(4));
        Assert.Equal("healthy", await device.HealthAsync());

        var stalled = default(JsonElement);
        await world.AdvanceUntilAsync(async () => (stalled = await device.StatusAsync()).Text("health") == "stalled", () => $"{stalled}");
        Assert.Contains("not acknowledged", stalled.Text("reason"), StringComparison.Ordinal);
        await world.AdvanceUntilAsync(async () => await EventsAsync(world, "device.connected") == 2);
        Assert.Equal("stalled", await device.HealthAsync());
        // All is well again, and on the next connection it is sent anew.
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(StreamError: 503));
        world.Network.PlanFaults(phone.Companions[0], null);
        await world.AdvanceUntilAsync(async () => await device.HealthAsync() == "healthy");
        Assert.Equal(["uno", "dos"], bob.Messages().Select(message => message.Text));
    }

    [Fact]
    public async Task What_can_not_be_stored_makes_it_stalled_until_it_can()
    {
        var (world, device, phone) = await StartAsync();
        await using var _ = world;
        await RenameAsync(world, "whatsapp_device_records", "elsewhere");
        await phone.SendTextAsync(phone.Pn, "no cabe");
        await DeviceWorld.UntilAsync(async () => await device.HealthAsync() == "stalled");
        Assert.Contains("can't be stored", (await device.StatusAsync()).Text("reason"), StringComparison.Ordinal);
        await RenameAsync(world, "elsewhere", "whatsapp_device_records");
        await world.AdvanceUntilAsync(async () => await device.HealthAsync() == "healthy");
        await device.MessageAsync("no cabe");
    }

    private static Task RenameAsync(DeviceWorld world, string from, string to) => world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync($"ALTER TABLE {from} RENAME TO {to}"));

    private static async Task<(DeviceWorld World, Device Device, VirtualPhone Phone)> StartAsync()
    {
        var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await device.UntilConnectedAsync();
        return (world, device, phone);
    }

    private static Task<long> EventsAsync(DeviceWorld world, string type) => world.ScalarAsync<long>("SELECT count(*) FROM events WHERE type = @type", new { type });

    private static async Task SkipAsync(DeviceWorld world, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1)) await TickAsync(world);
    }

    // Slowly enough for what goes over the network meanwhile.
    private static Task TickAsync(DeviceWorld world)
    {
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        return Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
