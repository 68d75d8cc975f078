using FocoBot.Storage;

namespace FocoBot.Tests.Assistant;

/// <summary>Who may command the assistant: link, lockout, session, fingerprint; what the others are told, and what is noted of it.</summary>
public class AdmissionTests
{
    private const string Ana = "+5215512345678";

    [Theory]
    [InlineData("es", true, "🔒 Tu cuenta está bloqueada por seguridad")]
    [InlineData("en", true, "🔒 Your account is locked for safety")]
    [InlineData("es", false, "🔒 Tu cuenta está bloqueada por seguridad")]
    public async Task A_lock_set_by_hand_on_phone_or_account_holds_until_it_is_lifted(string language, bool byPhone, string reply)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana, language);
        await channel.ExecuteAsync(
            """
            INSERT INTO whatsapp_account_lockouts (id, user_id, phone, locked_at, locked_reason, triggered_by)
            SELECT @id, CASE WHEN @byPhone THEN NULL ELSE id END, CASE WHEN @byPhone THEN '+525512345678' ELSE NULL END, @now, 'lost phone', 'manual' FROM accounts
            """, new { id = Ids.New(channel.Clock), byPhone, now = channel.Clock.GetUtcNow() });

        Assert.StartsWith(reply, await ana.SayAsync(language == "es" ? "comprar focos" : "buy bulbs"), StringComparison.Ordinal);
        await RejectedAsync(channel, "ACCOUNT_LOCKED");

        await channel.ExecuteAsync("UPDATE whatsapp_account_lockouts SET unlocked_at = @now, unlocked_by = 'operator'", new { now = channel.Clock.GetUtcNow() });
        Assert.StartsWith("✅", await ana.SayAsync(language == "es" ? "comprar focos" : "buy bulbs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_with_an_end_ends_by_itself()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await channel.ExecuteAsync(
            "INSERT INTO whatsapp_account_lockouts (id, phone, locked_at, locked_until, locked_reason, triggered_by) VALUES (@id, '+525512345678', @now, @until, 'odd', 'auto_suspicious')",
            new { id = Ids.New(channel.Clock), now = channel.Clock.GetUtcNow(), until = channel.Clock.GetUtcNow().AddMinutes(10) });

        Assert.StartsWith("🔒", await ana.SayAsync("comprar focos"), StringComparison.Ordinal);
        channel.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.StartsWith("✅", await ana.SayAsync("comprar focos"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_24_idle_hours_the_session_reopens_silently_without_list_numbers_and_question()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAllAsync("comprar focos", "/tareas");

        channel.Clock.Leap(TimeSpan.FromHours(23.5));
        Assert.StartsWith("✅ ¡Hecho!", await ana.SayAsync("completar 1"), StringComparison.Ordinal);
        Assert.StartsWith("✅", await ana.SayAsync("comprar pan"), StringComparison.Ordinal);
        Assert.Contains("comprar pan", await ana.SayAsync("/tareas"), StringComparison.Ordinal);

        channel.Clock.Leap(TimeSpan.FromHours(24.1));
        Assert.StartsWith("Todavía no te he mostrado una lista", await ana.SayAsync("completar 1"), StringComparison.Ordinal);
        Assert.Equal(1, await AuditedAsync(channel, "session_expired"));
        Assert.Equal(2, await AuditedAsync(channel, "session_created"));
    }

    [Fact]
    public async Task After_seven_days_the_session_ends_however_busy_it_was()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAsync("comprar focos");
        for (var hours = 0; hours < 160; hours += 20)
        {
            channel.Clock.Leap(TimeSpan.FromHours(20));
            await ana.SayAsync("/tareas");
        }

        Assert.Equal(0, await AuditedAsync(channel, "session_expired"));
        channel.Clock.Leap(TimeSpan.FromHours(9));
        Assert.StartsWith("Todavía no te he mostrado una lista", await ana.SayAsync("completar 1"), StringComparison.Ordinal);
        Assert.Equal(1, await AuditedAsync(channel, "session_expired"));
    }

    [Fact]
    public async Task A_changed_external_id_means_a_recycled_number_and_needs_a_verification()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        Assert.StartsWith("✅", await SayAsync(ana, "comprar focos", "MX.first"), StringComparison.Ordinal);

        Assert.StartsWith("🔒 Este número parece haber cambiado de dueño", await SayAsync(ana, "/tareas", "MX.second"), StringComparison.Ordinal);
        await RejectedAsync(channel, "LINK_SUSPENDED");
        Assert.Equal(1, await AuditedAsync(channel, "suspicious_activity"));

        channel.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.StartsWith("🔒 Este número parece haber cambiado de dueño", await SayAsync(ana, "/tareas", "MX.first"), StringComparison.Ordinal);

        var link = await ana.Browser.PostAsync("/api/integrations/whatsapp/link", new { phone = Ana }).OkJsonAsync();
        Assert.StartsWith("✅ ¡WhatsApp vinculado!", await SayAsync(ana, "VERIFICAR " + link.GetProperty("code").GetString(), "MX.second"), StringComparison.Ordinal);
        Assert.Contains("comprar focos", await SayAsync(ana, "/tareas", "MX.second"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is_trusted = false", "🔒 Por seguridad, verifica otra vez este WhatsApp", "VERIFY_NEEDED")]
    [InlineData("is_trusted = false, is_blocked = true", "🔒 Tu cuenta está bloqueada", "DEVICE_BLOCKED")]
    public async Task A_fingerprint_that_is_no_longer_trusted_is_turned_away(string change, string reply, string code)
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await channel.ExecuteAsync($"UPDATE whatsapp_device_fingerprints SET {change}");

        Assert.StartsWith(reply, await ana.SayAsync("comprar focos"), StringComparison.Ordinal);
        await RejectedAsync(channel, code);
        Assert.Equal(0, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks"));
    }

    [Fact]
    public async Task A_profile_name_is_no_part_of_the_fingerprint()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);

        Assert.StartsWith("✅", await channel.SayAsync(ana.Address, "comprar focos", ("ProfileName", "Somebody else")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_account_is_told_so_and_nothing_happens()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var bob = await channel.LinkedAsync("+14155550123", "en");
        await channel.ExecuteAsync("UPDATE accounts SET disabled_at = @now", new { now = channel.Clock.GetUtcNow() });

        Assert.StartsWith("🔒 Your account is locked for safety", await bob.SayAsync("buy bulbs"), StringComparison.Ordinal);
        await RejectedAsync(channel, "ACCOUNT_LOCKED");
        Assert.Equal(0, await channel.ScalarAsync<long>("SELECT count(*) FROM tasks"));
    }

    [Fact]
    public async Task An_unlinked_phone_is_a_stranger_again()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync(Ana);
        await ana.SayAsync("comprar focos");
        using var gone = await ana.Browser.DeleteAsync("/api/integrations/whatsapp/unlink", TestContext.Current.CancellationToken);
        Assert.True(gone.IsSuccessStatusCode);

        Assert.StartsWith("👋 Soy FocoBot. Para usarme, vincula este WhatsApp", await ana.SayAsync("/tareas"), StringComparison.Ordinal);
        await RejectedAsync(channel, "NOT_LINKED");
    }

    private static Task<string?> SayAsync(LinkedPerson person, string text, string externalUserId) =>
        person.Channel.SayAsync(person.Address, text, ("ExternalUserId", externalUserId));

    private static Task<long> AuditedAsync(BusinessChannel channel, string action) =>
        channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_security_audit_log WHERE action_type = @action AND phone IS NOT NULL", new { action });

    private static async Task RejectedAsync(BusinessChannel channel, string code) => Assert.Equal(
        [code], await channel.ColumnAsync<string>("SELECT error_code FROM whatsapp_security_audit_log WHERE action_type = 'message_rejected' AND phone IS NOT NULL ORDER BY id"));
}
