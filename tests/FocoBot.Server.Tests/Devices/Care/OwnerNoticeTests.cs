using FocoBot.Sandbox.Server;
using FocoBot.StandIns.Twilio;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices.Care;

/// <summary>Owners learn of trouble: on another channel than the device, once, and of what they did not do themselves.</summary>
public sealed class OwnerNoticeTests
{
    [Theory]
    [InlineData("es", "FocoBot ya no está vinculado a tu WhatsApp", "El dispositivo «Casa»")]
    [InlineData("en", "FocoBot is no longer linked to your WhatsApp", "The device “Casa”")]
    public async Task A_device_that_the_phone_removes_is_mailed_to_its_owner_in_his_language_once(string language, string subject, string begins)
    {
        await using var post = new FakeMailServer();
        var (world, ana) = await CareSteps.StartWithMailAsync(post);
        await using var _ = world;
        await ana.PatchAsync("/api/settings", BusinessChannel.JsonContentOf(new { language }), TestContext.Current.CancellationToken);
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await ana.PatchAsync(DeviceWorld.PathOf($"device/{device.Id}"), BusinessChannel.JsonContentOf(new { deviceName = "Casa" }), TestContext.Current.CancellationToken);
        phone.Unlink(phone.Companions[0]);

        var mail = await post.NextAsync();
        var link = $"{TestServer.BaseUrl}/settings/whatsapp?relink={device.Id}";
        Assert.Equal(($"<{CareSteps.Owner}>", subject), (mail.To, mail.Subject));
        Assert.StartsWith(begins, mail.Text, StringComparison.Ordinal);
        Assert.Contains(link, mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(phone.Number, mail.Text, StringComparison.Ordinal);
        var shown = await CareSteps.NoticeAsync(ana, "logged_out");
        Assert.Equal(link, shown.Text("relinkUrl"));
        Assert.StartsWith(begins, shown.Text("message"), StringComparison.Ordinal);

        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM device_notices WHERE done_at IS NOT NULL AND body IS NULL") == 1);
        await world.RestartAsync();
        using var again = await world.SignInAsync();
        await CareSteps.NoticeAsync(again, "logged_out");
        Assert.True(post.IsEmpty);
    }

    [Fact]
    public async Task A_mail_that_the_server_does_not_take_goes_out_after_a_restart()
    {
        await using var post = new FakeMailServer { AuthAnswer = 535 };
        var (world, ana) = await CareSteps.StartWithMailAsync(post);
        await using var _ = world;
        var phone = world.AddPhone("Ana");
        await world.LinkAsync(ana, phone);
        phone.Unlink(phone.Companions[0]);
        await CareSteps.NoticeAsync(ana, "logged_out");
        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT attempts FROM device_notices") == 1);
        await world.RestartAsync();
        Assert.True(post.IsEmpty);

        post.AuthAnswer = 235;
        world.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("FocoBot ya no está vinculado a tu WhatsApp", (await post.NextAsync()).Subject);
    }

    [Fact]
    public async Task On_the_business_channel_it_goes_to_who_wrote_today_as_a_text_and_else_as_a_template()
    {
        await using var twilio = await CareSteps.StartTwilioAsync();
        await using var post = new FakeMailServer();
        var template = "HX" + new string('b', 32);
        var (world, ana) = await CareSteps.StartWithMailAsync(post, [.. CareSteps.SettingsOf(twilio), ("TWILIO_TEMPLATE_NOTICE_ES", template)]);
        await using var _ = world;
        await world.WithBusinessPhoneAsync(TimeSpan.FromHours(1));
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        world.Replace(phone.Companions[0]);
        await DeviceWorld.UntilAsync(() => Task.FromResult(twilio.Messages.Received == 1));
        var text = twilio.Messages.After(0, 1)[0];
        Assert.Equal(("whatsapp:+5215512345678", null), (text.To, text.ContentSid));
        Assert.Contains($"/settings/whatsapp?relink={device.Id}", text.Body, StringComparison.Ordinal);

        (await device.RefreshAsync()).Dispose();
        await device.UntilStatusAsync("active");
        world.Clock.Leap(TimeSpan.FromHours(24));
        await device.UntilConnectedAsync();
        world.Replace(phone.Companions[0]);
        await DeviceWorld.UntilAsync(() => Task.FromResult(twilio.Messages.Received == 2));
        Assert.Equal(template, twilio.Messages.After(1, 1)[0].ContentSid);
        Assert.Contains($"relink={device.Id}", twilio.Messages.After(1, 1)[0].ContentVariables, StringComparison.Ordinal);
        Assert.True(post.IsEmpty);
    }

    [Fact]
    public async Task Without_a_template_it_is_mailed_to_who_did_not_write_today()
    {
        await using var twilio = await CareSteps.StartTwilioAsync();
        await using var post = new FakeMailServer();
        var (world, ana) = await CareSteps.StartWithMailAsync(post, CareSteps.SettingsOf(twilio));
        await using var _ = world;
        await world.WithBusinessPhoneAsync(TimeSpan.FromHours(25));
        var phone = world.AddPhone("Ana");
        await world.LinkAsync(ana, phone);
        world.Replace(phone.Companions[0]);
        Assert.Equal("FocoBot se detuvo en uno de tus dispositivos", (await post.NextAsync()).Subject);
        Assert.Equal(0, twilio.Messages.Received);
    }

    [Fact]
    public async Task What_the_business_channel_could_not_deliver_is_mailed()
    {
        await using var twilio = await CareSteps.StartTwilioAsync();
        await using var post = new FakeMailServer();
        var (world, ana) = await CareSteps.StartWithMailAsync(post, CareSteps.SettingsOf(twilio));
        await using var _ = world;
        await world.WithBusinessPhoneAsync(TimeSpan.FromHours(1));
        var phone = world.AddPhone("Ana");
        await world.LinkAsync(ana, phone);
        twilio.Faults.Add(new Fault(FaultKind.Error, HttpStatus: 400, Code: 63016)); // outside the window after all
        world.Replace(phone.Companions[0]);
        Assert.Equal("FocoBot se detuvo en uno de tus dispositivos", (await post.NextAsync()).Subject);
        await CareSteps.NoticeAsync(ana, "replaced");
    }

    [Fact]
    public async Task What_is_wrong_with_the_phone_itself_is_mailed_rather_than_sent_to_it()
    {
        await using var twilio = await CareSteps.StartTwilioAsync();
        await using var post = new FakeMailServer();
        var (world, ana) = await CareSteps.StartWithMailAsync(post, CareSteps.SettingsOf(twilio));
        await using var _ = world;
        var phone = world.AddPhone("Ana");
        await world.WithBusinessPhoneAsync(TimeSpan.FromHours(1), "+" + phone.Number);
        await world.LinkAsync(ana, phone);
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(Failure: 406));
        Assert.Equal("WhatsApp restringió tu cuenta", (await post.NextAsync()).Subject);
        Assert.Equal(0, twilio.Messages.Received);
    }

    [Fact]
    public async Task Who_takes_a_device_off_himself_is_told_nothing()
    {
        await using var post = new FakeMailServer();
        var (world, ana) = await CareSteps.StartWithMailAsync(post);
        await using var _ = world;
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        var other = await world.LinkAsync(ana, world.AddPhone("Trabajo"));
        (await ana.DeleteAsync(DeviceWorld.PathOf($"device/{device.Id}"), TestContext.Current.CancellationToken)).Dispose();
        await ana.PostAsync("/api/security/lock", new { password = TestServer.Password }).OkJsonAsync();
        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices WHERE error_code = 'ACCOUNT_LOCKED'") == 1);
        Assert.Equal("down", await other.HealthAsync());
        Assert.Empty(await CareSteps.NoticesAsync(ana));
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM device_notices"));
    }

    [Fact]
    public async Task A_device_that_another_program_takes_is_told_each_time_anew()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        world.Replace(phone.Companions[0]);
        await CareSteps.NoticeAsync(ana, "replaced");
        (await device.RefreshAsync()).Dispose();
        await device.UntilStatusAsync("active");
        world.Replace(phone.Companions[0]);
        await CareSteps.NoticeAsync(ana, "replaced", count: 2);
    }

    [Fact]
    public async Task A_device_that_can_not_be_connected_is_told_when_a_slow_try_has_failed_too_and_once()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        await world.StopWhatsAppAsync();
        await world.AdvanceUntilAsync(async () => (await device.StatusAsync()).Text("status") == "disconnected");
        Assert.Empty(await CareSteps.NoticesAsync(ana));
        var status = await device.StatusAsync();
        Assert.Equal(("reconnecting", "down"), (status.Text("connectionState"), status.Text("health")));

        for (var i = 0; i < 3; i++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(19));
            await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).Text("connectionState") == "reconnecting");
            await CareSteps.NoticeAsync(ana, "unreachable");
        }
    }
}
