using System.Net;
using System.Text.Json;
using FocoBot.Messages;
using FocoBot.Sandbox.Phones;

namespace FocoBot.Tests.Devices;

/// <summary>Few chats are begun with strangers, and none while WhatsApp does not want it; answers always go.</summary>
public sealed class NewChatTests
{
    [Fact]
    public void A_new_device_begins_few_chats_and_more_with_each_day()
    {
        var linked = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        int[] limits = [.. Enumerable.Range(0, 9).Select(day => NewChatLimits.Of(linked, linked + TimeSpan.FromDays(day) + TimeSpan.FromHours(1)))];
        Assert.Equal([3, 5, 8, 10, 12, 15, 18, 20, 20], limits);
        Assert.Equal(3, NewChatLimits.Of(null, linked));
        Assert.Equal(3, NewChatLimits.Of(linked, linked - TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task Two_that_want_the_last_place_of_the_day_don_t_both_get_it()
    {
        await using var world = await DeviceWorld.StartAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), phone);
        var strangers = Enumerable.Range(0, 6).Select(number => world.AddPhone($"Persona {number}")).ToList();
        await SendAsync(device, strangers[0], "hola");
        await SendAsync(device, strangers[1], "hola");
        var answers = await Task.WhenAll(strangers[2..].Select(stranger => device.SendAsync(new { to = "+" + stranger.Number, message = "hola" })));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal((1, 3), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted), refused.Count));
        Assert.Equal("REACHOUT_LIMITED", (await refused[0].JsonAsync()).GetProperty("code").GetString());
        Assert.InRange(refused[0].Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Assert.Equal((3, 3), await UsedAsync(device));

        // Whom it has written to, and who has written to it, also if nothing of that is kept.
        await SendAsync(device, strangers[0], "otra vez");
        var eva = world.AddPhone("Eva");
        await HeardAsync(world, eva, phone);
        await SendAsync(device, eva, "gracias por escribir");
        await world.AdvanceUntilAsync(SendingCareTests.ShownAsync(eva, "gracias por escribir"));
        Assert.Equal((3, 3), await UsedAsync(device));

        await world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("UPDATE whatsapp_new_chats SET opened_at = @past", new { past = world.Clock.GetUtcNow() - TimeSpan.FromDays(1) }));
        await SendAsync(device, world.AddPhone("Otro"), "hola otro día");
        Assert.Equal((1, 3), await UsedAsync(device));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_device_that_is_not_at_work_knows_who_has_written()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        var eva = world.AddPhone("Eva");
        await HeardAsync(world, eva, phone);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.LinkAsync(ana, world.AddPhone("Ana en la oficina"));

        // There is a place for one, and the other was used last.
        await world.RestartAsync(("WHATSAPP_MAX_CONNECTIONS_PER_SERVER", "1"));
        using var again = await world.SignInAsync();
        device = device with { Browser = again };
        for (var i = 0; i < 3; i++) await SendAsync(device, world.AddPhone($"Persona {i}"), "hola");
        await RefusedAsync(device, world.AddPhone("Otro"));
        await SendAsync(device, eva, "te contesto");
        Assert.Equal("disconnected", (await device.StatusAsync()).GetProperty("connectionState").GetString());
    }

    [Fact]
    public async Task After_WhatsApp_has_refused_a_first_message_no_others_leave_and_answers_do()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        var (bob, carl, dora, eva) = (world.AddPhone("Bob"), world.AddPhone("Carl"), world.AddPhone("Dora"), world.AddPhone("Eva"));
        await HeardAsync(world, eva, phone);
        await device.SendAsync(new { to = "+" + carl.Number, message = "hola Carl", undoSeconds = 60 }).OkJsonAsync();
        using var reader = await world.StreamAsync(ana, device.Id);

        phone.RefuseMessages(463);
        await SendAsync(device, bob, "hola Bob");
        var failed = await FailedAsync(world, device, "hola Bob");
        Assert.Equal("REACHOUT_LIMITED", failed.GetProperty("refusalCode").GetString());
        Assert.Contains("write first", failed.GetProperty("refusalReason").GetString(), StringComparison.Ordinal);
        var told = await reader.UntilAsync("receipt");
        Assert.Equal(("failed", "REACHOUT_LIMITED", failed.GetProperty("refusalReason").GetString()), (told.GetProperty("status").GetString(), told.GetProperty("refusalCode").GetString(), told.GetProperty("refusalReason").GetString()));
        Assert.InRange((await HeldAsync(device))!.Value - world.Clock.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        await RefusedAsync(device, dora);
        await RefusedAsync(device, bob);
        await SendAsync(device, eva, "hola Eva");
        await world.AdvanceUntilAsync(SendingCareTests.ShownAsync(eva, "hola Eva"));

        await world.RestartAsync();
        using var again = await world.SignInAsync();
        device = device with { Browser = again };
        await RefusedAsync(device, dora);
        await world.AdvanceUntilAsync(device.UntilConnectedAsync());
        await SendAsync(device, eva, "sigo aquí");
        await world.AdvanceUntilAsync(SendingCareTests.ShownAsync(eva, "sigo aquí"));
        Assert.Equal("REACHOUT_LIMITED", (await FailedAsync(world, device, "hola Carl")).GetProperty("refusalCode").GetString());
        Assert.Empty(carl.Messages());

        // Who writes by himself is no stranger any more.
        await HeardAsync(world, bob, phone);
        await SendAsync(device, bob, "qué bien");
        await world.AdvanceUntilAsync(SendingCareTests.ShownAsync(bob, "qué bien"));
    }

    [Fact]
    public async Task WhatsApp_says_until_when_no_chats_may_be_begun()
    {
        await using var world = await DeviceWorld.StartAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), phone);
        var bob = world.AddPhone("Bob");
        var until = world.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        phone.RestrictNewChats(until);
        await DeviceWorld.UntilAsync(async () => await HeldAsync(device) == until);
        await RefusedAsync(device, bob);
        phone.RefuseMessages(475);
        var eva = world.AddPhone("Eva");
        await HeardAsync(world, eva, phone);
        await SendAsync(device, eva, "hola Eva");
        Assert.Equal("NEW_CHAT_LIMIT", (await FailedAsync(world, device, "hola Eva")).GetProperty("refusalCode").GetString());
        Assert.Equal(until, await HeldAsync(device));

        phone.RestrictNewChats(null);
        await DeviceWorld.UntilAsync(async () => await HeldAsync(device) is null);
        await SendAsync(device, bob, "hola Bob");
        await world.AdvanceUntilAsync(SendingCareTests.ShownAsync(bob, "hola Bob"));
    }

    private static Task SendAsync(Device device, VirtualPhone to, string message) => device.SendAsync(new { to = "+" + to.Number, message }).OkJsonAsync();

    // What is said is not kept; that the device has it is seen by its acknowledgement.
    private static async Task HeardAsync(DeviceWorld world, VirtualPhone from, VirtualPhone to)
    {
        await from.SendTextAsync(to.Pn, "hola, te escribo yo");
        await DeviceWorld.UntilAsync(() => Task.FromResult(world.Network.Statistics().Waiting == 0), () => $"{world.Network.Statistics()}");
    }

    private static async Task RefusedAsync(Device device, VirtualPhone to)
    {
        using var refused = await device.SendAsync(new { to = "+" + to.Number, message = "hola" });
        Assert.Equal((HttpStatusCode.TooManyRequests, "REACHOUT_LIMITED"), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("code").GetString()));
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.FromHours(1));
    }

    private static async Task<JsonElement> FailedAsync(DeviceWorld world, Device device, string text)
    {
        var failed = device.MessageAsync(text, message => message.GetProperty("status").GetString() == "failed");
        await world.AdvanceUntilAsync(failed);
        return await failed;
    }

    private static async Task<(int Used, int Limit)> UsedAsync(Device device)
    {
        var standing = (await device.StatusAsync()).GetProperty("newChats");
        return (standing.GetProperty("usedToday").GetInt32(), standing.GetProperty("limit").GetInt32());
    }

    private static async Task<DateTimeOffset?> HeldAsync(Device device) => (await device.StatusAsync()).GetProperty("newChats").GetProperty("heldUntil") is { ValueKind: JsonValueKind.String } held ? held.GetDateTimeOffset() : null;
}
