namespace FocoBot.Tests.Assistant;

/// <summary>Whole conversations: signed webhooks in, answers at the Twilio stand-in out.</summary>
public class ConversationTests
{
    private const string Ana = "+5215512345678";

    [Fact]
    public async Task A_linked_person_creates_lists_completes_and_undoes_in_spanish()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);

        Assert.Equal("✅ Anotado: *Llamar a Juan* — mañana, 3:00 p.m.", await ana.SayAsync("Nueva tarea - Llamar a Juan mañana a las 3pm"));
        Assert.Equal("✅ Anotado: *comprar focos*", await ana.SayAsync("comprar focos"));
        Assert.Equal("📋 *Tus pendientes* (2)\n*1.* Llamar a Juan — mañana, 3:00 p.m.\n*2.* comprar focos", await ana.SayAsync("/tareas"));
        Assert.Equal("✅ ¡Hecho! *comprar focos*", await ana.SayAsync("Completar tarea 2"));
        Assert.StartsWith("La 2 (*comprar focos*) ya no está pendiente", await ana.SayAsync("completar 2"), StringComparison.Ordinal);
        Assert.Equal("↩️ Deshecho: *comprar focos* vuelve a tus pendientes", await ana.SayAsync("deshacer"));
        Assert.Contains("comprar focos", await ana.SayAsync("¿qué tengo pendiente?"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linked_person_creates_lists_completes_and_undoes_in_english()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var bob = await channel.LinkedAsync("+14155550123", "en");

        Assert.Equal("✅ Got it: *Call Juan* — tomorrow, 3:00 PM", await bob.SayAsync("New task - Call Juan tomorrow at 3pm"));
        Assert.Equal("📋 *Your tasks* (1)\n*1.* Call Juan — tomorrow, 3:00 PM", await bob.SayAsync("/tasks"));
        Assert.Equal("✅ Done! *Call Juan*", await bob.SayAsync("complete task 1"));
        Assert.Equal("↩️ Undone: *Call Juan* is open again", await bob.SayAsync("undo"));
        Assert.Equal("🗑️ Deleted *Call Juan*. Send *undo* if that was a mistake.", await bob.SayAsync("delete the call juan one"));
    }
}
