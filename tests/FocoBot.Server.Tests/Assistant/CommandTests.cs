using FocoBot.Storage;

namespace FocoBot.Tests.Assistant;

/// <summary>The command words, settings by chat, and how dates and odd texts are shown.</summary>
public class CommandTests
{
    private const string Ana = "+5215512345678";

    [Fact]
    public async Task Command_words_in_spanish()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);

        var answers = await ana.SayAllAsync(
            "/proyecto", "/project Casa", "comprar focos", "/project casa", "/list projects", "/project ninguno", "/status", "/list tasks", "/completar 1", "/tareas", "/ayuda", "/bot", "/bot comprar pan", "/clear", "/completar 1");

        Assert.Equal("📁 No estás en ningún proyecto. Con */proyecto Casa* entras en uno (o lo creas).", answers[0]);
        Assert.Equal("📁 Creé el proyecto *Casa*. Lo que anotes va ahí.", answers[1]);
        Assert.Equal("📁 Proyecto *Casa*. Lo que anotes va ahí.", answers[3]);
        Assert.Equal("📁 *Tus proyectos* (1)\n• Casa ✔️", answers[4]);
        Assert.Equal("📁 Listo, saliste del proyecto.", answers[5]);
        Assert.Equal("📊 *Tu cuenta*\nPendientes: 1 · para hoy: 0 · atrasados: 0\nProyecto: ninguno\nZona horaria: America/Mexico_City\nResumen de la mañana: 8:00 a.m.", answers[6]);
        Assert.Equal("📋 *Tus pendientes* (1)\n*1.* comprar focos", answers[7]);
        Assert.Equal("✅ ¡Hecho! *comprar focos*", answers[8]);
        Assert.StartsWith("🎉 No tienes pendientes.", answers[9], StringComparison.Ordinal);
        Assert.StartsWith("🤖 *Soy FocoBot", answers[10], StringComparison.Ordinal);
        Assert.StartsWith("🤖 *Soy FocoBot", answers[11], StringComparison.Ordinal);
        Assert.Equal("✅ Anotado: *comprar pan*", answers[12]);
        Assert.Equal("🧹 Olvidé esta conversación. Tus tareas siguen igual.", answers[13]);
        Assert.StartsWith("Todavía no te he mostrado una lista", answers[14], StringComparison.Ordinal);
        Assert.Equal("Casa", await channel.ScalarAsync<string>("SELECT p.name FROM tasks t JOIN projects p ON p.id = t.project_id"));
        Assert.Equal(
            ["project", "project", "create", "project", "list", "project", "status", "list", "complete", "list", "help", "help", "create", "clear", "complete"],
            (await channel.ColumnAsync<string>("SELECT intent FROM focobot_command_history ORDER BY id"))[1..]);
    }

    [Fact]
    public async Task Command_words_in_english()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var bob = await channel.LinkedAsync("+14155550123", "en");

        var answers = await bob.SayAllAsync("/project Home", "/add buy bulbs tomorrow", "/projects", "/project none", "/status", "/tasks", "/done 1", "/undo", "/help", "/clear", "/list tasks");

        Assert.Equal("📁 Made the project *Home*. New tasks go there.", answers[0]);
        Assert.Equal("✅ Got it: *buy bulbs* — tomorrow", answers[1]);
        Assert.Equal("📁 *Your projects* (1)\n• Home ✔️", answers[2]);
        Assert.Equal("📁 Done, you left the project.", answers[3]);
        Assert.StartsWith("📊 *Your account*\nOpen: 1 · today: 0 · overdue: 0\nProject: none", answers[4], StringComparison.Ordinal);
        Assert.Equal("✅ Done! *buy bulbs*", answers[6]);
        Assert.Equal("↩️ Undone: *buy bulbs* is open again", answers[7]);
        Assert.StartsWith("🤖 *I'm FocoBot", answers[8], StringComparison.Ordinal);
        Assert.Equal("📋 *Your tasks* (1)\n*1.* buy bulbs — tomorrow", answers[10]);
    }

    [Fact]
    public async Task Settings_are_changed_by_chat()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);

        var answers = await ana.SayAllAsync("mi zona horaria es Tijuana", "resumen diario a las 7:30", "desactiva el resumen", "háblame en inglés", "digest on", "speak spanish");

        Assert.Equal(
            [
                "🌎 Listo, tu zona horaria es Tijuana.", "☀️ Listo, te mandaré el resumen de la mañana a las 7:30 a.m.", "☀️ Listo, ya no te mando el resumen de la mañana.",
                "🗣️ Done, I'll speak English.", "☀️ Done, I'll send your morning digest at 7:30 AM", "🗣️ Listo, te hablo en español.",
            ], answers);
        Assert.Equal("America/Tijuana es", await channel.ScalarAsync<string>("SELECT time_zone || ' ' || language FROM accounts"));
    }

    [Fact]
    public async Task Dates_are_shown_as_the_person_says_them()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar arroz hoy", "comprar bolsas mañana", "comprar café el viernes a las 9am", "comprar dulces el 3 de enero", "comprar elotes");

        Assert.Equal(
            "📋 *Tus pendientes* (5)\n*1.* comprar arroz — hoy\n*2.* comprar bolsas — mañana\n*3.* comprar café — vie 27 nov, 9:00 a.m.\n*4.* comprar dulces — dom 3 ene 2027\n*5.* comprar elotes",
            await ana.SayAsync("/tareas"));
        channel.Clock.Leap(TimeSpan.FromHours(20));
        Assert.Equal("⏰ *Atrasadas* (1)\n*1.* comprar arroz — ayer", await ana.SayAsync("¿qué tengo atrasado?"));
    }

    [Fact]
    public async Task Line_breaks_emoji_bold_and_control_characters_in_a_title_do_no_harm()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);

        await ana.SayAllAsync("crear tarea comprar:\nleche 🥛\n*pan*");
        await ana.Browser.PostAsync("/api/chat", new { text = "crear tarea llamar a\0 Juan\u0007 👨‍👩‍👧" }).OkJsonAsync();

        Assert.Equal("📋 *Tus pendientes* (2)", (await ana.SayAsync("/tareas")).Split('\n')[0]);
        Assert.All((await ana.SayAsync("/tareas")).Split('\n')[1..], line => Assert.Matches(@"^\*\d\.\* ", line));
        Assert.DoesNotContain(await channel.ColumnAsync<string>("SELECT title FROM tasks"), title => title.Any(c => char.IsControl(c) && c != '\n'));
    }

    [Fact]
    public async Task A_message_of_4096_characters_becomes_a_task_with_all_of_it_in_the_notes()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        var text = "crear tarea " + string.Concat(Enumerable.Repeat("palabra ", 510)) + "fin.";

        Assert.True((await ana.SayAsync(text)).Length < 200);
        Assert.EndsWith("palabra fin", await channel.ScalarAsync<string>("SELECT notes FROM tasks"), StringComparison.Ordinal);
        Assert.True((await channel.ScalarAsync<string>("SELECT title FROM tasks")).Length <= 500);

        await ana.SayAllAsync("comprar pan", "/tareas", "cambia la 2 por " + string.Concat(Enumerable.Repeat("harina ", 100)) + "fina");
        Assert.EndsWith("harina fina", await channel.ScalarAsync<string>("SELECT notes FROM tasks WHERE title LIKE 'harina%'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_fits_one_bubble()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync([.. Enumerable.Range(1, 40).Select(i => $"crear tarea cosa {new string((char)('a' + (i % 26)), 90)}")]);
        foreach (var i in Enumerable.Range(1, 30)) await ana.SayAllAsync($"/project {new string((char)('a' + (i % 26)), 70)}{i}");

        var list = await ana.SayAsync("/tareas");
        Assert.Matches(@"…y \d+ más\. Pide por ejemplo \*/tareas hoy\*", list);
        var projects = await ana.SayAsync("/proyectos");
        Assert.Matches(@"…y \d+ más\.$", projects);
        var search = await ana.SayAsync("busca cosa " + new string('a', 3_000));
        Assert.All([list, projects, search], answer => Assert.True(answer.Length <= 1_600));
        Assert.Equal(await channel.ScalarAsync<long>("SELECT count(*) FROM inbox"), channel.Twilio.Messages.Received);
    }

    [Fact]
    public async Task An_account_with_ten_thousand_open_tasks_takes_no_more()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await channel.ExecuteAsync(
            "INSERT INTO tasks (id, user_id, title, created_at, updated_at) SELECT @id, id, 'cosa', created_at, created_at FROM accounts",
            Enumerable.Range(0, 10_000).Select(_ => new { id = Ids.New(channel.Clock) }).ToArray());

        Assert.StartsWith("Ya tienes 10000 pendientes abiertos", await ana.SayAsync("comprar pan"), StringComparison.Ordinal);
        Assert.StartsWith("Son demasiadas tareas a la vez", await ana.SayAsync("borra todo"), StringComparison.Ordinal);
    }
}
