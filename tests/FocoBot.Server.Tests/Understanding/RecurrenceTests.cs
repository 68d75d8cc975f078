namespace FocoBot.Tests.Understanding;

public class RecurrenceTests
{
    [Theory]
    [InlineData("meditar todos los días a las 7 am", "FREQ=DAILY", "2026-11-21T07:00")]
    [InlineData("regar las plantas cada día a las 8am", "FREQ=DAILY", "2026-11-21T08:00")]
    [InlineData("correr cada día una vuelta al parque", "FREQ=DAILY", "2026-11-20")]
    [InlineData("pagar la luz cada día 15", "FREQ=MONTHLY;BYMONTHDAY=15", "2026-12-15")]
    [InlineData("every morning drink water", "FREQ=DAILY", "2026-11-21T09:00")]
    [InlineData("todas las noches lavar los trastes", "FREQ=DAILY", "2026-11-20T20:00")]
    [InlineData("regar plantas cada tercer día", "FREQ=DAILY;INTERVAL=2", "2026-11-20")]
    [InlineData("pagar nómina cada 15 días", "FREQ=WEEKLY;INTERVAL=2", "2026-11-20")]
    [InlineData("pagar nómina cada quincena", "FREQ=WEEKLY;INTERVAL=2", "2026-11-20")]
    [InlineData("every other Tuesday take out recycling", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24")]
    [InlineData("pay daycare every friday at 3pm", "FREQ=WEEKLY;BYDAY=FR", "2026-11-20T15:00")]
    [InlineData("gym lunes, miércoles y viernes a las 7 am", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-11-23T07:00")]
    [InlineData("los martes clase de salsa", "FREQ=WEEKLY;BYDAY=TU", "2026-11-24")]
    [InlineData("weekdays at 8 walk the dog", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-23T08:00")]
    [InlineData("de lunes a viernes llevar a Leo", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-20")]
    [InlineData("pagar renta el 15 de cada mes", "FREQ=MONTHLY;BYMONTHDAY=15", "2026-12-15")]
    [InlineData("cada mes el 20 depositar la pensión", "FREQ=MONTHLY;BYMONTHDAY=20", "2026-11-20")]
    [InlineData("el último día de cada mes cerrar nómina", "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30")]
    [InlineData("junta cada primer lunes del mes", "FREQ=MONTHLY;BYDAY=1MO", "2026-12-07")]
    [InlineData("asamblea el segundo jueves de cada mes", "FREQ=MONTHLY;BYDAY=2TH", "2026-12-10")]
    [InlineData("beers last friday of every month", "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27")]
    [InlineData("cada año el 3 de mayo felicitar a Cruz", "FREQ=YEARLY", "2027-05-03")]
    [InlineData("yearly on May 3 renew license", "FREQ=YEARLY", "2027-05-03")]
    [InlineData("stretch every 2 hours", "FREQ=HOURLY;INTERVAL=2", "2026-11-20T12:15")]
    [InlineData("limpiar filtros cada 3 meses a partir del 1 de diciembre", "FREQ=MONTHLY;INTERVAL=3", "2026-12-01")]
    [InlineData("clase de inglés todos los martes hasta el 30 de diciembre", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261230", "2026-11-24")]
    public void A_repetition_is_read(string text, string rule, string due)
    {
        Assert.Equal(rule, Said.Of(text).Recurrence);
        Assert.Equal(due, Said.Due(text));
    }

    [Theory]
    [InlineData("mandar el weekly report a Ana")]
    [InlineData("entregar reporte semanal")]
    [InlineData("comprar revista mensual")]
    public void A_kind_of_report_is_no_repetition(string text) => Assert.Null(Said.Of(text).Recurrence);
}
