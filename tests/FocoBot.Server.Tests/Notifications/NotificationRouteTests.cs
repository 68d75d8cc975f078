using System.Net;
using System.Text.Json;
using FocoBot.Devices.Routing;
using FocoBot.Notifications;
using FocoBot.Tests.Devices;
using FocoBot.Tests.Devices.Care;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Notifications;

/// <summary>Messages to an account take the way that its owner has chosen, another one when that fails, and say why.</summary>
public sealed class NotificationRouteTests
{
    private const string Path = "/api/notifications/";
    private const string Text = "Prueba de FocoBot: por aquí te llegan los avisos.";

    [Fact]
    public async Task By_default_it_goes_out_on_the_business_channel()
    {
        await using var twilio = await CareSteps.StartTwilioAsync();
        await using var world = await DeviceWorld.StartAsync(CareSteps.SettingsOf(twilio));
        var ana = await world.Server.SignUpAsync();
        await world.WithBusinessPhoneAsync(TimeSpan.FromHours(1));
        await world.LinkAsync(ana, world.AddPhone("Ana"));

        var sent = await SentAsync(world, ana, "notifications");

        Assert.Equal(("twilio", "Everything goes out on the business channel."), (sent.Text("channel"), sent.Text("reason")));
        Assert.Equal((1, Text), (twilio.Messages.Received, twilio.Messages.After(0, 1)[0].Body));
    }

    [Fact]
    public async Task In_device_mode_it_appears_in_the_chat_with_oneself()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await device.UntilConnectedAsync();
        await ModeAsync(ana, "device-linking");

        var sent = await SentAsync(world, ana, "notifications");

        Assert.Equal(("device", device.Id, "Everything goes out from devices."), (sent.Text("channel"), sent.GetProperty("deviceId").GetGuid(), sent.Text("reason")));
        Assert.Equal(Text, Assert.Single(phone.Messages(), message => message.Chat.User == phone.Number || message.Chat.User == phone.Lid.User).Text);
    }

    [Fact]
    public async Task A_device_that_is_away_is_passed_over_and_the_reason_says_so()
    {
        await using var twilio = await CareSteps.StartTwilioAsync();
        await using var world = await DeviceWorld.StartAsync(CareSteps.SettingsOf(twilio));
        var ana = await world.Server.SignUpAsync();
        await world.WithBusinessPhoneAsync(TimeSpan.FromHours(1));
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await ModeAsync(ana, "device-linking");
        world.Replace(phone.Companions[0]);
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).Text("connectionState") == "replaced");

        var sent = await SentAsync(world, ana, "notifications");

        Assert.Equal("twilio", sent.Text("channel"));
        Assert.EndsWith("No device that is used for notifications is connected.", sent.Text("reason"), StringComparison.Ordinal);
        // Beside the notice that the device was replaced.
        Assert.Single(twilio.Messages.After(0, 10), message => message.Body == Text);
    }

    [Fact]
    public async Task What_a_device_does_not_send_in_time_is_taken_back_and_goes_elsewhere_once()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "1"));
        var ana = await world.Server.SignUpAsync();
        var (phone, bob) = (world.AddPhone("Ana"), world.AddPhone("Bob"));
        var device = await world.LinkAsync(ana, phone);
        await device.UntilConnectedAsync();
        await ModeAsync(ana, "device-linking");
        // Its turn comes in five minutes.
        for (var i = 0; i < 5; i++) (await device.SendAsync(new { to = "+" + bob.Number, message = $"Uno tras otro {i}" })).EnsureSuccessStatusCode().Dispose();
        var id = (await TestAsync(ana, "notifications").OkJsonAsync()).GetProperty("id").GetGuid();
        await UntilAsync(ana, id, "sending");

        var sent = await EndAsync(world, ana, id);

        Assert.Equal("web", sent.Text("channel"));
        Assert.StartsWith("The device did not send it in time.", sent.Text("reason"), StringComparison.Ordinal);
        Assert.Equal(Text, await ToldAsync(ana, id));
        Assert.Contains(await device.MessagesAsync(), message => message.Text("refusalCode") == "UNDONE");
        Assert.DoesNotContain(phone.Messages(), message => message.Text == Text);
    }

    [Fact]
    public async Task However_many_wait_for_a_device_they_hold_up_nobody_else()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "1"));
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        await device.UntilConnectedAsync();
        await ModeAsync(ana, "device-linking");
        var (book, account) = (world.Server.Services.GetRequiredService<NotificationBook>(), await world.ScalarAsync<Guid>("SELECT id FROM accounts"));
        await world.Server.Database.AsService("test").WriteAsync(async work =>
        {
            for (var i = 0; i < NotificationLimits.Batch + 20; i++) await book.AddAsync(work, account, "test", MessageKind.Notification, $"Aviso {i}");
        });
        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM focobot_scheduled_notifications WHERE status = 'pending'") == 0);

        var eva = await world.Server.SignUpAsync();
        await UntilAsync(eva, (await TestAsync(eva, "notifications").OkJsonAsync()).GetProperty("id").GetGuid(), "sent");

        Assert.InRange(await world.ScalarAsync<long>("SELECT count(*) FROM focobot_scheduled_notifications WHERE status = 'sending'"), NotificationLimits.Batch, NotificationLimits.Batch + 20);
    }

    [Fact]
    public async Task What_Twilio_refuses_goes_to_the_web()
    {
        await using var twilio = await CareSteps.StartTwilioAsync();
        await using var world = await DeviceWorld.StartAsync(CareSteps.SettingsOf(twilio));
        var ana = await world.Server.SignUpAsync();
        // Outside the window, and there is no template.
        await world.WithBusinessPhoneAsync(TimeSpan.FromHours(30));

        var sent = await SentAsync(world, ana, "broadcasts");

        Assert.Equal("web", sent.Text("channel"));
        Assert.StartsWith("The business channel could not send it (OUTSIDE_WINDOW).", sent.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("Prueba de FocoBot: por aquí te llegan los anuncios.", await ToldAsync(ana, sent.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task Nobody_else_sees_one_a_kind_must_be_one_and_tests_are_few()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var sent = await SentAsync(world, ana, "direct-messages");
        Assert.Equal("web", sent.Text("channel"));
        using var unknown = await TestAsync(ana, "news");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        using var hidden = await (await world.Server.SignUpAsync()).GetAsync(Path + sent.GetProperty("id").GetGuid(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);

        for (var i = 1; i < 5; i++) (await TestAsync(ana, "proposals")).EnsureSuccessStatusCode().Dispose();
        using var tooMany = await TestAsync(ana, "proposals");
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
    }

    private static Task<HttpResponseMessage> TestAsync(HttpClient browser, string kind) => browser.PostAsync(Path + "test", new { kind });

    private static async Task<JsonElement> SentAsync(DeviceWorld world, HttpClient browser, string kind) =>
        await EndAsync(world, browser, (await TestAsync(browser, kind).OkJsonAsync()).GetProperty("id").GetGuid());

    private static async Task<JsonElement> EndAsync(DeviceWorld world, HttpClient browser, Guid id)
    {
        await world.AdvanceUntilAsync(UntilAsync(browser, id, "sent"));
        return await browser.OkGetAsync(Path + id);
    }

    private static Task UntilAsync(HttpClient browser, Guid id, string status)
    {
        var last = default(JsonElement);
        return DeviceWorld.UntilAsync(async () => (last = await browser.OkGetAsync(Path + id)).Text("status") == status, () => $"{last}");
    }

    private static async Task<string?> ToldAsync(HttpClient browser, Guid id) =>
        (await browser.OkGetAsync("/api/events?limit=500")).GetProperty("items").EnumerateArray().Single(happened => happened.Text("type") == "notification" && happened.GetProperty("data").GetProperty("id").GetGuid() == id)
            .GetProperty("data").Text("text");

    private static async Task ModeAsync(HttpClient browser, string mode)
    {
        var answer = await browser.PutAsync("/api/settings/whatsapp", BusinessChannel.JsonContentOf(new { mode, twilioFor = new[] { "notifications", "broadcasts" }, deviceFor = Array.Empty<string>() }), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode().Dispose();
    }
}
