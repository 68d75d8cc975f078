using System.Net;
using FocoBot.Sandbox.Server;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices.Care;

/// <summary>At the first sign of a ban a device says nothing more, until its owner wants it.</summary>
public sealed class BanTests
{
    [Fact]
    public async Task A_banned_device_sends_nothing_more_until_its_owner_refreshes_it_and_the_others_go_on()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var (phone, work, bob) = (world.AddPhone("Ana"), world.AddPhone("Trabajo"), world.AddPhone("Bob"));
        var device = await world.LinkAsync(ana, phone);
        var other = await world.LinkAsync(ana, work);
        await device.SendAsync(new { to = "+" + bob.Number, message = "espera", undoSeconds = 5 }).OkJsonAsync();
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(Failure: 402, BanCode: 101, BanSeconds: 3600));
        await device.UntilStatusAsync("disconnected");

        using var refused = await device.SendAsync(new { to = "+" + bob.Number, message = "nada" });
        var problem = await refused.JsonAsync();
        Assert.Equal((HttpStatusCode.Forbidden, "DEVICE_BANNED"), (refused.StatusCode, problem.Text("code")));
        Assert.Contains("until 2026-11-20 17:15 UTC: messages went to too many people", problem.Text("detail"), StringComparison.Ordinal);
        var told = await CareSteps.NoticeAsync(ana, "banned");
        Assert.Contains("hasta 2026-11-20 11:15 (America/Mexico_City): se escribió a demasiadas personas", told.Text("message"), StringComparison.Ordinal);
        Assert.Equal("down", await device.HealthAsync());

        // Neither the end of the ban nor a restart lets anything go.
        world.Network.PlanFaults(phone.Companions[0], null);
        world.Clock.Leap(TimeSpan.FromHours(2));
        await world.RestartAsync();
        using var again = await world.SignInAsync();
        (device, other) = (device with { Browser = again }, other with { Browser = again });
        await world.AdvanceUntilAsync(other.UntilConnectedAsync());
        await other.SendAsync(new { to = "+" + bob.Number, message = "del otro" }).OkJsonAsync();
        await world.AdvanceUntilAsync(async () => bob.Messages().Count == 1);
        Assert.Equal("del otro", bob.Messages()[0].Text);
        Assert.Equal("disconnected", (await device.StatusAsync()).Text("connectionState"));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox"));

        using var refreshed = await device.RefreshAsync();
        Assert.Equal(HttpStatusCode.Accepted, refreshed.StatusCode);
        await world.AdvanceUntilAsync(async () => bob.Messages().Count == 2);
        Assert.Equal("espera", bob.Messages()[1].Text);
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'refresh' AND CAST(metadata AS text) LIKE '%DEVICE_BANNED%'"));
        await CareSteps.NoticeAsync(again, "banned");
    }

    [Theory]
    [InlineData(403, "locked")]
    [InlineData(406, "banned")]
    public async Task A_ban_that_lasts_is_told_once_however_often_the_owner_tries(int reason, string word)
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(Failure: reason));
        await device.UntilStatusAsync("disconnected");
        for (var i = 0; i < 2; i++)
        {
            Assert.Contains($"WhatsApp has {word} this account", (await device.StatusAsync()).Text("reason"), StringComparison.Ordinal);
            using var refused = await device.SendAsync(new { to = "+15550009999", message = "nada" });
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            (await device.RefreshAsync()).Dispose();
            await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices WHERE error_code = 'DEVICE_BANNED'") == 1);
        }

        await CareSteps.NoticeAsync(ana, "banned");
    }
}
