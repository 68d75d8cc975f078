using System.Globalization;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Tests.PhoneLinks;

public class BotSessionTests
{
    private const string NewForm = "whatsapp:+525512345678";

    /// <summary>
    /// A linked sender writes at these times (hours after linking); the verdict on each. Letters: V valid, R renewed, N needs a verification.
    /// Idle end 24 h, end in all 7 days = 168 h.
    /// </summary>
    [Theory]
    [InlineData("0 1 23", "VVV")]
    [InlineData("23.99", "V")]
    [InlineData("24", "R")]
    [InlineData("500", "R")]
    [InlineData("24 47.9 71", "RVV")]
    [InlineData("20 40 60 80 100 120 140 160 167.9 168", "VVVVVVVVVR")]
    [InlineData("20 40 60 80 100 120 140 160 168 180 191.9 216", "VVVVVVVVRVVR")]
    public async Task A_session_lives_from_message_to_message_and_no_longer_than_its_maximum(string hours, string verdicts)
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, LinkWorld.Ana, "MX.ana");
        var start = world.Clock.GetUtcNow();
        var seen = "";
        foreach (var hour in hours.Split(' '))
        {
            world.Clock.Advance(start.AddHours(double.Parse(hour, CultureInfo.InvariantCulture)) - world.Clock.GetUtcNow());
            var verdict = (await world.MessageAsync(LinkWorld.Ana, "MX.ana"))!.Value;
            Assert.Equal(verdict.State == SessionState.Renewed, verdict.DialogDropped);
            seen += verdict.State.ToString()[0];
        }

        Assert.Equal(verdicts, seen);
        Assert.Equal(1, await world.CountAsync("whatsapp_bot_sessions", "is_active"));
        Assert.Equal(verdicts.Count(letter => letter == 'R'), (await world.AuditAsync(ana)).Count(action => action == "session_expired"));
        Assert.Equal(1 + verdicts.Count(letter => letter == 'R'), (await world.AuditAsync(ana)).Count(action => action == "session_created"));
    }

    /// <summary>External ids: as linked, as first message, as second message (- for none); the verdicts on the two.</summary>
    [Theory]
    [InlineData("MX.ana", "MX.ana", "MX.ana", "VV")]
    [InlineData("MX.ana", "whatsapp:MX.ana", "-", "VV")] // the channel's prefix, or silence, is no other id
    [InlineData("-", "-", "MX.ana", "VV")] // seen for the first time: adopted
    [InlineData("-", "MX.ana", "-", "VV")]
    [InlineData("-", "MX.ana", "MX.eve", "VS")]
    [InlineData("MX.ana", "MX.eve", "MX.ana", "SS")] // suspended until a verification, even for the former id
    public async Task An_external_id_is_adopted_once_and_a_change_of_it_suspends(string linked, string first, string second, string verdicts)
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, LinkWorld.Ana, Id(linked));

        var seen = "";
        foreach (var id in new[] { first, second })
            seen += (await world.MessageAsync(LinkWorld.Ana, Id(id)))!.Value.State.ToString()[0];

        Assert.Equal(verdicts, seen);
        Assert.Equal(verdicts.Contains('S', StringComparison.Ordinal) ? 1 : 0, (await world.EventsAsync(ana)).Count(type => type == "phone.suspended"));
        Assert.Equal(verdicts.Contains('S', StringComparison.Ordinal) ? 0 : 1, await world.CountAsync("whatsapp_device_fingerprints", "is_trusted"));
    }

    [Fact]
    public async Task An_adopted_id_survives_the_end_of_the_session()
    {
        await using var world = await LinkWorld.CreateAsync();
        await world.LinkAsync(await world.SignUpAsync(), LinkWorld.Ana);
        await world.MessageAsync(LinkWorld.Ana, "MX.ana");
        world.Clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(SessionState.Renewed, (await world.MessageAsync(LinkWorld.Ana, "MX.ana"))!.Value.State);
        Assert.Equal(SessionState.Suspended, (await world.MessageAsync(LinkWorld.Ana, "MX.eve"))!.Value.State);
    }

    [Fact]
    public async Task A_verification_lifts_the_suspension_for_the_new_id()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, LinkWorld.Ana, "MX.one");
        await world.MessageAsync(LinkWorld.Ana, "MX.two");
        Assert.Equal(BotSessions.RecycledNumber, Assert.Single(await world.LinksAsync(ana)).SuspendedReason);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.LinkAsync(ana, LinkWorld.Ana, "MX.two");

        Assert.Equal(SessionState.Valid, (await world.MessageAsync(LinkWorld.Ana, "MX.two"))!.Value.State);
        Assert.Null(Assert.Single(await world.LinksAsync(ana)).SuspendedReason);
    }

    [Theory]
    [InlineData("lockout", false)]
    [InlineData("emergency", true)]
    [InlineData("logout", false)]
    public async Task A_revoked_session_needs_a_verification(string reason, bool everywhere)
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, LinkWorld.Ana);
        await world.LinkAsync(ana, "whatsapp:+14155552671");
        await RememberAsync(world, ana.AccountId);

        await world.DoAsync(work => world.Sessions.RevokeAsync(work, ana.AccountId, everywhere ? null : LinkWorld.Ana, reason));

        Assert.Equal(SessionState.NeedsVerify, (await world.MessageAsync(LinkWorld.Ana))!.Value.State);
        Assert.Equal(everywhere ? SessionState.NeedsVerify : SessionState.Valid, (await world.MessageAsync("whatsapp:+14155552671"))!.Value.State);
        Assert.Equal(everywhere ? 2 : 1, (await world.AuditAsync(ana)).Count(action => action == "session_revoked"));
        Assert.Equal(0, await world.CountAsync("dialogs"));
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.LinkAsync(ana, LinkWorld.Ana);
        Assert.Equal(SessionState.Valid, (await world.MessageAsync(LinkWorld.Ana))!.Value.State);
    }

    [Fact]
    public async Task The_conversation_is_forgotten_with_the_session()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, LinkWorld.Ana);
        await RememberAsync(world, ana.AccountId);
        await world.MessageAsync(LinkWorld.Ana);
        Assert.Equal(1, await world.CountAsync("dialogs"));
        world.Clock.Advance(TimeSpan.FromHours(25));

        Assert.True((await world.MessageAsync(LinkWorld.Ana))!.Value.DialogDropped);
        Assert.Equal(0, await world.CountAsync("dialogs"));
    }

    [Fact]
    public async Task Another_form_of_the_address_is_the_same_person_only_by_its_id()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, LinkWorld.Ana, "MX.ana");

        Assert.Equal(SessionState.NeedsVerify, (await world.MessageAsync(NewForm))!.Value.State);
        Assert.Equal(SessionState.Renewed, (await world.MessageAsync(NewForm, "MX.ana"))!.Value.State);
        Assert.Equal(SessionState.Valid, (await world.MessageAsync(NewForm, "MX.ana"))!.Value.State);
        Assert.Equal(NewForm, Assert.Single(await world.LinksAsync(ana)).Address);
        Assert.Equal(1, await world.CountAsync("whatsapp_bot_sessions", "is_active"));
        Assert.Equal(SessionState.Suspended, (await world.MessageAsync(LinkWorld.Ana, "MX.eve"))!.Value.State);
    }

    [Fact]
    public async Task A_blocked_device_stays_blocked_whatever_is_verified()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, LinkWorld.Ana);
        await world.DoAsync(work => work.ExecuteAsync("UPDATE whatsapp_device_fingerprints SET is_blocked = true"));

        Assert.Equal(SessionState.Blocked, (await world.MessageAsync(LinkWorld.Ana))!.Value.State);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.LinkAsync(ana, LinkWorld.Ana);
        Assert.Equal(SessionState.Blocked, (await world.MessageAsync(LinkWorld.Ana))!.Value.State);
    }

    [Fact]
    public async Task A_stranger_has_no_link_and_a_waiting_code_is_none()
    {
        await using var world = await LinkWorld.CreateAsync();
        await world.ShowAsync(await world.SignUpAsync(), NewForm[9..]);

        Assert.Null(await world.MessageAsync(NewForm));
        Assert.Null(await world.MessageAsync("whatsapp:MX.hidden"));
        Assert.Null(await world.DoAsync(work => PhoneLinking.FindLinkAsync(work, NewForm, "+525512345678")));
    }

    [Fact]
    public async Task Nothing_is_written_for_messages_within_a_minute()
    {
        await using var world = await LinkWorld.CreateAsync();
        await world.LinkAsync(await world.SignUpAsync(), LinkWorld.Ana, "MX.ana");
        world.Clock.Advance(TimeSpan.FromSeconds(59));
        var sender = LinkWorld.Sender(LinkWorld.Ana, "MX.ana");

        // On SQLite a reading unit can't write: it would throw.
        var verdict = await world.Database.AsService("test").ReadAsync(async work => await world.Sessions.CheckAsync(work, (await BotSessions.FindAsync(work, sender))!, sender));
        Assert.Equal(new SessionVerdict(SessionState.Valid), verdict);
        var before = await EndAsync(world);

        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.MessageAsync(LinkWorld.Ana, "MX.ana");
        Assert.Equal(before.AddMinutes(1), await EndAsync(world));
    }

    [Fact]
    public void A_fingerprint_is_of_channel_address_and_id_and_its_parts_can_not_run_into_each_other()
    {
        var fingerprints = new Fingerprints(SecretsOf(), TimeProvider.System);
        string Of(string channel, string address, string? id) => Convert.ToHexStringLower(fingerprints.Of(channel, address, id));
        string[] all = [Of("twilio", "whatsapp:+1", "a"), Of("web", "whatsapp:+1", "a"), Of("twilio", "whatsapp:+2", "a"), Of("twilio", "whatsapp:+1", "b"), Of("twilio", "whatsapp:+1", null), Of("twilio", "whatsapp:+1a", "")];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Of("twilio", "whatsapp:+1", null), Of("twilio", "whatsapp:+1", ""));
        // From: printf 'twilio\0whatsapp:+1\0a' | openssl dgst -sha256 -hmac ffffffffffffffffffffffffffffffff
        Assert.Equal("a669334984c461b3ba21dea79729e32521dacac156d13b64ccf4d73236daf125", all[0]);
    }

    private static Secrets SecretsOf() => Secrets.Load(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["FOCOBOT_ENCRYPTION_KEY"] = new string('e', 32),
        ["FOCOBOT_FINGERPRINT_SECRET"] = new string('f', 32),
        ["FOCOBOT_CRON_SECRET"] = new string('c', 32),
    }).Build(), "unused", development: false);

    private static string? Id(string text) => text == "-" ? null : text;

    private static Task RememberAsync(LinkWorld world, Guid account) => world.DoAsync(work => work.ExecuteAsync(
        "INSERT INTO dialogs (address, user_id, state, updated_at) VALUES (@Ana, @account, @state, @now)", new { LinkWorld.Ana, account, state = new byte[] { 1 }, now = world.Clock.GetUtcNow() }));

    private static Task<DateTimeOffset> EndAsync(LinkWorld world) => world.DoAsync(work => work.ScalarAsync<DateTimeOffset>("SELECT expires_at FROM whatsapp_bot_sessions WHERE is_active"));
}
