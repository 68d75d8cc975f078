using System.Net;

namespace FocoBot.Tests.Assistant;

/// <summary>Proving a phone by writing its code from it.</summary>
public class VerificationTests
{
    private const string Ana = "+5215512345678";
    private const string AnaOnWhatsApp = "whatsapp:" + Ana;

    [Theory]
    [InlineData("VERIFY", "✅ WhatsApp linked!")]
    [InlineData("verify", "✅ WhatsApp linked!")]
    [InlineData("VERIFICAR", "✅ ¡WhatsApp vinculado!")]
    [InlineData("Verificar", "✅ ¡WhatsApp vinculado!")]
    public async Task The_code_sent_from_the_phone_links_it_and_is_answered_in_the_language_of_the_word(string word, string reply)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var browser = await channel.Server.SignUpAsync();
        var code = await CodeAsync(browser, Ana);

        Assert.StartsWith(reply, await channel.SayAsync(AnaOnWhatsApp, $"{word} {code}"), StringComparison.Ordinal);
        Assert.StartsWith("✅ Anotado", await channel.SayAsync(AnaOnWhatsApp, "comprar focos"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_late_used_and_foreign_codes_get_one_and_the_same_answer()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var browser = await channel.Server.SignUpAsync();
        var code = await CodeAsync(browser, Ana);
        const string wrong = "❌ Ese código no es válido o ya venció. Pide uno nuevo en FocoBot y mándalo así: *VERIFICAR 123456*";

        Assert.Equal(wrong, await channel.SayAsync("whatsapp:+5215599990000", "VERIFICAR " + code));
        Assert.Equal(wrong, await channel.SayAsync(AnaOnWhatsApp, "VERIFICAR " + (code == "000000" ? "000001" : "000000")));
        channel.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(wrong, await channel.SayAsync(AnaOnWhatsApp, "VERIFICAR " + code));
        Assert.Equal(wrong, await channel.SayAsync("whatsapp:+5215599990001", "verificar algo"));
        Assert.Equal(0, await LinksAsync(channel));
    }

    [Fact]
    public async Task The_code_that_link_shows_links_nothing_when_it_is_typed_into_verify()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var browser = await channel.Server.SignUpAsync();
        var code = await CodeAsync(browser, Ana);

        using var typed = await browser.PostAsync("/api/integrations/whatsapp/verify", new { phone = Ana, code });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, typed.StatusCode);
        Assert.Equal(0, await LinksAsync(channel));
    }

    [Theory]
    [InlineData("sí", true)]
    [InlineData("no", false)]
    public async Task A_phone_of_another_account_moves_only_after_a_yes(string answer, bool moves)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var former = await channel.LinkedAsync(Ana);
        await former.SayAsync("comprar focos");
        var browser = await channel.Server.SignUpAsync();
        var code = await CodeAsync(browser, Ana);

        Assert.StartsWith("Este número está vinculado a otra cuenta de FocoBot.", await former.SayAsync("VERIFICAR " + code), StringComparison.Ordinal);
        Assert.Contains("comprar focos", await former.SayAsync("/tareas"), StringComparison.Ordinal);
        Assert.StartsWith(moves ? "✅ ¡WhatsApp vinculado!" : "👌 El número se queda como estaba.", await former.SayAsync(answer), StringComparison.Ordinal);

        var list = await former.SayAsync("/tareas");
        Assert.Equal(moves, !list.Contains("comprar focos", StringComparison.Ordinal));
        Assert.Equal(1, await LinksAsync(channel));
    }

    [Fact]
    public async Task Somebody_who_hides_the_number_links_by_a_code_of_eight_characters()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var browser = await channel.Server.SignUpAsync();
        var code = (await browser.PostAsync("/api/integrations/whatsapp/link", new { }).OkJsonAsync()).GetProperty("code").GetString()!;
        const string hidden = "whatsapp:MX.abc123";

        Assert.Equal(8, code.Length);
        Assert.StartsWith("❌", await channel.SayAsync(AnaOnWhatsApp, "VERIFY " + code), StringComparison.Ordinal); // good for hidden numbers only
        Assert.StartsWith("✅ WhatsApp linked!", await channel.SayAsync(hidden, $"VERIFY {code[..4]}-{code[4..].ToLowerInvariant()}"), StringComparison.Ordinal);
        Assert.StartsWith("✅ Anotado", await channel.SayAsync(hidden, "comprar focos"), StringComparison.Ordinal);
        Assert.Equal(hidden, channel.Twilio.Messages.After(0, 100)[^1].To);
    }

    [Fact]
    public async Task Verifying_something_else_is_a_task_for_somebody_who_is_linked()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);

        Assert.Equal("✅ Anotado: *verificar facturas*", await ana.SayAsync("verificar facturas"));
    }

    private static async Task<string> CodeAsync(HttpClient browser, string phone) =>
        (await browser.PostAsync("/api/integrations/whatsapp/link", new { phone }).OkJsonAsync()).GetProperty("code").GetString()!;

    private static Task<long> LinksAsync(BusinessChannel channel) => channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_user_links WHERE verified");
}
