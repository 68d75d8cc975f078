using System.Text.Json;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices.Care;

/// <summary>Once a day each device proves that it works.</summary>
public sealed class CanaryTests
{
    [Fact]
    public async Task Once_a_day_the_phone_answers_and_nobody_sees_anything()
    {
        var (world, device, phone) = await StartAsync();
        await using var _ = world;
        Assert.Equal(JsonValueKind.Null, (await device.StatusAsync()).GetProperty("lastCanary").ValueKind);
        var first = await NextDayAsync(world, device, "answered");
        Assert.Equal("healthy", await device.HealthAsync());
        Assert.Empty(phone.Messages());
        Assert.Empty(await device.MessagesAsync());

        // Not again on the same day, and again on the next.
        for (var i = 0; i < 30; i++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(first, AtOf(await device.StatusAsync()));
        Assert.True(await NextDayAsync(world, device, "answered") >= first + TimeSpan.FromHours(23));
    }

    [Fact]
    public async Task A_phone_that_is_away_is_no_fault()
    {
        var (world, device, phone) = await StartAsync();
        await using var _ = world;
        phone.GoOffline();
        await NextDayAsync(world, device, "acknowledged");
        Assert.Equal("healthy", await device.HealthAsync());
    }

    [Fact]
    public async Task A_server_that_takes_nothing_gets_a_second_chance_on_a_new_connection_and_then_the_owner_is_told_once()
    {
        var (world, device, phone) = await StartAsync();
        await using var _ = world;
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(LoseAcks: 1));
        await NextDayAsync(world, device, "failed");
        Assert.Equal(2, await world.ScalarAsync<long>("SELECT count(*) FROM events WHERE type = 'device.connected'"));
        await DeviceWorld.UntilAsync(async () => await device.HealthAsync() == "stalled");
        await CareSteps.NoticeAsync(device.Browser, "stalled");
        await NextDayAsync(world, device, "failed");
        await CareSteps.NoticeAsync(device.Browser, "stalled");

        world.Network.PlanFaults(phone.Companions[0], null);
        await NextDayAsync(world, device, "answered");
        Assert.Equal("healthy", await device.HealthAsync());
    }

    private static async Task<(DeviceWorld World, Device Device, VirtualPhone Phone)> StartAsync()
    {
        var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        return (world, await world.LinkAsync(ana, phone), phone);
    }

    private static DateTimeOffset? AtOf(JsonElement status) => status.GetProperty("lastCanary") is { ValueKind: JsonValueKind.Object } last ? last.GetProperty("at").GetDateTimeOffset() : null;

    // A day later and a bit, until the next test has come to an end; when that was.
    private static async Task<DateTimeOffset> NextDayAsync(DeviceWorld world, Device device, string outcome)
    {
        var before = AtOf(await device.StatusAsync());
        world.Clock.Leap(TimeSpan.FromDays(1));
        var status = default(JsonElement);
        await world.AdvanceUntilAsync(async () => AtOf(status = await device.StatusAsync()) > (before ?? DateTimeOffset.MinValue), () => $"{status}");
        Assert.Equal(outcome, status.GetProperty("lastCanary").Text("outcome"));
        return AtOf(status)!.Value;
    }
}
