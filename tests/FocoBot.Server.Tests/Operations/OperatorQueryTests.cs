namespace FocoBot.Tests.Operations;

/// <summary>What operators type into <c>sqlite3</c> or <c>psql</c>, letter by letter, after a short conversation.</summary>
public class OperatorQueryTests
{
    private const string Ana = "+5215512345678";

    [Fact]
    public async Task The_latest_commands_and_the_failed_ones()
    {
        await using var channel = await TalkAsync();

        var latest = await RowsAsync(channel, "SELECT * FROM focobot_command_history ORDER BY created_at DESC LIMIT 10");
        var failed = await RowsAsync(channel, "SELECT * FROM focobot_command_history WHERE success = false ORDER BY created_at DESC LIMIT 10");

        Assert.Equal(["complete", "list", "create", "verify"], latest.Select(row => (string)row["intent"]!));
        Assert.Equal(["complete"], failed.Select(row => (string)row["intent"]!));
        Assert.NotNull(failed[0]["error_code"]);
        Assert.IsType<byte[]>(latest[0]["text"]);
    }

    [Fact]
    public async Task The_latest_security_audit_rows()
    {
        await using var channel = await TalkAsync();

        var rows = await RowsAsync(channel, "SELECT * FROM whatsapp_security_audit_log ORDER BY created_at DESC LIMIT 10");

        Assert.Equal(10, rows.Count);
        Assert.Contains(rows, row => (string)row["action_type"]! == "command_executed" && (string)row["phone"]! == Canonical);
        Assert.Contains(rows, row => (string)row["action_type"]! == "command_failed" && row["success"] is false or 0L);
    }

    [Fact]
    public async Task The_notifications_that_wait()
    {
        await using var channel = await TalkAsync();
        await channel.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync(
            """
            INSERT INTO focobot_scheduled_notifications (id, user_id, kind, status, due_at, created_at)
            SELECT @id, id, 'digest', 'pending', @now, @now FROM accounts
            """, new { id = FocoBot.Storage.Ids.New(channel.Server.Clock), now = channel.Server.Clock.GetUtcNow() }));

        var rows = await RowsAsync(channel, "SELECT * FROM focobot_scheduled_notifications WHERE status = 'pending'");

        Assert.Equal(["digest"], rows.Select(row => (string)row["kind"]!));
    }

    [Fact]
    public async Task Deleting_a_phones_violations_really_lifts_its_penalty()
    {
        await using var channel = await TalkAsync();
        var now = channel.Server.Clock.GetUtcNow();
        await channel.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync(
            """
            INSERT INTO whatsapp_rate_limit_violations (id, phone, violation_type, violation_count, first_violation_at, last_violation_at, expires_at)
            VALUES (@id, @Canonical, 'per_minute', 12, @now, @now, @tomorrow)
            """, new { id = FocoBot.Storage.Ids.New(channel.Server.Clock), Canonical, now, tomorrow = now.AddDays(1) }));
        Assert.Equal("rate", await JudgedAsync(channel));

        await channel.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync($"DELETE FROM whatsapp_rate_limit_violations WHERE phone = '{Canonical}'"));

        Assert.Equal("passed", await JudgedAsync(channel));
    }

    // What operators see is the number in its canonical form: Mexico's old 1 after +52 is gone.
    private const string Canonical = "+525512345678";

    private static async Task<BusinessChannel> TalkAsync()
    {
        var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        foreach (var text in new[] { "comprar focos mañana", "/tareas", "completar 7" })
        {
            channel.Server.Clock.Advance(TimeSpan.FromSeconds(1)); // "latest" needs different times
            await ana.SayAsync(text);
        }

        return channel;
    }

    // One message, and whether it was refused for its rate.
    private static async Task<string> JudgedAsync(BusinessChannel channel)
    {
        var sid = channel.NextSid();
        using var response = await channel.DeliverAsync("whatsapp:" + Ana, "/tareas", sid);
        await channel.AnswerAsync(sid);
        var code = await channel.Server.Database.AsService("test").ReadAsync(work => work.FirstAsync<string>("SELECT coalesce(error_code, '') FROM inbox WHERE provider_id = @sid", new { sid }));
        return code switch { "" => "passed", "RATE_LIMITED" => "rate", _ => code! };
    }

    private static async Task<List<IDictionary<string, object?>>> RowsAsync(BusinessChannel channel, string sql) =>
        (await channel.Server.Database.AsService("test").ReadAsync(work => work.QueryAsync<object>(sql))).ConvertAll(row => (IDictionary<string, object?>)row);
}
