namespace FocoBot.Tests.Assistant;

/// <summary>A number means the list last shown on that channel, and never silently another task.</summary>
public class NumberTests
{
    private const string Ana = "+5215512345678";

    [Theory]
    [InlineData("es", "completar 1", "Todavía no te he mostrado una lista, así que no sé cuál es la 1.", "*1.* comprar focos")]
    [InlineData("en", "complete 1", "I haven't shown you a list yet, so I don't know which one is 1.", "*1.* comprar focos")]
    public async Task Before_any_list_a_number_shows_one_and_changes_nothing(string language, string said, string reply, string line)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana, language);
        await ana.SayAsync("comprar focos");

        var answer = await ana.SayAsync(said);
        Assert.StartsWith(reply, answer, StringComparison.Ordinal);
        Assert.Contains(line, answer, StringComparison.Ordinal);
        Assert.Equal(1, await OpenAsync(channel));
        Assert.Contains("comprar focos", await ana.SayAsync(said), StringComparison.Ordinal);
        Assert.Equal(0, await OpenAsync(channel));
    }

    [Fact]
    public async Task New_completed_and_deleted_tasks_do_not_shift_the_numbers_that_were_shown()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar focos", "llamar a Juan", "pagar la luz", "/tareas");

        var answers = await ana.SayAllAsync("comprar pan mañana", "completar 1", "borrar 2", "completar 1", "borra la 2", "completar 3", "completar 4");

        Assert.Equal("✅ ¡Hecho! *comprar focos*", answers[1]);
        Assert.StartsWith("🗑️ Borré *llamar a Juan*", answers[2], StringComparison.Ordinal);
        Assert.Equal("La 1 (*comprar focos*) ya no está pendiente. No cambié nada.", answers[3]);
        Assert.Equal("La 2 (*llamar a Juan*) ya no está pendiente. No cambié nada.", answers[4]);
        Assert.Equal("✅ ¡Hecho! *pagar la luz*", answers[5]);
        Assert.Equal("No hay una número 4 en la última lista. Con */tareas* la ves otra vez.", answers[6]);
        Assert.Equal(["comprar pan"], await channel.ColumnAsync<string>("SELECT title FROM tasks WHERE done_at IS NULL AND deleted_at IS NULL"));
    }

    [Fact]
    public async Task A_list_in_the_web_chat_leaves_the_numbers_on_whatsapp_alone()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar focos", "llamar a Juan", "/tareas", "pagar la luz hoy");

        var web = await ChatAsync(ana, "/tareas");
        Assert.Contains("*1.* pagar la luz", web, StringComparison.Ordinal);

        Assert.Equal("✅ ¡Hecho! *comprar focos*", await ana.SayAsync("completar 1"));
        Assert.Equal("✅ ¡Hecho! *pagar la luz*", await ChatAsync(ana, "completar 1"));
    }

    [Fact]
    public async Task A_filtered_list_counts_from_one_and_replaces_the_one_before()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar focos hoy", "llamar a Juan mañana", "/tareas");

        Assert.Equal("📋 *Para mañana* (1)\n*1.* llamar a Juan — mañana", await ana.SayAsync("/tareas mañana"));
        Assert.Equal("✅ ¡Hecho! *llamar a Juan*", await ana.SayAsync("completar 1"));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("la 2")]
    [InlineData("completa la 2")]
    [InlineData("la segunda")]
    [InlineData("the second one")]
    [InlineData("2️⃣")]
    public async Task Words_that_fit_several_tasks_bring_numbered_choices(string choice)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("pagar la luz", "comprar focos", "llamar a mamá", "llamar a Juan", "/tareas");

        Assert.Equal("¿Cuál de estas? Responde con el número:\n*1.* llamar a mamá\n*2.* llamar a Juan", await ana.SayAsync("completa la de llamar"));
        Assert.EndsWith("! *llamar a Juan*", await ana.SayAsync(choice), StringComparison.Ordinal); // "the second one" is answered in English
        Assert.Equal(3, await OpenAsync(channel));
    }

    [Fact]
    public async Task A_choice_can_be_declined_missed_and_left_behind()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var bob = await channel.LinkedAsync(Ana, "en");
        await bob.SayAllAsync("call mom", "call Juan");

        var answers = await bob.SayAllAsync("complete the call one", "3", "no", "2", "complete the call one", "buy bulbs", "1");

        Assert.StartsWith("Which one? Reply with its number:", answers[0], StringComparison.Ordinal);
        Assert.Equal("Pick a number from 1 to 2.", answers[1]);
        Assert.Equal("👌 Nothing was changed.", answers[2]);
        Assert.StartsWith("🤔", answers[3], StringComparison.Ordinal);
        Assert.StartsWith("Which one?", answers[4], StringComparison.Ordinal);
        Assert.StartsWith("✅ Got it", answers[5], StringComparison.Ordinal);
        Assert.StartsWith("🤔", answers[6], StringComparison.Ordinal);
        Assert.Equal(3, await OpenAsync(channel));
    }

    [Fact]
    public async Task The_last_one_is_the_newest_or_the_last_line_shown_since()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar focos mañana", "llamar a Juan hoy");

        Assert.StartsWith("🗑️ Borré *llamar a Juan*", await ana.SayAsync("borra la última"), StringComparison.Ordinal);
        await ana.SayAllAsync("deshacer", "/tareas");
        Assert.StartsWith("🗑️ Borré *comprar focos*", await ana.SayAsync("borra la última"), StringComparison.Ordinal);
    }

    private static async Task<string> ChatAsync(LinkedPerson person, string text) =>
        (await person.Browser.PostAsync("/api/chat", new { text }).OkJsonAsync()).GetProperty("reply").GetString()!;

    private static Task<long> OpenAsync(BusinessChannel channel) => channel.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE done_at IS NULL AND deleted_at IS NULL");
}
