namespace FocoBot.Tests.Assistant;

/// <summary>Changes of more than five tasks are asked about first.</summary>
public class BulkTests
{
    private const string Ana = "+5215512345678";

    [Theory]
    [InlineData("es", "borra todo", "Son 6 tareas. ¿Las borro todas? (sí / no)", "sí", "🗑️ Borré 6 tareas. Escribe *deshacer* si fue un error.")]
    [InlineData("es", "completar 1 al 6", "Son 6 tareas. ¿Las marco todas como hechas? (sí / no)", "Sí, márcalas todas por favor", "✅ ¡Hecho! Completé 6 tareas.")]
    [InlineData("es", "pasa todas para mañana", "Son 6 tareas. ¿Las muevo todas? (sí / no)", "dale", "📅 6 tareas quedan para mañana")]
    [InlineData("en", "delete everything", "That's 6 tasks. Delete them all? (yes / no)", "yes", "🗑️ Deleted 6 tasks. Send *undo* if that was a mistake.")]
    [InlineData("en", "complete all", "That's 6 tasks. Mark them all done? (yes / no)", "yes, complete them all", "✅ Done! I completed 6 tasks.")]
    public async Task More_than_five_wait_for_a_yes(string language, string said, string question, string yes, string done)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await SixTasksAsync(channel, language);

        Assert.Equal(question, await ana.SayAsync(said));
        Assert.Equal(6, await OpenAsync(channel));
        Assert.Equal(done, await ana.SayAsync(yes));
        await ana.SayAllAsync(language == "es" ? "deshacer" : "undo");
        Assert.Equal(6, await OpenAsync(channel));
    }

    [Theory]
    [InlineData("no")]
    [InlineData("No, no las borres")]
    [InlineData("mejor no")]
    public async Task A_no_changes_nothing_and_closes_the_question(string no)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await SixTasksAsync(channel, "es");
        await ana.SayAsync("borra todo");

        Assert.Equal("👌 No cambié nada.", await ana.SayAsync(no));
        await ana.SayAsync("sí");
        Assert.Equal(6, await OpenAsync(channel));
    }

    [Fact]
    public async Task Five_are_done_at_once()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await SixTasksAsync(channel, "es");

        Assert.Equal("✅ ¡Hecho! Completé 5 tareas.", await ana.SayAsync("completar 1 al 5"));
    }

    [Fact]
    public async Task A_question_is_forgotten_after_half_an_hour()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await SixTasksAsync(channel, "es");
        await ana.SayAsync("borra todo");
        channel.Clock.Advance(TimeSpan.FromMinutes(31));

        await ana.SayAsync("sí");
        Assert.Equal(6, await OpenAsync(channel));
    }

    [Theory]
    [InlineData("comprar pan")]
    [InlineData("/tareas")]
    [InlineData("/status")]
    [InlineData("/proyecto Casa")]
    [InlineData("/clear")]
    [InlineData("deshacer")]
    public async Task A_new_command_takes_the_question_away(string command)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await SixTasksAsync(channel, "es");
        await ana.SayAsync("borra todo");
        await ana.SayAsync(command);
        var before = await OpenAsync(channel);

        await ana.SayAsync("sí");
        Assert.Equal(before, await OpenAsync(channel));
    }

    [Fact]
    public async Task Tasks_done_elsewhere_between_question_and_yes_are_left_alone()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await SixTasksAsync(channel, "es");
        await ana.SayAsync("borra todo");
        await ana.Browser.PostAsync("/api/chat", new { text = "completar la tarea número 3" }).OkJsonAsync();
        await ana.Browser.PostAsync("/api/chat", new { text = "completar 3" }).OkJsonAsync();

        Assert.Equal("🗑️ Borré 5 tareas. Escribe *deshacer* si fue un error.", await ana.SayAsync("sí"));
        Assert.Equal(1, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE done_at IS NOT NULL AND deleted_at IS NULL"));
    }

    private static async Task<LinkedPerson> SixTasksAsync(BusinessChannel channel, string language)
    {
        var person = await channel.LinkedAsync(Ana, language);
        await person.SayAllAsync([.. Enumerable.Range(1, 6).Select(i => language == "es" ? $"comprar cosa {(char)('a' + i)}" : $"buy thing {(char)('a' + i)}")]);
        await person.SayAllAsync(language == "es" ? "/tareas" : "/tasks");
        return person;
    }

    private static Task<long> OpenAsync(BusinessChannel channel) => channel.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE done_at IS NULL AND deleted_at IS NULL");
}
