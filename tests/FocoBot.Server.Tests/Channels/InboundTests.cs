using System.Net;
using FocoBot.Channels.Web;

namespace FocoBot.Tests.Channels;

/// <summary>Messages on their way in: once each, in order, whatever they carry.</summary>
public class InboundTests
{
    private const string Ana = "+5215512345678";

    [Fact]
    public async Task A_repeated_message_acts_once()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        var sid = channel.NextSid();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var answer = await channel.DeliverAsync(ana.Address, "comprar focos", sid);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }));
        await channel.AnswerAsync(sid);
        (await channel.DeliverAsync(ana.Address, "comprar focos", sid)).Dispose();
        await ana.SayAsync("comprar pan");

        Assert.Equal(["comprar focos", "comprar pan"], await channel.ColumnAsync<string>("SELECT title FROM tasks ORDER BY id"));
        Assert.Equal(3, channel.Twilio.Messages.Received);
    }

    [Fact]
    public async Task Two_hundred_messages_of_twenty_senders_keep_each_senders_order()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var people = new List<LinkedPerson>();
        for (var i = 0; i < 20; i++) people.Add(await channel.LinkedAsync($"+52155{i + 10}345678"));
        await channel.ExecuteAsync("UPDATE accounts SET tier = 'premium'");

        await Task.WhenAll(people.Select(async person =>
        {
            for (var n = 0; n < 10; n++) (await channel.DeliverAsync(person.Address, $"crear tarea cosa {(char)('a' + n)}")).Dispose();
        }));
        await BusinessChannel.UntilAsync(async () =>
        {
            channel.Clock.Advance(TimeSpan.FromSeconds(1)); // a recipient gets ten at once, then one every few seconds
            return await channel.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE state = 'accepted'") == 220;
        });

        var expected = Enumerable.Range(0, 10).Select(n => $"cosa {(char)('a' + n)}").ToList();
        Assert.Equal(200, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks"));
        Assert.All(people, person => Assert.Equal(
            expected.Select(title => $"✅ Anotado: *{title}*"), channel.Twilio.Messages.To(person.Address).AsEnumerable().Reverse().Skip(1).Select(message => message.Body)));
        foreach (var person in people)
            Assert.Equal(expected, await channel.ColumnAsync<string>(
                "SELECT t.title FROM tasks t JOIN whatsapp_user_links l ON l.user_id = t.user_id WHERE l.address = @Address ORDER BY t.id", new { person.Address }));
    }

    [Theory]
    [InlineData("Tareas", "completar 1")]
    [InlineData("", "completar 1")]
    [InlineData(null, "/tareas")]
    public async Task A_tapped_button_says_its_text_or_else_its_payload(string? label, string payload)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAsync("comprar focos");
        await ana.SayAsync("/tareas");

        var more = new List<(string, string)> { ("ButtonPayload", payload) };
        if (label is not null) more.Add(("ButtonText", label));
        var answer = await channel.SayAsync(ana.Address, "", [.. more]);

        Assert.StartsWith(string.IsNullOrEmpty(label) && payload == "completar 1" ? "✅ ¡Hecho! *comprar focos*" : "📋 *Tus pendientes* (1)", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Media_or_a_place_alone_is_answered_kindly_and_with_words_the_words_count()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        (string, string)[] picture = [("NumMedia", "1"), ("MediaUrl0", "https://api.twilio.com/media/1"), ("MediaContentType0", "image/jpeg")];

        Assert.StartsWith("📎 Por ahora solo entiendo texto.", await channel.SayAsync(ana.Address, "", picture), StringComparison.Ordinal);
        Assert.StartsWith("📎 Por ahora solo entiendo texto.", await channel.SayAsync(ana.Address, "", ("Latitude", "19.43"), ("Longitude", "-99.13")), StringComparison.Ordinal);
        Assert.Equal("✅ Anotado: *pagar la factura*", await channel.SayAsync(ana.Address, "pagar la factura", picture));
    }

    [Fact]
    public async Task Without_twilio_the_webhook_says_so_and_the_web_chat_works()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        var health = await ana.GetAsync("/api/integrations/whatsapp/webhook", TestContext.Current.CancellationToken);
        Assert.Equal("not configured", (await health.JsonAsync()).GetProperty("status").GetString());
        using var delivered = await ana.PostAsync("/api/integrations/whatsapp/webhook", new { });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, delivered.StatusCode);
        var answer = await ana.PostAsync("/api/chat", new { text = "comprar focos" }).OkJsonAsync();
        Assert.Equal("✅ Anotado: *comprar focos*", answer.GetProperty("reply").GetString());
    }

    [Fact]
    public async Task A_configured_webhook_says_ok()
    {
        await using var channel = await BusinessChannel.StartAsync();

        using var health = await channel.Http.GetAsync("/api/integrations/whatsapp/webhook", TestContext.Current.CancellationToken);
        Assert.Equal("ok", (await health.JsonAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_repeated_chat_call_acts_once_and_does_not_take_the_answer_from_the_first()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ana.PostAsync("/api/chat", new { text = "comprar focos", messageId = "mine" }).OkJsonAsync()));

        Assert.Contains(answers, answer => answer.GetProperty("reply").GetString() == "✅ Anotado: *comprar focos*");
        Assert.Equal(1, await server.Database.AsService("test").ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM tasks")));
    }

    [Fact]
    public async Task A_repeat_that_ends_its_wait_first_leaves_the_others_waiting()
    {
        var waiters = new ChatWaiters();
        var repeat = waiters.Begin("same");
        using var first = waiters.Begin("same");
        repeat.Dispose();
        waiters.Complete("same", new ChatAnswer("hola", null));
        Assert.Equal("hola", (await first.Answer).Reply);
    }
}
