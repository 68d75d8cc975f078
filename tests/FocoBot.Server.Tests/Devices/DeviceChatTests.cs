using System.Text.Json;
using FocoBot.Sandbox.Phones;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices;

/// <summary>What an owner decides about single chats.</summary>
public sealed class DeviceChatTests
{
    [Fact]
    public async Task Of_a_chat_that_is_not_to_be_kept_no_words_are_put_down_though_FocoBot_has_written_to_it()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "6000"));
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var device = await world.LinkAsync(ana, phone);
        var (bob, eva) = (world.AddPhone("Bob"), world.AddPhone("Eva"));
        await WriteAsync(device, eva, "hola Eva");
        await eva.SendTextAsync(phone.Pn, "primera-4711");
        await device.MessageAsync("primera-4711");
        await ChooseAsync(device, bob.Pn.ToString(), true);

        // Chosen by number; messages come by hidden identity.
        var chosen = await ChooseAsync(device, eva.Pn.ToString(), false);
        Assert.Equal((eva.Lid.ToString(), eva.Pn.ToString(), false), (chosen.Text("chat"), chosen.Text("alternate"), chosen.GetProperty("isKept").GetBoolean()));
        await eva.SendTextAsync(phone.Pn, "segunda-4711");
        await bob.SendTextAsync(phone.Pn, "después de la segunda");
        await device.MessageAsync("después de la segunda");
        await WriteAsync(device, eva, "enviada-4711");
        Assert.DoesNotContain("segunda-4711", await EverythingAsync(device), StringComparison.Ordinal);
        Assert.DoesNotContain("enviada-4711", await EverythingAsync(device), StringComparison.Ordinal);
        Assert.Equal(3, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_messages WHERE chat_id = @lid", new { lid = eva.Lid.ToString() }));

        Assert.True((await ChooseAsync(device, eva.Lid.ToString(), null)).GetProperty("isKept").GetBoolean());
        await eva.SendTextAsync(phone.Pn, "tercera-4711");
        await device.MessageAsync("tercera-4711");
        Assert.Equal(3, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'consent_changed'"));
    }

    [Fact]
    public async Task A_strangers_chat_is_kept_when_its_number_was_chosen_and_listed_as_one()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var device = await world.LinkAsync(ana, phone);
        var (bob, eva) = (world.AddPhone("Bob"), world.AddPhone("Eva"));
        var before = await ChooseAsync(device, bob.Pn.ToString(), true);
        Assert.Equal((bob.Pn.ToString(), true), (before.Text("chat"), before.GetProperty("choice").GetBoolean()));

        await eva.SendTextAsync(phone.Pn, "nadie me conoce");
        await bob.SendTextAsync(phone.Pn, "a mí sí");
        await device.MessageAsync("a mí sí");
        Assert.DoesNotContain("nadie me conoce", await EverythingAsync(device), StringComparison.Ordinal);
        var chat = Assert.Single((await ChatsAsync(device)).EnumerateArray());
        Assert.Equal((bob.Lid.ToString(), bob.Pn.ToString(), "+" + bob.Number, "Bob"), (chat.Text("chat"), chat.Text("alternate"), chat.Text("number"), chat.Text("name")));
        Assert.Equal((true, false), (chat.GetProperty("isKept").GetBoolean(), chat.GetProperty("isOwn").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, chat.GetProperty("writtenAt").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, chat.GetProperty("lastMessageAt").ValueKind);

        // Of a stranger who has written the protocol knows both addresses, and of oneself.
        Assert.Equal(eva.Lid.ToString(), (await ChooseAsync(device, eva.Pn.ToString(), true)).Text("chat"));
        var own = await ChooseAsync(device, phone.Pn.ToString(), false);
        Assert.Equal((phone.Lid.ToString(), true, false), (own.Text("chat"), own.GetProperty("isOwn").GetBoolean(), own.GetProperty("isKept").GetBoolean()));
    }

    [Fact]
    public async Task Chats_are_listed_page_by_page_the_newest_message_first()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "6000"));
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var device = await world.LinkAsync(ana, phone);
        var people = Enumerable.Range(0, 5).Select(i => world.AddPhone($"P{i}")).ToList();
        foreach (var person in people)
        {
            await ChooseAsync(device, person.Pn.ToString(), true);
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            await person.SendTextAsync(phone.Pn, "de " + person.PushName);
            await device.MessageAsync("de " + person.PushName);
        }

        var (seen, cursor) = (new List<string?>(), (string?)null);
        do
        {
            var page = await DeviceWorld.GetAsync(ana, $"device/{device.Id}/chats?limit=2" + (cursor is null ? "" : "&cursor=" + cursor));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(chat => chat.Text("number")));
            cursor = page.Text("nextCursor");
        }
        while (cursor is not null);
        Assert.Equal(people.Select(person => "+" + person.Number).Reverse(), seen);
        await ana.GetPathAsync(DeviceWorld.PathOf($"device/{device.Id}/chats?cursor=AAAA")).RefusedAsync(422, "INVALID");
    }

    [Fact]
    public async Task An_erased_chat_is_gone_from_messages_and_log_with_what_had_not_left()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "6000"));
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var device = await world.LinkAsync(ana, phone);
        var (bob, eva) = (world.AddPhone("Bob"), world.AddPhone("Eva"));
        foreach (var person in new[] { bob, eva })
        {
            await WriteAsync(device, person, "hola " + person.PushName);
            await person.SendTextAsync(phone.Pn, "contesta " + person.PushName);
            await device.MessageAsync("contesta " + person.PushName);
        }

        using var form = await device.SendFormAsync("una factura"u8.ToArray(), fields: [("to", "+" + eva.Number), ("messageType", "document"), ("undoSeconds", "60"), ("message", "adjunto para Eva")]);
        Assert.Equal(202, (int)form.StatusCode);
        Assert.Single(Files(world));
        Assert.Contains("contesta Eva", await EverythingAsync(device), StringComparison.Ordinal);

        using var gone = await ana.DeletePathAsync(DeviceWorld.PathOf($"device/{device.Id}/chats/{Uri.EscapeDataString(eva.Pn.ToString())}/messages"));
        Assert.Equal(204, (int)gone.StatusCode);
        var left = await EverythingAsync(device);
        foreach (var words in new[] { "contesta Eva", "hola Eva", "adjunto para Eva" }) Assert.DoesNotContain(words, left, StringComparison.Ordinal);
        Assert.Contains("contesta Bob", left, StringComparison.Ordinal);
        Assert.Empty(Files(world));
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_messages WHERE chat_id IN (@lid, @pn)", new { lid = eva.Lid.ToString(), pn = eva.Pn.ToString() }));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'messages_erased'"));

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await WriteAsync(device, bob, "y ahora");
        Assert.Equal("hola Eva", Assert.Single(eva.Messages(), message => message.From == phone.Pn).Text);
    }

    [Fact]
    public async Task What_is_no_chat_and_whose_it_is_not_is_refused()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, eva) = (await world.Server.SignUpAsync(), await world.Server.SignUpAsync());
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        foreach (var wrong in new[] { "hola", "@g.us", "status@broadcast", "12x@s.whatsapp.net", "521:3@s.whatsapp.net", "5215512345678@example.com", new string('1', 200) + "@lid" })
        {
            await PutAsync(ana, device.Id, wrong, new { kept = true }).RefusedAsync(422, "INVALID");
            await ana.DeletePathAsync(DeviceWorld.PathOf($"device/{device.Id}/chats/{Uri.EscapeDataString(wrong)}/messages")).RefusedAsync(422, "INVALID");
        }

        await PutAsync(ana, device.Id, "5215512345678@s.whatsapp.net", new { }).RefusedAsync(422, "INVALID");
        await PutAsync(eva, device.Id, "5215512345678@s.whatsapp.net", new { kept = true }).RefusedAsync(404, "NOT_FOUND");
        foreach (var list in new[] { "chats", "groups", "contacts" }) await eva.GetPathAsync(DeviceWorld.PathOf($"device/{device.Id}/{list}")).RefusedAsync(404, "NOT_FOUND");
        await eva.DeletePathAsync(DeviceWorld.PathOf($"device/{device.Id}/chats/5215512345678@s.whatsapp.net/messages")).RefusedAsync(404, "NOT_FOUND");
        var reader = world.Server.Program(await TestServer.ApiKeyAsync(ana, "messages:read"));
        await reader.OkGetAsync(DeviceWorld.PathOf($"device/{device.Id}/chats"));
        await PutAsync(reader, device.Id, "5215512345678@s.whatsapp.net", new { kept = true }).RefusedAsync(403, "FORBIDDEN");
    }

    [Fact]
    public async Task Consent_chosen_while_linking_holds_from_the_first_message()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone, bob) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"), world.AddPhone("Bob"));
        var wish = new { method = "qr_code", network = "sandbox", consent = new { chats = "all", assistant = true } };
        var begun = await ana.PostAsync(DeviceWorld.PathOf("device/link"), wish).OkJsonAsync();
        phone.Scan(begun.Text("qrCodeData")!);
        await DeviceWorld.StatusAsync(ana, begun, "success");
        var device = new Device(world, ana, begun.GetProperty("deviceId").GetGuid());

        await bob.SendTextAsync(phone.Pn, "de un desconocido");
        await device.MessageAsync("de un desconocido");
        var consent = Assert.Single((await DeviceWorld.GetAsync(ana, "devices")).GetProperty("devices").EnumerateArray()).GetProperty("consent");
        Assert.Equal(("all", true), (consent.Text("chats"), consent.GetProperty("assistant").GetBoolean()));
        var audited = await world.ScalarAsync<string>("SELECT CAST(metadata AS text) FROM whatsapp_audit_log WHERE action = 'link_start'");
        Assert.Equal(("all", true), (JsonDocument.Parse(audited).RootElement.Text("chats"), JsonDocument.Parse(audited).RootElement.GetProperty("assistant").GetBoolean()));
        await ana.PostAsync(DeviceWorld.PathOf("device/link"), new { method = "qr_code", network = "sandbox", consent = new { chats = "some" } }).RefusedAsync(422, "INVALID");
    }

    private static async Task WriteAsync(Device device, VirtualPhone to, string text)
    {
        await device.SendAsync(new { to = "+" + to.Number, message = text }).OkJsonAsync();
        await device.World.AdvanceUntilAsync(DeviceWorld.UntilAsync(() => Task.FromResult(to.Messages().Any(message => message.Text == text)), () => text));
        // Where it went is put down once the server has taken it.
        await DeviceWorld.UntilAsync(async () => await device.World.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox WHERE attempts > 0") == 0);
    }

    private static async Task<JsonElement> ChooseAsync(Device device, string chat, bool? kept) => await PutAsync(device.Browser, device.Id, chat, new { kept }).OkJsonAsync();

    private static Task<HttpResponseMessage> PutAsync(HttpClient browser, Guid device, string chat, object choice) =>
        browser.PutAsync(DeviceWorld.PathOf($"device/{device}/chats/{Uri.EscapeDataString(chat)}"), BusinessChannel.JsonContentOf(choice), TestContext.Current.CancellationToken);

    private static async Task<JsonElement> ChatsAsync(Device device) => (await DeviceWorld.GetAsync(device.Browser, $"device/{device.Id}/chats")).GetProperty("items");

    // All that anybody can read of a device: its messages, and the account's log.
    private static async Task<string> EverythingAsync(Device device) => JsonSerializer.Serialize(
        new { messages = await device.MessagesAsync(), events = await device.Browser.OkGetAsync("/api/events?after=0") }, Readable);

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string[] Files(DeviceWorld world) => Directory.GetFiles(Path.Combine(world.Server.Data.Directory, "media"));
}
