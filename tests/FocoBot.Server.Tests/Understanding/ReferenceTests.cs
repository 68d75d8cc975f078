using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

public class ReferenceTests
{
    [Theory]
    [InlineData("completa la 3", Intent.Complete, new[] { 3 })]
    [InlineData("borra 1, 2 y 8", Intent.Delete, new[] { 1, 2, 8 })]
    [InlineData("borra 1,2,3", Intent.Delete, new[] { 1, 2, 3 })]
    [InlineData("terminé de la 2 a la 5", Intent.Complete, new[] { 2, 3, 4, 5 })]
    [InlineData("complete 1 through 3", Intent.Complete, new[] { 1, 2, 3 })]
    [InlineData("/borrar 1-3", Intent.Delete, new[] { 1, 2, 3 })]
    [InlineData("borra la tarea ocho", Intent.Delete, new[] { 8 })]
    [InlineData("erase the second task", Intent.Delete, new[] { 2 })]
    [InlineData("la segunda y la cuarta ya están", Intent.Complete, new[] { 2, 4 })]
    [InlineData("elimina la tarea #4", Intent.Delete, new[] { 4 })]
    [InlineData("task 3 is done", Intent.Complete, new[] { 3 })]
    [InlineData("me borras la 3?", Intent.Delete, new[] { 3 })]
    [InlineData("can you delete task 4 please", Intent.Delete, new[] { 4 })]
    [InlineData("mueve de la 3 a la 6 al 1 de dic", Intent.Reschedule, new[] { 3, 4, 5, 6 })]
    [InlineData("mueve el 3 al 5", Intent.Reschedule, new[] { 3 })]
    public void Numbers_are_read(string text, Intent intent, int[] refs)
    {
        var result = Said.Of(text);
        Assert.Equal(intent, result.Intent);
        Assert.Equal(refs, result.Refs);
    }

    [Theory]
    [InlineData("completa la de comprar focos", "comprar focos")]
    [InlineData("finished the call mom one", "call mom")]
    [InlineData("quita la tarea de lavar el coche", "lavar el coche")]
    [InlineData("trash the yoga one", "yoga")]
    [InlineData("the walk the dog task is done", "walk the dog")]
    public void A_task_is_named_by_words(string text, string words) => Assert.Equal(words, Said.Of(text).RefText);

    [Theory]
    [InlineData("vacía mi lista", RefScope.All, null)]
    [InlineData("delete everything", RefScope.All, null)]
    [InlineData("quita la última", RefScope.Last, null)]
    [InlineData("delete the last task", RefScope.Last, null)]
    [InlineData("completa todas las de hoy", RefScope.All, "today")]
    [InlineData("borra las atrasadas", RefScope.All, "overdue")]
    [InlineData("move everything overdue to tomorrow", RefScope.All, "overdue")]
    public void All_last_and_bulk_are_read(string text, RefScope scope, string? filter)
    {
        var result = Said.Of(text);
        Assert.Equal((scope, filter), (result.RefScope, result.Filter));
    }

    [Theory]
    [InlineData("borrar las 3 fotos viejas del celular")]
    [InlineData("mover el sillón mañana")]
    [InlineData("cambiar llanta del coche")]
    [InlineData("delete the old photos")]
    [InlineData("terminar mis pendientes de la tesis")]
    [InlineData("finish 3 chapters of the book")]
    [InlineData("agregar tarea borrar la 3")]
    [InlineData("add delete task 3")]
    public void Without_a_task_reference_a_command_word_begins_a_new_task(string text) => Assert.Equal(Intent.Create, Said.Of(text).Intent);

    [Fact]
    public void A_wide_range_is_not_expanded() => Assert.Equal([1, 9999], Said.Of("borra 1 a 9999").Refs);
}
