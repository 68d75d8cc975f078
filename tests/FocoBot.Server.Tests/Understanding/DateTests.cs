using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

public class DateTests
{
    [Theory]
    [InlineData("pagar la luz el viernes", "2026-11-27")]
    [InlineData("pagar la luz este viernes", "2026-11-20")]
    [InlineData("pagar la luz el lunes", "2026-11-23")]
    [InlineData("call Bob on Monday", "2026-11-23")]
    [InlineData("pagar la luz el próximo martes", "2026-11-24")]
    [InlineData("pagar la luz el martes que viene", "2026-11-24")]
    [InlineData("pagar la luz el jueves k viene", "2026-11-26")]
    [InlineData("call Bob next Saturday", "2026-11-28")]
    [InlineData("el sábado de la próxima semana lavar el coche", "2026-11-28")]
    [InlineData("call Bob next week", "2026-11-23")]
    [InlineData("pagar la luz la semana que entra", "2026-11-23")]
    [InlineData("pagar la luz el próximo mes", "2026-12-01")]
    [InlineData("lavar el carro este finde", "2026-11-21")]
    [InlineData("pagar la renta a fin de mes", "2026-11-30")]
    [InlineData("vender la bici a fines de enero", "2027-01-31")]
    [InlineData("file taxes by end of year", "2026-12-31")]
    [InlineData("send report by end of week", "2026-11-20")]
    [InlineData("pagar la luz en 3 días", "2026-11-23")]
    [InlineData("renovar visa en un mes", "2026-12-20")]
    [InlineData("call Bob in a couple of weeks", "2026-12-04")]
    [InlineData("call Bob a week from Monday", "2026-11-30")]
    [InlineData("regresar libro de hoy en ocho", "2026-11-27")]
    [InlineData("pagar la luz pasado mañana", "2026-11-22")]
    [InlineData("call Bob the day after tomorrow", "2026-11-22")]
    [InlineData("pagar tenencia el 20", "2026-11-20")]
    [InlineData("pagar tenencia el 19", "2026-12-19")]
    [InlineData("pagar tenencia el quince de enero", "2027-01-15")]
    [InlineData("pagar tenencia el primero de diciembre", "2026-12-01")]
    [InlineData("pagar tenencia 15/01/2027", "2027-01-15")]
    [InlineData("pagar tenencia 15 ene 27", "2027-01-15")]
    [InlineData("pagar tenencia el 15 de enero de 2028", "2028-01-15")]
    [InlineData("pagar tenencia 2027-01-15", "2027-01-15")]
    [InlineData("pay taxes January 15, 2027", "2027-01-15")]
    [InlineData("pay taxes on the 5th of December", "2026-12-05")]
    [InlineData("pay taxes by 12/1", "2026-12-01")]
    [InlineData("pagar tenencia antes del 1/12", "2026-12-01")]
    [InlineData("pay the bill 25/12", "2026-12-25")]
    [InlineData("vacaciones del 3 al 7 de enero", "2027-01-03")]
    [InlineData("junta el lunes 23", "2026-11-23")]
    [InlineData("meeting on Monday the 23rd", "2026-11-23")]
    public void A_date_is_read(string text, string due) => Assert.Equal(due, Said.Due(text));

    [Theory]
    [InlineData("Escribirle a Julio Peña")]
    [InlineData("llamar a Domingo Pérez")]
    [InlineData("email April the floor plan")]
    [InlineData("recoger paquete en calle 16 de Septiembre 8")]
    [InlineData("visitar la Plaza 5 de Mayo")]
    [InlineData("comprar 3/4 de crema")]
    [InlineData("comprar 4 llantas rin 15")]
    [InlineData("comprar boletos para Viernes Santo")]
    [InlineData("buy stuff on Black Friday")]
    [InlineData("watch Friday Night Lights with Cam")]
    [InlineData("ver película 1917")]
    [InlineData("recoger acta del 12/03/1988")]
    [InlineData("recuérdame en un rato sacar la basura")]
    [InlineData("llamar al 55 1234 5678")]
    [InlineData("ver https://example.com/2027-01-01")]
    [InlineData("quitar las luces del patio")]
    [InlineData("comprar manzanas y crema")]
    public void No_date_is_invented(string text)
    {
        var result = Said.Of(text);
        Assert.Equal(Intent.Create, result.Intent);
        Assert.Null(result.Due);
    }

    [Fact]
    public void A_missing_day_is_the_last_of_its_month() =>
        Assert.Equal("2027-02-28", Said.Due("revisar el visado en un mes", "2027-01-31T08:00"));

    [Fact]
    public void The_thirty_first_skips_short_months() =>
        Assert.Equal("2027-03-31", Said.Due("pagar el 31", "2027-02-01T08:00"));
}
