using System.Net;
using FocoBot.Sandbox.Phones;

namespace FocoBot.Tests.Devices;

public sealed class DeviceMessageTests
{
    [Fact]
    public async Task A_message_goes_out_as_the_user_and_its_receipts_come_back()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        var bob = world.AddPhone("Bob");
        using var reader = await world.StreamAsync(ana, device.Id);

        using var response = await device.SendAsync(new { to = "+" + bob.Number, message = "hola" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var sent = await response.JsonAsync();
        Assert.Equal("+" + bob.Number, sent.GetProperty("resolvedTo").GetString());
        var shown = await ShownAsync(bob, "hola");
        Assert.Equal(sent.GetProperty("messageId").GetString(), shown.Id);
        await device.MessageAsync("hola", message => message.GetProperty("status").GetString() == "delivered");
        bob.MarkRead(shown.Id);

        var read = await device.MessageAsync("hola", message => message.GetProperty("status").GetString() == "read");
        Assert.Equal(("outbound", "+" + bob.Number), (read.GetProperty("direction").GetString(), read.GetProperty("to").GetString()));
        Assert.Equal("sent", (await reader.UntilAsync("receipt")).GetProperty("status").GetString());
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox"));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'message_sent'"));
    }

    [Fact]
    public async Task A_strangers_message_is_kept_only_when_the_owner_lets_it()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        var (bob, eva) = (world.AddPhone("Bob"), world.AddPhone("Eva"));

        await bob.SendTextAsync(phone.Pn, "secreto de un desconocido");
        // One that FocoBot writes to is no stranger any more.
        await device.SendAsync(new { to = "+" + eva.Number, message = "hola Eva" });
        await ShownAsync(eva, "hola Eva");
        await eva.SendTextAsync(phone.Pn, "hola Ana");
        await device.MessageAsync("hola Ana");
        Assert.DoesNotContain(await device.MessagesAsync(), message => message.GetProperty("text").GetString()!.Contains("secreto", StringComparison.Ordinal));
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_messages WHERE chat_id LIKE @lid", new { lid = bob.Lid.User + "%" }));

        using var changed = await ana.PatchAsync(DeviceWorld.PathOf($"device/{device.Id}"), BusinessChannel.JsonContentOf(new { consent = new { chats = "all" } }), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await bob.SendTextAsync(phone.Pn, "ahora sí");
        var kept = await device.MessageAsync("ahora sí");
        Assert.Equal(("inbound", "+" + bob.Number, "Bob"), (kept.GetProperty("direction").GetString(), kept.GetProperty("from").GetString(), kept.GetProperty("pushName").GetString()));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'consent_changed'"));
    }

    [Fact]
    public async Task The_same_key_sends_once_and_another_message_under_it_is_refused()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        var bob = world.AddPhone("Bob");
        var first = await device.SendAsync(new { to = "+" + bob.Number, message = "una vez" }, "k1").OkJsonAsync();
        var again = await device.SendAsync(new { to = "+" + bob.Number, message = "una vez" }, "k1").OkJsonAsync();
        Assert.Equal(first.GetProperty("id").GetGuid(), again.GetProperty("id").GetGuid());
        using var other = await device.SendAsync(new { to = "+" + bob.Number, message = "otra cosa" }, "k1");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_MISMATCH"), (other.StatusCode, (await other.JsonAsync()).GetProperty("code").GetString()));

        await ShownAsync(bob, "una vez");
        await device.SendAsync(new { to = "+" + bob.Number, message = "y otra" });
        await world.AdvanceUntilAsync(ShownAsync(bob, "y otra"));
        Assert.Single(bob.Messages(), message => message.Text == "una vez");
    }

    [Fact]
    public async Task A_message_can_be_taken_back_while_it_waits()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        var bob = world.AddPhone("Bob");
        var sent = await device.SendAsync(new { to = "+" + bob.Number, message = "mejor no", undoSeconds = 30 }).OkJsonAsync();
        var undo = DeviceWorld.PathOf($"device/{device.Id}/send/{sent.GetProperty("id").GetGuid()}");
        using var undone = await ana.DeleteAsync(undo, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, undone.StatusCode);
        using var twice = await ana.DeleteAsync(undo, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Conflict, "TOO_LATE"), (twice.StatusCode, (await twice.JsonAsync()).GetProperty("code").GetString()));

        await device.SendAsync(new { to = "+" + bob.Number, message = "esto sí", undoSeconds = 5 });
        Assert.Empty(bob.Messages());
        await world.AdvanceUntilAsync(ShownAsync(bob, "esto sí"));
        Assert.Single(bob.Messages());
    }

    [Fact]
    public async Task A_message_for_later_leaves_at_its_time()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        var bob = world.AddPhone("Bob");
        var at = world.Clock.GetUtcNow() + TimeSpan.FromMinutes(2);
        await device.SendAsync(new { to = "+" + bob.Number, message = "a su hora", sendAt = at }).OkJsonAsync();
        await world.AdvanceUntilAsync(ShownAsync(bob, "a su hora"));
        Assert.True(world.Clock.GetUtcNow() >= at);
    }

    [Fact]
    public async Task Replies_reactions_places_contacts_and_polls_arrive_as_what_they_are()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "6000"));
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        var bob = world.AddPhone("Bob");
        var to = "+" + bob.Number;
        await device.SendAsync(new { to, message = "hola" }).OkJsonAsync();
        await ShownAsync(bob, "hola");
        await bob.SendTextAsync(phone.Pn, "¿qué tal?");
        var replyTo = (await device.MessageAsync("¿qué tal?")).GetProperty("id").GetGuid();

        await device.SendAsync(new { to, message = "bien", replyTo }).OkJsonAsync();
        await device.SendAsync(new { to, message = "👍", messageType = "reaction", replyTo }).OkJsonAsync();
        await device.SendAsync(new { to, messageType = "location", latitude = 19.43, longitude = -99.13, name = "Zócalo" }).OkJsonAsync();
        await device.SendAsync(new { to, messageType = "contact", contactName = "Eva", contactPhone = "+5215512345678" }).OkJsonAsync();
        await device.SendAsync(new { to, messageType = "poll", message = "¿Cuándo?", options = new[] { "hoy", "mañana" } }).OkJsonAsync();
        await world.AdvanceUntilAsync(DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count >= 7), () => string.Join(' ', bob.Messages().Select(message => message.Kind))));

        Assert.Equal(["text", "text", "text", "reaction", "location", "contact", "poll"], (await device.MessagesAsync()).Select(message => message.GetProperty("type").GetString()).Reverse());
        Assert.Equal("reply", (await device.MessageAsync("bien")).GetProperty("action").GetString());
    }

    [Fact]
    public async Task Who_is_not_on_WhatsApp_gets_no_message()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        using var refused = await device.SendAsync(new { to = "+15557654321", message = "¿hay alguien?" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "INVALID_RECIPIENT"), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Messages_are_found_by_their_words_and_page_by_page()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        using var changed = await ana.PatchAsync(DeviceWorld.PathOf($"device/{device.Id}"), BusinessChannel.JsonContentOf(new { consent = new { chats = "all" } }), TestContext.Current.CancellationToken);
        var bob = world.AddPhone("Bob");
        for (var i = 0; i < 12; i++) await bob.SendTextAsync(phone.Pn, i % 3 == 0 ? $"reunión {i}" : $"otra cosa {i}");
        await device.MessageAsync("otra cosa 11");

        Assert.Equal(["reunión 9", "reunión 6", "reunión 3", "reunión 0"], (await device.MessagesAsync("?search=REUNION")).Select(message => message.GetProperty("text").GetString()));
        var (seen, cursor) = (new List<string?>(), (string?)null);
        do
        {
            var page = await DeviceWorld.GetAsync(ana, $"device/{device.Id}/messages?limit=5" + (cursor is null ? "" : "&cursor=" + cursor));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(message => message.GetProperty("text").GetString()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(12, seen.Distinct().Count());
        Assert.Equal(12, seen.Count);
    }

    [Fact]
    public async Task What_is_said_and_every_key_lies_sealed_in_the_database()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        var bob = world.AddPhone("Bob");
        await device.SendAsync(new { to = "+" + bob.Number, message = "plantado-7731" }).OkJsonAsync();
        await ShownAsync(bob, "plantado-7731");
        await bob.SendTextAsync(phone.Pn, "contestado-7731");
        await device.MessageAsync("contestado-7731");
        var leaks = await world.Server.Database.AsService("test").ReadAsync(async work =>
        {
            var values = await work.QueryAsync<byte[]>("SELECT value FROM whatsapp_device_records UNION ALL SELECT content FROM whatsapp_messages UNION ALL SELECT auth_creds FROM whatsapp_devices UNION ALL SELECT payload FROM events");
            return values.Count(value => value.AsSpan().IndexOf("7731"u8) >= 0);
        });
        Assert.Equal(0, leaks);
        Assert.True(await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_records") > 50);
    }

    private static async Task<PhoneMessage> ShownAsync(VirtualPhone phone, string text)
    {
        var shown = default(PhoneMessage);
        await DeviceWorld.UntilAsync(() => Task.FromResult((shown = phone.Messages().FirstOrDefault(message => message.Text == text)) is not null), () => text);
        return shown!;
    }
}
