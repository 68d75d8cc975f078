namespace FocoBot.Tests.Assistant;

/// <summary>A message whose handling fails is tried again, then set aside; nobody else notices.</summary>
public class FailureTests
{
    private const string Ana = "+5215512345678";

    [Fact]
    public async Task A_message_that_cannot_be_read_is_set_aside_and_those_behind_it_are_handled()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        var bob = await channel.LinkedAsync("+14155550123", "en");
        var broken = await BreakAsync(channel, ana, "comprar focos");
        var next = channel.NextSid();
        (await channel.DeliverAsync(ana.Address, "comprar pan", next)).Dispose();

        Assert.StartsWith("✅ Got it", await bob.SayAsync("buy bulbs"), StringComparison.Ordinal);

        await BusinessChannel.UntilAsync(async () =>
        {
            channel.Clock.Advance(TimeSpan.FromSeconds(5));
            return await channel.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE state = 'pending'") == 0;
        });
        Assert.StartsWith("😓 Algo falló de mi lado", await channel.AnswerAsync(broken), StringComparison.Ordinal);
        Assert.StartsWith("✅ Anotado: *comprar pan*", await channel.AnswerAsync(next), StringComparison.Ordinal);
        Assert.Equal("failed INTERNAL 5", await channel.ScalarAsync<string>("SELECT state || ' ' || error_code || ' ' || attempts FROM inbox WHERE provider_id = @broken", new { broken }));
        Assert.Equal(["INTERNAL"], await channel.ColumnAsync<string>("SELECT error_code FROM whatsapp_security_audit_log WHERE message_sid = @broken AND action_type = 'command_failed'", new { broken }));
    }

    // A row whose sealed body somebody damaged, seen by the workers only when it is complete.
    private static async Task<string> BreakAsync(BusinessChannel channel, LinkedPerson person, string text)
    {
        var sid = channel.NextSid();
        await channel.ExecuteAsync(
            "INSERT INTO inbox (id, channel, provider_id, address, body, received_at) VALUES (@id, 'twilio', @sid, @Address, @body, @now)",
            new { id = FocoBot.Storage.Ids.New(channel.Clock), sid, person.Address, body = System.Text.Encoding.UTF8.GetBytes(text), now = channel.Clock.GetUtcNow() });
        return sid;
    }
}
