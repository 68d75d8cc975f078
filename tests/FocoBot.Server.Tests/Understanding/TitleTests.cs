using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

public class TitleTests
{
    [Theory]
    [InlineData("Oye, recuérdame mañana a las 8 que tengo que llevar el carro al taller porfa", "llevar el carro al taller")]
    [InlineData("hey so um remind me that i have to uh call the school tomorrow", "call the school")]
    [InlineData("add 'clean out the gutters' to my list pls", "clean out the gutters")]
    [InlineData("Pon en mi lista comprar FOCOS", "comprar FOCOS")]
    [InlineData("Flight check-in Dec 12 6:40 AM", "Flight check-in")]
    [InlineData("pagar multa del coche, es urgente", "pagar multa del coche")]
    [InlineData("urgent: call the bank asap", "call the bank")]
    [InlineData("comprar pan 🍞 mañana 🌞 a las 8", "comprar pan")]
    [InlineData("email April the floor plan", "email April the floor plan")]
    [InlineData("tengo cita con el doctor mañana a las 5", "cita con el doctor")]
    [InlineData("recuérdame en un rato sacar la basura", "sacar la basura")]
    [InlineData("take antibiotic at 11", "take antibiotic")]
    [InlineData("turn in keys on the last day of the year", "turn in keys")]
    [InlineData("llamar a mamá el lunes para ver lo del coche", "llamar a mamá para ver lo del coche")]
    public void What_is_left_is_the_title(string text, string title) =>
        Assert.Equal(Comparator.Words(title), Comparator.Words(Said.Of(text).Title));

    [Theory]
    [InlineData("comprar leche\npagar la luz\nllamar a Juan")]
    [InlineData("comprar leche, pagar la luz y llamar a Juan")]
    [InlineData("buy milk; call Bob")]
    public void Several_tasks_are_noticed(string text) => Assert.True(Said.Of(text).SeveralTasks);

    [Theory]
    [InlineData("comprar leche y pan")]
    [InlineData("buy milk, eggs and bread")]
    [InlineData("llamar a Juan y a Pedro mañana")]
    public void A_list_of_things_is_one_task(string text) => Assert.False(Said.Of(text).SeveralTasks);

    [Fact]
    public void A_guess_says_that_it_is_one() => Assert.True(Said.Of("no sé qué onda con lo de ayer").Confidence < UnderstandingLimits.Unsure);
}
