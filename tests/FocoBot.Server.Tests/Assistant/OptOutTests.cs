namespace FocoBot.Tests.Assistant;

/// <summary>STOP and BAJA end all sends, START and ALTA let them flow again.</summary>
public class OptOutTests
{
    private const string Ana = "+5215512345678";

    [Theory]
    [InlineData("es", "BAJA", "👋 Listo, no te escribo más", "ALTA", "👋 ¡Qué bueno que vuelves!", "comprar focos")]
    [InlineData("en", "STOP", "👋 Done, I won't write again", "START", "👋 Welcome back!", "buy bulbs")]
    public async Task Stop_is_confirmed_once_and_silences_everything_until_start(string language, string stop, string farewell, string start, string welcome, string task)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana, language);

        Assert.StartsWith(farewell, await ana.SayAsync(stop), StringComparison.Ordinal);
        Assert.Null(await channel.SayAsync(ana.Address, stop));
        Assert.Null(await channel.SayAsync(ana.Address, task));
        Assert.Equal("suppressed OPTED_OUT", await LastStateAsync(channel));
        Assert.Equal(1, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks")); // it was heard all the same
        Assert.StartsWith(welcome, await ana.SayAsync(start), StringComparison.Ordinal);
        Assert.StartsWith("✅", await ana.SayAsync(task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_is_honoured_while_the_sender_is_over_its_rate_and_start_is_not()
    {
        await using var channel = await BusinessChannel.StartAsync();
        const string stranger = "whatsapp:+5215598765432";
        for (var i = 0; i < 4; i++) await channel.SayAsync(stranger, "hola");

        Assert.StartsWith("👋 Listo, no te escribo más", await channel.SayAsync(stranger, "BAJA"), StringComparison.Ordinal);
        Assert.Null(await channel.SayAsync(stranger, "ALTA"));
        Assert.Equal(1, await SuppressedAsync(channel));

        channel.Clock.Leap(TimeSpan.FromMinutes(10));
        Assert.StartsWith("👋 ¡Qué bueno que vuelves!", await channel.SayAsync(stranger, "ALTA"), StringComparison.Ordinal);
        Assert.Equal(0, await SuppressedAsync(channel));
    }

    [Fact]
    public async Task Taking_back_a_question_is_no_wish_to_hear_nothing_more()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        foreach (var answer in (string[])["cancelar", "cancela", "cancel"])
        {
            channel.Clock.Advance(TimeSpan.FromMinutes(3));
            for (var i = 0; i < 6; i++) await ana.SayAsync($"comprar focos {i}");
            Assert.EndsWith("(sí / no)", await ana.SayAsync("borra todo"), StringComparison.Ordinal);
            Assert.Contains(await ana.SayAsync(answer), (string[])["👌 No cambié nada.", "👌 Nothing was changed."]);
        }

        Assert.Equal(0, await SuppressedAsync(channel));
    }

    [Fact]
    public async Task In_the_web_chat_stop_points_to_whatsapp()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        var answer = await ana.PostAsync("/api/chat", new { text = "BAJA" }).OkJsonAsync();
        Assert.Contains("manda *BAJA* desde ahí", answer.GetProperty("reply").GetString(), StringComparison.Ordinal);
    }

    private static Task<long> SuppressedAsync(BusinessChannel channel) => channel.ScalarAsync<long>("SELECT count(*) FROM contacts WHERE suppressed_at IS NOT NULL");

    private static Task<string> LastStateAsync(BusinessChannel channel) =>
        channel.ScalarAsync<string>("SELECT state || ' ' || coalesce(error_code, '') FROM outbox ORDER BY id DESC LIMIT 1");
}
