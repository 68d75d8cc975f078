namespace FocoBot.Tests.Understanding;

public class TimeTests
{
    [Theory]
    [InlineData("call Bob at 5", "2026-11-20T17:00")]
    [InlineData("call Bob at 9", "2026-11-20T21:00")]
    [InlineData("call Bob at 11", "2026-11-20T11:00")]
    [InlineData("llamar a Juan hoy a las 9", "2026-11-20T21:00")]
    [InlineData("llamar a Juan mañana a las 9", "2026-11-21T09:00")]
    [InlineData("llamar a Juan mañana a las 6", "2026-11-21T18:00")]
    [InlineData("llamar a Juan mañana a las 12", "2026-11-21T12:00")]
    [InlineData("llamar a Juan a las 9 am", "2026-11-21T09:00")]
    [InlineData("ir por el pastel a las 5 y media de la tarde", "2026-11-20T17:30")]
    [InlineData("call mom at 5:30pm", "2026-11-20T17:30")]
    [InlineData("junta 17h", "2026-11-20T17:00")]
    [InlineData("junta a las 16 hrs", "2026-11-20T16:00")]
    [InlineData("junta a las 0915", "2026-11-21T09:15")]
    [InlineData("junta a las 1530", "2026-11-20T15:30")]
    [InlineData("recoger a Beto al cuarto para las cinco", "2026-11-20T16:45")]
    [InlineData("call Bob at quarter past two", "2026-11-20T14:15")]
    [InlineData("call Bob at half past eight tonight", "2026-11-20T20:30")]
    [InlineData("junta a las siete y cuarto de la noche", "2026-11-20T19:15")]
    [InlineData("call Bob tomorrow at seven thirty", "2026-11-21T07:30")]
    [InlineData("apagar el horno en media hora", "2026-11-20T10:45")]
    [InlineData("apagar el horno en tres cuartos de hora", "2026-11-20T11:00")]
    [InlineData("check the oven in an hour and a half", "2026-11-20T11:45")]
    [InlineData("check the oven in 90 minutes", "2026-11-20T11:45")]
    [InlineData("mañana en la mañana ir al banco", "2026-11-21T09:00")]
    [InlineData("mañana por la tarde ir al banco", "2026-11-21T15:00")]
    [InlineData("ir al banco por la mañana", "2026-11-21T09:00")]
    [InlineData("ir al banco esta tarde", "2026-11-20T15:00")]
    [InlineData("call Bob tonight", "2026-11-20T20:00")]
    [InlineData("send report by EOD Monday", "2026-11-23T18:00")]
    [InlineData("comer con Ana a mediodía", "2026-11-20T12:00")]
    [InlineData("brindar a medianoche", "2026-11-21T00:00")]
    [InlineData("ver estrellas el sábado a medianoche", "2026-11-22T00:00")]
    [InlineData("reunión mañana de 3 a 5pm", "2026-11-21T15:00")]
    [InlineData("cita el lunes entre 9 y 10", "2026-11-23T09:00")]
    [InlineData("game tomorrow from 7 to 10 pm", "2026-11-21T19:00")]
    [InlineData("call the bank after 4pm", "2026-11-20T16:00")]
    [InlineData("avísame 20 minutos antes de las 6 que pase por Ximena", "2026-11-20T17:40")]
    public void A_time_is_read(string text, string due) => Assert.Equal(due, Said.Due(text));

    [Theory]
    [InlineData("dress fitting para la quince")]
    [InlineData("buy food for 5 people")]
    [InlineData("comprar las 3 cosas de la lista del súper")]
    [InlineData("leer de 3 a 5 capítulos")]
    public void A_number_of_things_is_no_hour(string text) => Assert.Null(Said.Due(text));

    [Fact]
    public void The_hour_of_a_task_said_at_night_is_the_next_such_hour() =>
        Assert.Equal("2027-03-01T07:00", Said.Due("abrir la palapa a las 7", "2027-02-28T23:20"));
}
