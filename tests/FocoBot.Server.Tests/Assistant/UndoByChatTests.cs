namespace FocoBot.Tests.Assistant;

/// <summary>Every change can be taken back, newest first, twenty deep.</summary>
public class UndoByChatTests
{
    private const string Ana = "+5215512345678";

    [Fact]
    public async Task Each_kind_of_change_is_undone_in_spanish()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar focos mañana", "/tareas", "cambia la 1 por comprar lámparas", "pasa la 1 al lunes", "completar 1");

        var answers = await ana.SayAllAsync("deshacer", "deshacer", "deshacer", "/tareas", "borrar 1", "deshacer", "deshacer", "deshacer");

        Assert.Equal("↩️ Deshecho: *comprar lámparas* vuelve a tus pendientes", answers[0]);
        Assert.Equal("↩️ Deshecho: *comprar lámparas* quedó como antes", answers[1]);
        Assert.Equal("↩️ Deshecho: *comprar focos* quedó como antes", answers[2]);
        Assert.Equal("📋 *Tus pendientes* (1)\n*1.* comprar focos — mañana", answers[3]);
        Assert.Equal("↩️ Deshecho: recuperé *comprar focos*", answers[5]);
        Assert.Equal("↩️ Deshecho: quité *comprar focos*", answers[6]);
        Assert.Equal("No hay nada que deshacer.", answers[7]);
    }

    [Fact]
    public async Task A_bulk_change_of_recurring_tasks_of_one_name_is_undone_and_counted_as_people_count()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var bob = await channel.LinkedAsync("+14155550123", "en");
        await bob.SayAllAsync("water the plants every day", "water the plants every day", "pay rent on the 1st of every month", "/tasks");

        var answers = await bob.SayAllAsync("complete 1, 2 and 3", "undo", "/tasks");

        Assert.Equal("✅ Done! I completed 3 tasks.", answers[0]);
        Assert.Equal("↩️ Undone: 3 tasks are as they were", answers[1]);
        Assert.StartsWith("📋 *Your tasks* (3)", answers[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recurring_task_rolls_forward_and_comes_back_as_one()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);

        var answers = await ana.SayAllAsync("Pagar la renta el 1 de cada mes", "/tareas", "completar 1", "completar 1", "/tareas", "deshacer", "/tareas");

        Assert.Equal("✅ Anotado: *Pagar la renta* — mar 1 dic 🔁", answers[0]);
        Assert.Equal("✅ ¡Hecho! *Pagar la renta*\n🔁 La próxima: vie 1 ene 2027", answers[2]);
        Assert.Equal("La 1 (*Pagar la renta*) ya no está pendiente. No cambié nada.", answers[3]);
        Assert.Equal("📋 *Tus pendientes* (1)\n*1.* Pagar la renta — vie 1 ene 2027 🔁", answers[4]);
        Assert.Equal("↩️ Deshecho: *Pagar la renta* vuelve a tus pendientes", answers[5]);
        Assert.Equal("📋 *Tus pendientes* (1)\n*1.* Pagar la renta — mar 1 dic 🔁", answers[6]);
    }

    [Fact]
    public async Task Exactly_the_last_twenty_changes_can_be_undone()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync([.. Enumerable.Range(1, 21).Select(i => $"comprar cosa {(char)('a' + i)}")]);

        var answers = await ana.SayAllAsync([.. Enumerable.Repeat("deshacer", 21)]);

        Assert.All(answers[..20], answer => Assert.StartsWith("↩️ Deshecho: quité", answer, StringComparison.Ordinal));
        Assert.Equal("No hay nada que deshacer.", answers[20]);
        Assert.Contains("comprar cosa b", await ana.SayAsync("/tareas"), StringComparison.Ordinal);
    }
}
