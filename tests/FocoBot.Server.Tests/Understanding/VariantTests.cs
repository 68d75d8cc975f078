using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

/// <summary>The same wish in many forms.</summary>
public class VariantTests
{
    [Theory]
    [InlineData("prioridad media: cotizar lonas", "cotizar lonas", Priority.Medium)]
    [InlineData("low priority - reorganize spice rack", "reorganize spice rack", Priority.Low)]
    [InlineData("[alta] llamar al banco", "llamar al banco", Priority.High)]
    [InlineData("call the bank [low]", "call the bank", Priority.Low)]
    [InlineData("llamar al banco (prioridad baja)", "llamar al banco", Priority.Low)]
    [InlineData("alta: pagar la luz", "pagar la luz", Priority.High)]
    [InlineData("not urgent - clean closet", "clean closet", Priority.Low)]
    [InlineData("llamar a Laura prioridad 1", "llamar a Laura", Priority.High)]
    public void A_priority_stands_before_or_after_the_task(string text, string title, Priority priority)
    {
        var result = Said.Of(text);
        Assert.Equal((Intent.Create, title, priority), (result.Intent, result.Title, result.Priority));
    }

    [Theory]
    [InlineData("la 6 ponla en prioridad media", Priority.Medium)]
    [InlineData("bump 6 up to high", Priority.High)]
    [InlineData("súbele a la 6", Priority.High)]
    [InlineData("prioridad alta para la 6", Priority.High)]
    [InlineData("6 is no longer urgent", Priority.Low)]
    public void A_priority_is_changed(string text, Priority priority)
    {
        var result = Said.Of(text);
        Assert.Equal((Intent.Edit, priority), (result.Intent, result.Priority));
        Assert.Equal([6], result.Refs);
    }

    [Theory]
    [InlineData("take the due date off task 4")]
    [InlineData("no date for 4")]
    [InlineData("la 4 sin fecha")]
    [InlineData("task 4 no due date")]
    [InlineData("ponle sin fecha a la 4")]
    public void A_date_is_taken_off(string text)
    {
        var result = Said.Of(text);
        Assert.Equal((Intent.Reschedule, (Due?)null), (result.Intent, result.Due));
        Assert.Equal([4], result.Refs);
    }

    [Theory]
    [InlineData("las que no tienen fecha cuáles son", "no_date")]
    [InlineData("cuales no tienen dia asignado", "no_date")]
    [InlineData("pásame solo las urgentes", "high")]
    [InlineData("urgentes nomás", "high")]
    [InlineData("mañana qué tengo", "tomorrow")]
    [InlineData("tomorrow what do I have", "tomorrow")]
    [InlineData("lo del viernes", "date:2026-11-27")]
    [InlineData("what's on deck today", "today")]
    [InlineData("what about friday", "date:2026-11-27")]
    [InlineData("muéstrame todo", "open")]
    [InlineData("lista", "open")]
    [InlineData("tienes algo del dentista?", "search:dentista")]
    public void A_list_is_asked_for_in_any_order(string text, string filter)
    {
        var result = Said.Of(text);
        Assert.Equal((Intent.List, filter), (result.Intent, result.Filter));
    }

    [Theory]
    [InlineData("just did 4", Intent.Complete)]
    [InlineData("ya entregue la 4 jaja", Intent.Complete)]
    [InlineData("✅ 4", Intent.Complete)]
    [InlineData("completa la 4", Intent.Complete)]
    [InlineData("ya no quiero la 4, bórrala", Intent.Delete)]
    [InlineData("don't need 4 anymore, delete it", Intent.Delete)]
    [InlineData("la 4 cancélala", Intent.Delete)]
    public void A_task_may_come_before_its_command(string text, Intent intent)
    {
        var result = Said.Of(text);
        Assert.Equal(intent, result.Intent);
        Assert.Equal([4], result.Refs);
    }

    [Theory]
    [InlineData("thx a bunch 🙏", Intent.Thanks)]
    [InlineData("mil gracias mijo, Dios te lo pague", Intent.Thanks)]
    [InlineData("ups, undo lo último", Intent.Undo)]
    [InlineData("ay no, deshaz", Intent.Undo)]
    [InlineData("ya no quiero recibir mensajes de este número", Intent.Stop)]
    [InlineData("please stop messaging this number", Intent.Stop)]
    public void The_conversation_has_many_forms(string text, Intent intent) => Assert.Equal(intent, Said.Of(text).Intent);

    [Theory]
    [InlineData("trash every tuesday night", "trash", "2026-11-24T20:00")]
    [InlineData("oye este recuérdame comprar pan mañana", "comprar pan", "2026-11-21")]
    [InlineData("nesecito q me pongas recordatorio d pagar la luz el dia 5", "pagar la luz", "2026-12-05")]
    [InlineData("remind me to call mom tomorrow at ten a m", "call mom", "2026-11-21T10:00")]
    [InlineData("entregar tarea el lunes a más tardar", "entregar tarea", "2026-11-23")]
    [InlineData("pagar la renta el 30 o antes", "pagar la renta", "2026-11-30")]
    [InlineData("pick up kids at 3 or so", "pick up kids", "2026-11-20T15:00")]
    [InlineData("Mail gifts between Dec 14 and Dec 18", "Mail gifts", "2026-12-14")]
    [InlineData("deploy api v3.2 mon 1600", "deploy api v3.2", "2026-11-23T16:00")]
    [InlineData("dentista lunes 9", "dentista", "2026-11-23T09:00")]
    [InlineData("call vet tomorrow pm", "call vet", "2026-11-21T15:00")]
    [InlineData("tomar pastilla c/8hrs", "tomar pastilla", "2026-11-20T18:15")]
    [InlineData("pagar la luz los 15 de cada mes", "pagar la luz", "2026-12-15")]
    [InlineData("practice tue/thu 5pm", "practice", "2026-11-24T17:00")]
    public void A_task_leaves_only_its_title(string text, string title, string due)
    {
        Assert.Equal(title, Said.Of(text).Title);
        Assert.Equal(due, Said.Due(text));
    }

    [Theory]
    [InlineData("Meet Augusto at 5th and Main wednesday 6pm", "Meet Augusto at 5th and Main", "2026-11-25T18:00")]
    [InlineData("drop off casserole at 12 March Ave", "drop off casserole at 12 March Ave", null)]
    [InlineData("buy tix for The Day After Tomorrow screening on Dec 9", "buy tix for The Day After Tomorrow screening", "2026-12-09")]
    [InlineData("ver Martes 13 con Santi el viernes", "ver Martes 13 con Santi", "2026-11-27")]
    [InlineData("watch Freaky Friday on saturday", "watch Freaky Friday", "2026-11-21")]
    [InlineData("comprar agujas del 8", "comprar agujas del 8", null)]
    [InlineData("comprar 1/2 kilo de clavo y 3/4 de canela para mañana", "comprar 1/2 kilo de clavo y 3/4 de canela", "2026-11-21")]
    [InlineData("order 3/8 hex bolts", "order 3/8 hex bolts", null)]
    [InlineData("buy slurpee at 7-eleven tomorrow", "buy slurpee at 7-eleven", "2026-11-21")]
    [InlineData("vuelo AM 432 el viernes a las 6", "vuelo AM 432", "2026-11-27T18:00")]
    [InlineData("leer cap 5 al 8 para el lunes", "leer cap 5 al 8", "2026-11-23")]
    public void A_title_keeps_what_only_looks_like_a_date(string text, string title, string? due)
    {
        Assert.Equal(title, Said.Of(text).Title);
        Assert.Equal(due, Said.Due(text));
    }
}
