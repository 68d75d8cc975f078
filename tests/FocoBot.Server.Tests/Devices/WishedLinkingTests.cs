using System.Text.Json;
using FocoBot.Channels;
using FocoBot.PhoneLinks;
using FocoBot.Sandbox.Phones;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Devices;

/// <summary>A phone is verified, and a device is linked to it by the same wish.</summary>
public sealed class WishedLinkingTests
{
    private const string Link = "/api/integrations/whatsapp/link";

    [Fact]
    public async Task Once_the_phone_is_verified_a_device_is_linked_to_it()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var asked = await WishAsync(ana, phone, "pairing_code").OkJsonAsync();
        Assert.Equal(("waiting", 0), ((await LinkingAsync(ana)).Text("status"), await CountAsync(world, "whatsapp_linking_attempts")));

        await VerifyAsync(world, phone, asked.Text("code")!);

        await DeviceWorld.UntilAsync(async () => (await LinkingAsync(ana)).Text("status") == "started");
        var linking = await LinkingAsync(ana);
        var (device, attempt) = (linking.GetProperty("deviceId").GetGuid(), new { attemptId = linking.GetProperty("attemptId").GetGuid() });
        var told = (await ana.OkGetAsync("/api/events?after=0")).GetProperty("items").EnumerateArray().Single(happened => happened.Text("type") == "device.link_started");
        Assert.Equal((device, attempt.attemptId, "pairing_code"), (told.GetProperty("data").GetProperty("deviceId").GetGuid(), told.GetProperty("data").GetProperty("attemptId").GetGuid(), told.GetProperty("data").Text("method")));
        string? code = null;
        await DeviceWorld.UntilAsync(async () =>
        {
            using var response = await ana.GetPathAsync(DeviceWorld.PathOf($"device/{device}/code"));
            return response.IsSuccessStatusCode && (code = (await response.JsonAsync()).Text("pairingCode")) is not null;
        });
        phone.EnterCode(code!);
        await DeviceWorld.StatusAsync(ana, JsonSerializer.SerializeToElement(attempt), "success");
        var listed = (await DeviceWorld.GetAsync(ana, "devices")).GetProperty("devices").EnumerateArray().Single(item => item.GetProperty("id").GetGuid() == device);
        Assert.Equal(("Casa", "active", "all"), (listed.Text("deviceName"), listed.Text("status"), listed.GetProperty("consent").Text("chats")));
    }

    [Fact]
    public async Task Without_the_wish_or_after_it_was_taken_back_a_phone_is_verified_and_no_more()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        await WishAsync(ana, phone).OkJsonAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        var asked = await ana.PostAsync(Link, new { phone = "+" + phone.Number }).OkJsonAsync();
        await VerifyAsync(world, phone, asked.Text("code")!);

        var link = Assert.Single((await ana.OkGetAsync(Link)).GetProperty("items").EnumerateArray());
        Assert.Equal((true, JsonValueKind.Null), (link.GetProperty("verified").GetBoolean(), link.GetProperty("deviceLinking").ValueKind));
        Assert.Equal(0, await CountAsync(world, "whatsapp_linking_attempts"));
    }

    [Theory]
    [InlineData(5, "started")]
    [InlineData(11, "failed")]
    public async Task What_a_crash_has_kept_from_beginning_begins_at_the_next_start_unless_it_is_too_late(int minutes, string expected)
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        await WishAsync(ana, phone).OkJsonAsync();
        await world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync(
            "UPDATE whatsapp_user_links SET verified = true, address = @address; UPDATE device_linking_wishes SET verified_at = @now", new { address = "whatsapp:+" + phone.Number, now = world.Clock.GetUtcNow() }));
        world.Clock.Advance(TimeSpan.FromMinutes(minutes));

        await world.RestartAsync();

        var again = await world.SignInAsync();
        await DeviceWorld.UntilAsync(async () => (await LinkingAsync(again)).Text("status") == expected, () => expected);
        Assert.Equal(expected == "started" ? 1 : 0, await CountAsync(world, "whatsapp_linking_attempts"));
        await world.RestartAsync();
        Assert.Equal(expected == "started" ? 1 : 0, await CountAsync(world, "whatsapp_linking_attempts"));
    }

    [Fact]
    public async Task What_keeps_a_device_from_being_linked_is_said_and_can_be_tried_again()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_MAX_DEVICES_PER_USER", "1"));
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var there = await world.LinkAsync(ana, world.AddPhone("Otra"));
        var asked = await WishAsync(ana, phone).OkJsonAsync();
        var id = Assert.Single((await ana.OkGetAsync(Link)).GetProperty("items").EnumerateArray()).Id();
        await ana.PostAsync($"{Link}/{id}/device", new { method = "qr_code", network = "sandbox" }).RefusedAsync(409, "PHONE_NOT_VERIFIED");

        await VerifyAsync(world, phone, asked.Text("code")!);
        await DeviceWorld.UntilAsync(async () => (await LinkingAsync(ana)).Text("status") == "failed");
        Assert.Equal("DEVICE_LIMIT_REACHED", (await LinkingAsync(ana)).GetProperty("error").Text("code"));

        using var gone = await ana.DeletePathAsync(DeviceWorld.PathOf($"device/{there.Id}"));
        await ana.PostAsync($"{Link}/{id}/device", new { method = "qr_code", network = "sandbox" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(async () => (await LinkingAsync(ana)).Text("status") == "started");
    }

    [Fact]
    public async Task A_wish_that_makes_no_sense_or_is_not_allowed_is_refused()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        await WishAsync(ana, phone, "telepathy").RefusedAsync(422, "INVALID");
        await ana.PostAsync(Link, new { deviceLinking = true, method = "qr_code", network = "sandbox" }).RefusedAsync(422, "INVALID_PHONE");
        await ana.PostAsync(Link, new { phone = "+" + phone.Number, deviceLinking = true, method = "qr_code", network = "elsewhere" }).RefusedAsync(422, "INVALID");
        var key = world.Server.Program(await TestServer.ApiKeyAsync(ana, "links"));
        await WishAsync(key, phone).RefusedAsync(403, "FORBIDDEN");
        Assert.Equal(0, await CountAsync(world, "device_linking_wishes"));
    }

    private static Task<HttpResponseMessage> WishAsync(HttpClient browser, VirtualPhone phone, string method = "qr_code") =>
        browser.PostAsync(Link, new { phone = "+" + phone.Number, deviceLinking = true, method, deviceName = "Casa", network = "sandbox", consent = new { chats = "all" } });

    private static async Task<JsonElement> LinkingAsync(HttpClient browser) => Assert.Single((await browser.OkGetAsync(Link)).GetProperty("items").EnumerateArray()).GetProperty("deviceLinking");

    // The code comes from the phone on WhatsApp.
    private static async Task VerifyAsync(DeviceWorld world, VirtualPhone phone, string code)
    {
        var linking = world.Server.Services.GetRequiredService<PhoneLinking>();
        var outcome = await world.Server.Database.AsService("test").WriteAsync(work => linking.VerifyInboundAsync(work, new ChannelSender(ChannelNames.Twilio, "whatsapp:+" + phone.Number, null, "SM1"), code));
        Assert.Equal(VerifyResult.Linked, outcome.Result);
    }

    private static Task<long> CountAsync(DeviceWorld world, string table) => world.ScalarAsync<long>($"SELECT count(*) FROM {table}");
}
