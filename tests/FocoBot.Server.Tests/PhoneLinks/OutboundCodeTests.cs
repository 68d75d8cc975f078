using FocoBot.Accounts;
using FocoBot.PhoneLinks;
using FocoBot.Storage;

namespace FocoBot.Tests.PhoneLinks;

/// <summary>Codes that go to a phone and are typed by the account.</summary>
public class OutboundCodeTests
{
    private const string Phone = "+525512345678";
    private const string Address = "whatsapp:+525512345678";

    [Fact]
    public async Task A_code_that_was_sent_links_when_the_same_session_types_it()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var issue = await world.SendAsync(ana, Phone);
        Assert.Null(issue.Code);
        var message = Assert.Single(await world.OutgoingAsync(ana, Address));
        Assert.Equal(("CODE", "es"), (message.Template, message.Language));
        Assert.Contains(message.TemplateValues[0], message.Text, StringComparison.Ordinal);

        Assert.Equal(VerifyResult.Linked, (await world.TypeAsync(ana, Phone, message.TemplateValues[0])).Result);

        Assert.True(Assert.Single(await world.LinksAsync(ana)).Verified);
        Assert.Equal(["phone.linked"], await world.EventsAsync(ana));
    }

    [Fact]
    public async Task Another_session_or_account_can_not_use_it()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (ana, eve) = (await world.SignUpAsync(), await world.SignUpAsync());
        await world.SendAsync(ana, Phone);
        var code = await world.ReceivedCodeAsync(ana, Address);

        Assert.Equal(VerifyResult.Wrong, (await world.TypeAsync(eve, Phone, code)).Result);
        Assert.Equal(VerifyResult.Wrong, (await world.TypeAsync(ana with { SessionId = Ids.New(world.Clock) }, Phone, code)).Result);
        Assert.Equal(VerifyResult.Wrong, (await world.TypeAsync(ana with { SessionId = null, ApiKeyId = Ids.New(world.Clock) }, Phone, code)).Result);

        Assert.Equal(VerifyResult.Linked, (await world.TypeAsync(ana, Phone, code)).Result);
    }

    [Fact]
    public async Task On_WhatsApp_it_proves_nothing()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.SendAsync(ana, Phone);

        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync(Address, await world.ReceivedCodeAsync(ana, Address))).Result);
        Assert.False(Assert.Single(await world.LinksAsync(ana)).Verified);
    }

    [Theory]
    [InlineData(2, 0, VerifyResult.Linked)]
    [InlineData(3, 0, VerifyResult.Wrong)]
    [InlineData(0, 599, VerifyResult.Linked)]
    [InlineData(0, 600, VerifyResult.Wrong)]
    public async Task It_dies_of_three_wrong_tries_or_ten_minutes(int wrong, int seconds, VerifyResult expected)
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.SendAsync(ana, Phone);
        var code = await world.ReceivedCodeAsync(ana, Address);
        for (var i = 0; i < wrong; i++) await world.TypeAsync(ana, Phone, code == "000000" ? "111111" : "000000");
        world.Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, (await world.TypeAsync(ana, Phone, code)).Result);
        Assert.Equal(VerifyResult.Wrong, (await world.TypeAsync(ana, Phone, code)).Result); // never twice
    }

    [Fact]
    public async Task It_goes_to_the_address_that_the_phone_has_written_from()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.DoAsync(work => work.ExecuteAsync("INSERT INTO contacts (address, phone, last_inbound_at, created_at) VALUES (@Ana, @Phone, @now, @now)",
            new { LinkWorld.Ana, Phone, now = world.Clock.GetUtcNow() }));

        await world.SendAsync(ana, Phone);

        Assert.Single(await world.OutgoingAsync(ana, LinkWorld.Ana));
    }

    [Fact]
    public async Task The_first_message_after_it_is_trusted_whatever_form_its_address_has()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await LinkAsync(world, ana);

        Assert.Equal(SessionState.Renewed, (await world.MessageAsync(LinkWorld.Ana, "MX.ana"))!.Value.State);
        Assert.Equal(SessionState.Valid, (await world.MessageAsync(LinkWorld.Ana, "MX.ana"))!.Value.State);
        Assert.Equal(LinkWorld.Ana, Assert.Single(await world.LinksAsync(ana)).Address);
    }

    [Fact]
    public async Task A_first_message_that_comes_a_week_later_needs_a_verification()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await LinkAsync(world, ana);
        world.Clock.Advance(TimeSpan.FromDays(7));

        Assert.Equal(SessionState.NeedsVerify, (await world.MessageAsync(Address))!.Value.State);
    }

    [Fact]
    public async Task It_also_lifts_a_suspension()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, Address, "MX.one");
        Assert.Equal(SessionState.Suspended, (await world.MessageAsync(Address, "MX.two"))!.Value.State);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await LinkAsync(world, ana);

        Assert.Equal(SessionState.Renewed, (await world.MessageAsync(Address, "MX.two"))!.Value.State);
    }

    [Fact]
    public async Task An_account_that_guesses_is_cut_off_and_leaves_no_more_rows()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        for (var i = 0; i < 30; i++) await world.TypeAsync(ana, Phone, "123456");
        var rows = await world.CountAsync("whatsapp_security_audit_log");

        Assert.Equal(VerifyResult.TooManyAttempts, (await world.TypeAsync(ana, Phone, "123456")).Result);
        Assert.Equal(rows, await world.CountAsync("whatsapp_security_audit_log"));
    }

    private static async Task LinkAsync(LinkWorld world, Caller caller)
    {
        await world.SendAsync(caller, Phone);
        Assert.Equal(VerifyResult.Linked, (await world.TypeAsync(caller, Phone, await world.ReceivedCodeAsync(caller, Address))).Result);
    }
}
