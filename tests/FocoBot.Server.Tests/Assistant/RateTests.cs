using FocoBot.Storage;

namespace FocoBot.Tests.Assistant;

/// <summary>How often somebody may write, and what comes of writing more.</summary>
public class RateTests
{
    private const string Stranger = "whatsapp:+5215512345678";
    private const string Phone = "+525512345678";
    private const string ErrorCodes = "SELECT error_code FROM inbox WHERE address = @address AND body IS NOT NULL ORDER BY id";

    [Theory]
    [InlineData(3, 30, "per_minute")]
    [InlineData(10, 30 * 60, "per_hour")]
    [InlineData(20, 12 * 60 * 60, "per_day")]
    public async Task A_stranger_may_write_three_times_a_minute_ten_an_hour_and_twenty_a_day(int limit, int secondsAgo, string type)
    {
        await using var channel = await BusinessChannel.StartAsync();
        await WroteAsync(channel, Stranger, limit - 1, TimeSpan.FromSeconds(secondsAgo));

        await channel.SayAsync(Stranger, "hola");
        await channel.SayAsync(Stranger, "hola");

        Assert.Equal(["NOT_LINKED", "RATE_LIMITED"], await ErrorsAsync(channel));
        Assert.Equal([type], await channel.ColumnAsync<string>("SELECT violation_type FROM whatsapp_rate_limit_violations WHERE phone = @Phone", new { Phone }));
    }

    [Theory]
    [InlineData("standard", 10, 30)]
    [InlineData("standard", 100, 30 * 60)]
    [InlineData("standard", 500, 12 * 60 * 60)]
    [InlineData("premium", 30, 30)]
    [InlineData("premium", 300, 30 * 60)]
    [InlineData("premium", 1500, 12 * 60 * 60)]
    public async Task A_linked_person_may_write_as_often_as_the_tier_allows(string tier, int limit, int secondsAgo)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync("+5215512345678");
        await channel.ExecuteAsync("UPDATE accounts SET tier = @tier", new { tier });
        channel.Clock.Leap(TimeSpan.FromDays(2));
        await WroteAsync(channel, ana.Address, limit - 1, TimeSpan.FromSeconds(secondsAgo));

        Assert.StartsWith("✅ Anotado", await ana.SayAsync("comprar focos"), StringComparison.Ordinal);
        Assert.Equal("⏳ Vas muy rápido. Espera un momento y vuelve a intentarlo.", await ana.SayAsync("comprar pan"));
        Assert.Equal(1, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks"));
    }

    [Theory]
    [InlineData(0, "⏳ Vas muy rápido", 0)]
    [InlineData(2, "⚠️ Has mandado demasiados mensajes varias veces", 0)]
    [InlineData(4, "⏳ Demasiados mensajes. Espera un minuto", 60)]
    [InlineData(9, "⛔ Demasiados mensajes. Este número queda en pausa por una hora", 60 * 60)]
    public async Task Violations_warn_then_delay_then_block_and_waiting_ends_it(int before, string reply, int seconds)
    {
        await using var channel = await BusinessChannel.StartAsync();
        await ViolatedAsync(channel, before);
        await WroteAsync(channel, Stranger, 3, TimeSpan.Zero);

        Assert.StartsWith(reply, await channel.SayAsync(Stranger, "hola"), StringComparison.Ordinal);
        if (seconds > 0)
        {
            channel.Clock.Leap(TimeSpan.FromSeconds(seconds - 2));
            await channel.SayAsync(Stranger, "hola");
        }

        channel.Clock.Leap(TimeSpan.FromSeconds(62));
        await channel.SayAsync(Stranger, "hola");

        Assert.Equal(seconds > 0 ? ["RATE_LIMITED", "RATE_LIMITED", "NOT_LINKED"] : ["RATE_LIMITED", "NOT_LINKED"], await ErrorsAsync(channel));
        Assert.Equal(before + 1, await ViolationsAsync(channel));
        Assert.Equal(1, await channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_security_audit_log WHERE action_type = 'rate_limit_violation' AND NOT success"));
    }

    [Fact]
    public async Task The_twentieth_violation_blocks_until_an_operator_deletes_the_rows_and_a_restart_forgets_nothing()
    {
        await using var channel = await BusinessChannel.StartAsync();
        await ViolatedAsync(channel, 19);
        await WroteAsync(channel, Stranger, 3, TimeSpan.Zero);
        Assert.StartsWith("⛔ Este número está bloqueado", await channel.SayAsync(Stranger, "hola"), StringComparison.Ordinal);

        channel.Clock.Leap(TimeSpan.FromDays(400));
        await channel.RestartAsync();
        Assert.StartsWith("⛔ Este número está bloqueado", await channel.SayAsync(Stranger, "hola"), StringComparison.Ordinal);

        await channel.ExecuteAsync($"DELETE FROM whatsapp_rate_limit_violations WHERE phone = '{Phone}'");
        channel.Clock.Leap(TimeSpan.FromMinutes(2));
        Assert.StartsWith("👋 Soy FocoBot", await channel.SayAsync(Stranger, "hola"), StringComparison.Ordinal);

        // A new offence begins at the bottom.
        await WroteAsync(channel, Stranger, 3, TimeSpan.Zero);
        channel.Clock.Leap(TimeSpan.FromSeconds(1));
        await channel.SayAsync(Stranger, "hola");
        Assert.Equal(1, await ViolationsAsync(channel));
    }

    [Fact]
    public async Task A_phone_has_one_lock_at_a_time_however_often_it_offends()
    {
        await using var channel = await BusinessChannel.StartAsync();
        await ViolatedAsync(channel, 9);
        for (var i = 0; i < 3; i++)
        {
            await WroteAsync(channel, Stranger, 3, TimeSpan.Zero);
            await channel.SayAsync(Stranger, "hola");
            Assert.Equal(1, await channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_account_lockouts WHERE unlocked_at IS NULL"));
            channel.Clock.Leap(TimeSpan.FromMinutes(61));
        }

        Assert.Equal(3, await channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_account_lockouts"));
        Assert.Equal(3, await channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_security_audit_log WHERE action_type = 'account_locked'"));
        Assert.Equal(12, await ViolationsAsync(channel));
    }

    [Fact]
    public async Task A_violation_stops_counting_a_day_after_it_happened()
    {
        await using var channel = await BusinessChannel.StartAsync();
        for (var i = 0; i < 6; i++)
        {
            await WroteAsync(channel, Stranger, 3, TimeSpan.Zero);
            Assert.StartsWith("⏳ Vas muy rápido", await channel.SayAsync(Stranger, "hola"), StringComparison.Ordinal);
            channel.Clock.Leap(TimeSpan.FromHours(23));
        }
    }

    [Fact]
    public async Task Refusals_are_answered_once_a_minute_and_audited_each_time()
    {
        await using var channel = await BusinessChannel.StartAsync();

        Assert.NotNull(await channel.SayAsync(Stranger, "hola"));
        Assert.Null(await channel.SayAsync(Stranger, "hola"));
        Assert.Null(await channel.SayAsync(Stranger, "hola"));
        Assert.Null(await channel.SayAsync(Stranger, "hola"));
        channel.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.StartsWith("👋 I'm FocoBot.", await channel.SayAsync(Stranger, "hello, what is this?"), StringComparison.Ordinal);

        Assert.Equal(5, await channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_security_audit_log WHERE action_type = 'message_rejected' AND NOT success"));
    }

    [Fact]
    public async Task The_web_chat_has_the_limits_of_the_account_and_always_answers()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        for (var i = 0; i < 10; i++) await ana.PostAsync("/api/chat", new { text = "hola" }).OkJsonAsync();

        for (var i = 0; i < 2; i++)
        {
            var refused = await ana.PostAsync("/api/chat", new { text = "comprar pan" }).OkJsonAsync();
            Assert.Equal("RATE_LIMITED", refused.GetProperty("errorCode").GetString());
            Assert.StartsWith("⏳ Vas muy rápido", refused.GetProperty("reply").GetString(), StringComparison.Ordinal);
        }
    }

    private static Task<List<string?>> ErrorsAsync(BusinessChannel channel) => channel.ColumnAsync<string?>(ErrorCodes, new { address = Stranger });

    private static async Task<long> ViolationsAsync(BusinessChannel channel) =>
        await channel.ScalarAsync<long>("SELECT CAST(sum(violation_count) AS bigint) FROM whatsapp_rate_limit_violations WHERE phone = @Phone", new { Phone });

    // As if so many messages had come in some time ago.
    private static Task WroteAsync(BusinessChannel channel, string address, int count, TimeSpan ago) => channel.ExecuteAsync(
        "INSERT INTO inbox (id, channel, provider_id, address, state, received_at, done_at) VALUES (@id, 'twilio', @sid, @address, 'done', @at, @at)",
        Enumerable.Range(0, count).Select(_ => new { id = Ids.New(channel.Clock), sid = channel.NextSid(), address, at = channel.Clock.GetUtcNow() - ago }).ToArray());

    private static Task ViolatedAsync(BusinessChannel channel, int count) => channel.ExecuteAsync(
        """
        INSERT INTO whatsapp_rate_limit_violations (id, phone, violation_type, violation_count, first_violation_at, last_violation_at, expires_at)
        VALUES (@id, @Phone, 'per_minute', 1, @at, @at, @expires)
        """,
        Enumerable.Range(0, count).Select(_ => new
        {
            id = Ids.New(channel.Clock), Phone, at = channel.Clock.GetUtcNow().AddHours(-2), expires = channel.Clock.GetUtcNow().AddHours(22),
        }).ToArray());
}
