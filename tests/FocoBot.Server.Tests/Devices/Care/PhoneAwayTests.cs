using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices.Care;

/// <summary>A phone that is away costs the device after 14 days: its owner is warned before.</summary>
public sealed class PhoneAwayTests
{
    [Fact]
    public async Task The_owner_is_warned_after_ten_and_after_twelve_days_and_anew_once_the_phone_was_back()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        phone.GoOffline();

        // Our own connections say nothing of the phone.
        var expires = await ExpiresAsync(ana);
        await LeapAsync(world, device, TimeSpan.FromDays(5));
        (await device.RefreshAsync()).Dispose();
        await device.UntilConnectedAsync();
        Assert.Equal(expires, await ExpiresAsync(ana));
        await LeapAsync(world, device, TimeSpan.FromDays(4.9));
        Assert.Empty(await CareSteps.NoticesAsync(ana));
        await LeapAsync(world, device, TimeSpan.FromHours(3));
        var first = await CareSteps.NoticeAsync(ana, "phone_away");
        Assert.Contains("10 días", first.Text("message"), StringComparison.Ordinal);
        Assert.Equal(10, await world.ScalarAsync<long>("SELECT phone_warned FROM whatsapp_devices"));
        await LeapAsync(world, device, TimeSpan.FromHours(3));
        await CareSteps.NoticeAsync(ana, "phone_away");

        await LeapAsync(world, device, TimeSpan.FromDays(2));
        Assert.Contains("12 días", (await CareSteps.NoticeAsync(ana, "phone_away", count: 2)).Text("message"), StringComparison.Ordinal);
        Assert.Equal("phone_away", await device.HealthAsync());

        phone.GoOnline();
        await phone.SendTextAsync(phone.Pn, "aquí estoy");
        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT phone_warned FROM whatsapp_devices") == 0);
        Assert.Equal("healthy", await device.HealthAsync());
        phone.GoOffline();
        await LeapAsync(world, device, TimeSpan.FromDays(11));
        await CareSteps.NoticeAsync(ana, "phone_away", count: 3);
    }

    [Theory]
    [InlineData(13.9, "revoked", "logged_out")]
    [InlineData(14.1, "expired", "expired")]
    public async Task A_device_that_is_logged_out_has_expired_if_its_phone_was_away_for_14_days(double days, string status, string kind)
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        phone.GoOffline();
        await LeapAsync(world, device, TimeSpan.FromDays(days / 2));
        await LeapAsync(world, device, TimeSpan.FromDays(days / 2));
        var before = (await CareSteps.NoticesAsync(ana)).Count;
        phone.Unlink(phone.Companions[0]);
        await device.UntilStatusAsync(status);
        var now = await device.StatusAsync();
        Assert.Equal(("logged_out", "down"), (now.Text("connectionState"), now.Text("health")));
        await CareSteps.NoticeAsync(ana, kind, before + 1);
        using var send = await device.SendAsync(new { to = "+15550009999", message = "hola" });
        Assert.Equal("SESSION_INVALID", (await send.JsonAsync()).Text("code"));
    }

    private static async Task<DateTimeOffset> ExpiresAsync(HttpClient owner) => (await DeviceWorld.GetAsync(owner, "devices")).GetProperty("devices")[0].GetProperty("expiresAt").GetDateTimeOffset();

    // Like a machine that slept, and a while of its day: pings are answered, and rounds made.
    private static async Task LeapAsync(DeviceWorld world, Device device, TimeSpan by)
    {
        world.Clock.Leap(by);
        await device.UntilConnectedAsync();
        for (var i = 0; i < 130; i++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await device.UntilConnectedAsync();
    }
}
