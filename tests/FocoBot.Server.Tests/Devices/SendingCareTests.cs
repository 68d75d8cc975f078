using System.Net;
using System.Text.Json;
using FocoBot.Devices.Sending;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;

namespace FocoBot.Tests.Devices;

/// <summary>Messages leave as a person's do, to whom they are meant for; those that can't say why.</summary>
public sealed class SendingCareTests
{
    private static readonly (string, string) AsAPerson = ("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "30");

    [Fact]
    public async Task Somebody_is_seen_writing_before_the_text_comes()
    {
        await using var world = await DeviceWorld.StartAsync(AsAPerson);
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), phone);
        var bob = world.AddPhone("Bob");
        await device.SendAsync(new { to = "+" + bob.Number, message = "te lo escribo con calma" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Typings.Count == 1));
        Assert.Equal(Typing.Composing, bob.Typings[0].Typing);
        Assert.Empty(bob.Messages());
        await world.AdvanceUntilAsync(ShownAsync(bob, "te lo escribo con calma"));

        // Neither what nobody types nor what is for oneself.
        await device.SendAsync(new { to = "+" + bob.Number, messageType = "location", latitude = 1, longitude = 1 }).OkJsonAsync();
        await device.SendAsync(new { to = "+" + phone.Number, message = "nota" }).OkJsonAsync();
        await world.AdvanceUntilAsync(ShownAsync(phone, "nota"));
        Assert.Single(bob.Typings);
        Assert.Empty(phone.Typings);
    }

    [Fact]
    public async Task What_is_taken_back_while_it_is_being_written_is_not_sent()
    {
        await using var world = await DeviceWorld.StartAsync(AsAPerson);
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        var bob = world.AddPhone("Bob");
        using var reader = await world.StreamAsync(ana, device.Id);
        var sent = await device.SendAsync(new { to = "+" + bob.Number, message = "mejor no te lo digo" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Typings.Count == 1));
        Assert.Equal(HttpStatusCode.NoContent, await UndoAsync(device, sent));

        await world.AdvanceUntilAsync(DeviceWorld.UntilAsync(() => Task.FromResult(bob.Typings.Count == 2)));
        Assert.Equal(Typing.Paused, bob.Typings[1].Typing);
        Assert.Empty(bob.Messages());
        var told = await reader.UntilAsync("receipt");
        Assert.Equal(("failed", "UNDONE"), (told.GetProperty("status").GetString(), told.GetProperty("refusalCode").GetString()));
    }

    [Fact]
    public async Task A_number_that_is_written_in_two_ways_is_one_chat_and_asked_for_once()
    {
        await using var world = await DeviceWorld.StartAsync();
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var luz = world.Network.AddPhone("5215512345678", "Luz");
        var sent = await device.SendAsync(new { to = "+525512345678", message = "hola Luz" }, "k").OkJsonAsync();
        Assert.Equal("+5215512345678", sent.GetProperty("resolvedTo").GetString());
        await ShownAsync(luz, "hola Luz");
        Assert.Equal("+5215512345678", (await device.MessageAsync("hola Luz")).GetProperty("to").GetString());

        var asked = await world.ScalarAsync<DateTimeOffset>("SELECT max(asked_at) FROM whatsapp_device_numbers");
        world.Clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var to in new[] { "+525512345678", "+5215512345678" })
        {
            var again = await device.SendAsync(new { to, message = "otra vez a " + to }).OkJsonAsync();
            Assert.Equal("+5215512345678", again.GetProperty("resolvedTo").GetString());
            await world.AdvanceUntilAsync(ShownAsync(luz, "otra vez a " + to));
        }

        var repeated = await device.SendAsync(new { to = "+525512345678", message = "hola Luz" }, "k").OkJsonAsync();
        Assert.Equal("+5215512345678", repeated.GetProperty("resolvedTo").GetString());
        Assert.Equal((1, asked), (await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_numbers"), await world.ScalarAsync<DateTimeOffset>("SELECT max(asked_at) FROM whatsapp_device_numbers")));
        Assert.Equal(1, (await device.StatusAsync()).GetProperty("newChats").GetProperty("usedToday").GetInt32());
    }

    [Fact]
    public async Task A_number_that_is_not_there_is_not_asked_for_again_at_once()
    {
        await using var world = await DeviceWorld.StartAsync();
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        using var refused = await device.SendAsync(new { to = "+15557654321", message = "hola" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var late = world.Network.AddPhone("15557654321", "Tarde");
        using var still = await device.SendAsync(new { to = "+15557654321", message = "hola" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, still.StatusCode);
        await world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("UPDATE whatsapp_device_numbers SET asked_at = @past", new { past = world.Clock.GetUtcNow() - TimeSpan.FromMinutes(10) }));
        await device.SendAsync(new { to = "+15557654321", message = "hola" }).OkJsonAsync();
        await ShownAsync(late, "hola");
    }

    [Fact]
    public async Task A_device_does_not_ask_for_one_number_after_the_other()
    {
        await using var world = await DeviceWorld.StartAsync();
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        await world.Server.Database.AsService("test").WriteAsync(async work =>
        {
            for (var i = 0; i < SendingLimits.NumbersAnHour; i++)
                await work.ExecuteAsync("INSERT INTO whatsapp_device_numbers (device_id, chat_id, asked_at) VALUES (@Id, @chat, @now)", new { device.Id, chat = $"1555999{i:D4}@s.whatsapp.net", now = world.Clock.GetUtcNow() });
        });
        var sent = await device.SendAsync(new { to = "+15557654321", message = "¿hay alguien?" }).OkJsonAsync();
        Assert.Equal(JsonValueKind.Null, sent.GetProperty("resolvedTo").ValueKind);
        var failed = device.MessageAsync("¿hay alguien?", message => message.GetProperty("status").GetString() == "failed");
        await world.AdvanceUntilAsync(failed);
        Assert.Equal("INVALID_RECIPIENT", (await failed).GetProperty("refusalCode").GetString());
    }

    [Fact]
    public async Task What_was_accepted_without_a_connection_finds_its_recipient_when_it_leaves()
    {
        await using var world = await DeviceWorld.StartAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), phone);
        var (rio, bob) = (world.Network.AddPhone("552187654321", "Rio"), world.AddPhone("Bob"));
        phone.Block(bob.Pn, true);
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(StreamError: 503));
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).GetProperty("connectionState").GetString() == "reconnecting");
        foreach (var (to, message) in new[] { ("+5521987654321", "olá"), ("+15557654321", "¿hay alguien?"), ("+" + bob.Number, "hola Bob") })
            Assert.Equal(JsonValueKind.Null, (await device.SendAsync(new { to, message }).OkJsonAsync()).GetProperty("resolvedTo").ValueKind);

        await world.AdvanceUntilAsync(ShownAsync(rio, "olá"));
        Assert.Equal("+552187654321", (await device.MessageAsync("olá")).GetProperty("to").GetString());
        foreach (var (text, code) in new[] { ("¿hay alguien?", "INVALID_RECIPIENT"), ("hola Bob", "BLOCKED") })
        {
            var waiting = device.MessageAsync(text, message => message.GetProperty("status").GetString() == "failed");
            await world.AdvanceUntilAsync(waiting);
            Assert.Equal(code, (await waiting).GetProperty("refusalCode").GetString());
            Assert.NotEmpty((await waiting).GetProperty("refusalReason").GetString()!);
        }

        Assert.Empty(bob.Messages());
    }

    [Fact]
    public async Task Nothing_is_sent_to_somebody_whom_the_owner_has_blocked()
    {
        await using var world = await DeviceWorld.StartAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), phone);
        var bob = world.AddPhone("Bob");
        phone.Block(bob.Pn, true);
        using var refused = await device.SendAsync(new { to = "+" + bob.Number, message = "hola" });
        Assert.Equal((HttpStatusCode.Conflict, "BLOCKED"), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("code").GetString()));
        phone.Block(bob.Pn, false);
        await device.SendAsync(new { to = "+" + bob.Number, message = "hola" }).OkJsonAsync();
        await ShownAsync(bob, "hola");
    }

    [Fact]
    public async Task A_message_that_does_not_get_through_holds_up_its_own_chat_and_no_other()
    {
        await using var world = await DeviceWorld.StartAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), phone);
        var (bob, eva) = (world.AddPhone("Bob"), world.AddPhone("Eva"));
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(LoseAcks: 1));
        var first = await device.SendAsync(new { to = "+" + bob.Number, message = "uno" }).OkJsonAsync();
        await ShownAsync(bob, "uno");
        world.Network.PlanFaults(phone.Companions[0], null);
        await device.SendAsync(new { to = "+" + bob.Number, message = "dos" }).OkJsonAsync();
        await device.SendAsync(new { to = "+" + eva.Number, message = "hola Eva" }).OkJsonAsync();

        await world.AdvanceUntilAsync(ShownAsync(eva, "hola Eva"));
        Assert.Equal(["uno"], bob.Messages().Select(message => message.Text));
        // The library has it: WhatsApp may have it too.
        Assert.Equal(HttpStatusCode.Conflict, await UndoAsync(device, first));
        world.Network.PlanFaults(phone.Companions[0], new FaultPlan(StreamError: 503));
        world.Network.PlanFaults(phone.Companions[0], null);
        await world.AdvanceUntilAsync(ShownAsync(bob, "dos"));
        Assert.Equal(["uno", "dos"], bob.Messages().Select(message => message.Text));
    }

    [Fact]
    public async Task A_message_whose_tries_never_reached_WhatsApp_can_still_be_taken_back()
    {
        await using var world = await DeviceWorld.StartAsync();
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var bob = world.AddPhone("Bob");
        var sent = await device.SendFormAsync([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5, 6, 7, 8], fields: [("to", "+" + bob.Number), ("messageType", "image"), ("undoSeconds", "1")]).OkJsonAsync();
        // Its file can't be read.
        foreach (var file in Directory.EnumerateFiles(world.Server.Data.Directory, "*.sealed", SearchOption.AllDirectories)) File.Delete(file);
        await world.AdvanceUntilAsync(DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox WHERE attempts > 0 AND is_handed = false") == 1));
        Assert.Equal(HttpStatusCode.NoContent, await UndoAsync(device, sent));
        Assert.Equal("UNDONE", (await device.MessagesAsync())[0].GetProperty("refusalCode").GetString());
    }

    private static async Task<HttpStatusCode> UndoAsync(Device device, JsonElement sent)
    {
        using var undone = await device.Browser.DeleteAsync(DeviceWorld.PathOf($"device/{device.Id}/send/{sent.GetProperty("id").GetGuid()}"), TestContext.Current.CancellationToken);
        return undone.StatusCode;
    }

    internal static async Task<PhoneMessage> ShownAsync(VirtualPhone phone, string text)
    {
        var shown = default(PhoneMessage);
        await DeviceWorld.UntilAsync(() => Task.FromResult((shown = phone.Messages().FirstOrDefault(message => message.Text == text)) is not null), () => text);
        return shown!;
    }
}
