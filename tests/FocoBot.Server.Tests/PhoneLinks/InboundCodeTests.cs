using FocoBot.PhoneLinks;

namespace FocoBot.Tests.PhoneLinks;

/// <summary>Codes that are shown to an account and come back from the phone.</summary>
public class InboundCodeTests
{
    private const string Phone = "+525512345678";

    [Fact]
    public async Task A_code_that_arrives_from_its_phone_links_it()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync("en");
        var issue = await world.ShowAsync(ana, "+52 55 1234 5678");
        Assert.Matches("^[0-9]{6}$", issue.Code);
        Assert.Equal(world.Clock.GetUtcNow().AddMinutes(10), issue.ExpiresAt);

        var outcome = await world.WriteAsync(LinkWorld.Ana, issue.Code!); // from the old form, +521…

        Assert.Equal(new VerifyOutcome(VerifyResult.Linked) { AccountId = ana.AccountId, Language = "en" }, outcome);
        var link = Assert.Single(await world.LinksAsync(ana));
        Assert.True(link.Verified);
        Assert.Equal((Phone, LinkWorld.Ana, world.Clock.GetUtcNow()), (link.Phone, link.Address, link.LinkedAt));
        Assert.Equal(SessionState.Valid, (await world.MessageAsync(LinkWorld.Ana))!.Value.State);
        Assert.Equal(["phone.linked"], await world.EventsAsync(ana));
        Assert.Equal(["verification_code_sent", "device_registered", "device_verified", "session_created", "verification_success", "account_linked"], await world.AuditAsync(ana));
    }

    [Fact]
    public async Task The_code_works_however_it_is_spaced_and_only_once()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, Phone)).Code!;

        Assert.Equal(VerifyResult.Linked, (await world.WriteAsync(LinkWorld.Ana, $" {code[..3]}-{code[3..]} ")).Result);
        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync(LinkWorld.Ana, code)).Result);
    }

    [Fact]
    public async Task From_another_phone_the_code_links_nothing_and_is_not_used_up()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, Phone)).Code!;

        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync("whatsapp:+14155552671", code)).Result);
        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync("whatsapp:MX.hidden", code)).Result);

        Assert.Equal(VerifyResult.Linked, (await world.WriteAsync(LinkWorld.Ana, code)).Result);
    }

    [Fact]
    public async Task The_third_wrong_try_burns_the_code()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, Phone)).Code!;
        for (var i = 0; i < 3; i++)
            Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync(LinkWorld.Ana, Other(code))).Result);

        Assert.Equal(new VerifyOutcome(VerifyResult.Wrong), await world.WriteAsync(LinkWorld.Ana, code));

        Assert.False(Assert.Single(await world.LinksAsync(ana)).Verified);
        Assert.Equal(4, (await world.AuditAsync()).Count(action => action == "verification_failed"));
    }

    [Fact]
    public async Task Two_wrong_tries_leave_the_code_alive()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, Phone)).Code!;
        await world.WriteAsync(LinkWorld.Ana, Other(code));
        await world.WriteAsync(LinkWorld.Ana, "no es un código");

        Assert.Equal(VerifyResult.Linked, (await world.WriteAsync(LinkWorld.Ana, code)).Result);
    }

    [Theory]
    [InlineData(599, VerifyResult.Linked)]
    [InlineData(600, VerifyResult.Expired)]
    public async Task A_code_lives_ten_minutes(int seconds, VerifyResult expected)
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, Phone)).Code!;
        world.Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, (await world.WriteAsync(LinkWorld.Ana, code)).Result);
        Assert.Equal(expected == VerifyResult.Expired, (await world.AuditAsync(ana)).Contains("verification_expired"));
    }

    [Fact]
    public async Task Only_the_newest_code_counts()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var first = (await world.ShowAsync(ana, Phone)).Code!;
        string second;
        do
        {
            world.Clock.Advance(TimeSpan.FromSeconds(61));
            second = (await world.ShowAsync(ana, "+5215512345678")).Code!;
        }
        while (second == first);

        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync(LinkWorld.Ana, first)).Result);
        Assert.Equal(VerifyResult.Linked, (await world.WriteAsync(LinkWorld.Ana, second)).Result);
        Assert.Single(await world.LinksAsync(ana));
    }

    [Fact]
    public async Task A_shown_code_typed_into_the_web_links_nothing_and_counts_as_a_wrong_try()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, Phone)).Code!;
        for (var i = 0; i < 3; i++)
            Assert.Equal(new VerifyOutcome(VerifyResult.Wrong), await world.TypeAsync(ana, Phone, code));

        Assert.False(Assert.Single(await world.LinksAsync(ana)).Verified);
        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync(LinkWorld.Ana, code)).Result); // burnt
    }

    [Fact]
    public async Task Many_accounts_may_wait_for_one_phone_and_the_code_says_which_was_meant()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (ana, eve) = (await world.SignUpAsync(), await world.SignUpAsync());
        var planted = (await world.ShowAsync(eve, Phone)).Code!;
        var code = (await world.ShowAsync(ana, Phone)).Code!; // no cool-down by another's request
        Assert.NotEqual(planted, code); // one in a million

        Assert.Equal(ana.AccountId, (await world.WriteAsync(LinkWorld.Ana, code)).AccountId);
        Assert.False(Assert.Single(await world.LinksAsync(eve)).Verified);
    }

    [Fact]
    public async Task A_sender_without_a_phone_proves_itself_by_the_long_code()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, null)).Code!;
        Assert.Matches("^[A-HJ-NP-Z2-9]{8}$", code);

        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync(LinkWorld.Ana, code)).Result); // not from a phone that shows itself
        Assert.Equal(VerifyResult.Linked, (await world.WriteAsync("whatsapp:MX.a1b2", code.ToLowerInvariant(), "whatsapp:MX.a1b2")).Result);

        var link = Assert.Single(await world.LinksAsync(ana));
        Assert.Equal((null, "whatsapp:MX.a1b2"), (link.Phone, link.Address));
        Assert.Equal(SessionState.Valid, (await world.MessageAsync("whatsapp:MX.a1b2", "MX.a1b2"))!.Value.State);
    }

    [Fact]
    public async Task Verifying_a_hidden_sender_again_leaves_one_link()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.LinkAsync(ana, "whatsapp:MX.a1b2");
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.LinkAsync(ana, "whatsapp:MX.a1b2");

        Assert.Single(await world.LinksAsync(ana));
        Assert.Equal(1, await world.CountAsync("whatsapp_bot_sessions", "is_active"));
    }

    [Fact]
    public async Task A_sender_that_guesses_is_cut_off_for_a_day()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        for (var i = 0; i < 10; i++)
            Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync("whatsapp:MX.guess", "ABCDEFG" + (char)('A' + i % 8))).Result);
        var code = (await world.ShowAsync(ana, null)).Code!;
        var rows = await world.CountAsync("whatsapp_security_audit_log");

        var outcome = await world.WriteAsync("whatsapp:MX.guess", code);

        Assert.Equal((VerifyResult.TooManyAttempts, TimeSpan.FromDays(1)), (outcome.Result, outcome.RetryAfter));
        Assert.Equal(rows, await world.CountAsync("whatsapp_security_audit_log"));
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(VerifyResult.Wrong, (await world.WriteAsync("whatsapp:MX.guess", "ABCDEFGH")).Result);
    }

    [Fact]
    public async Task The_database_holds_no_code()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        var code = (await world.ShowAsync(ana, Phone)).Code!;
        var hash = await world.DoAsync(work => work.FirstAsync<byte[]>("SELECT code_hash FROM whatsapp_user_links"));
        var details = await world.DoAsync(work => work.QueryAsync<string>("SELECT CAST(action_details AS text) FROM whatsapp_security_audit_log"));

        Assert.Equal(32, hash!.Length);
        Assert.All(details, text => Assert.DoesNotContain(code, text));
    }

    [Fact]
    public void A_hash_is_of_its_link_its_purpose_and_its_code_alone()
    {
        var pepper = new byte[32];
        var (one, two) = (Guid.Parse("0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), Guid.Parse("0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c"));
        byte[][] hashes = [LinkCode.Hash(pepper, one, "inbound", "123456"), LinkCode.Hash(pepper, two, "inbound", "123456"), LinkCode.Hash(pepper, one, "outbound", "123456"), LinkCode.Hash(pepper, one, "inbound", "123457")];
        Assert.Equal(4, hashes.Select(Convert.ToHexString).Distinct().Count());
        // From: printf '0199a1b2c3d47e5f8a9b0c1d2e3f4a5b%s00%s' (hex of "inbound", "123456") | xxd -r -p | openssl dgst -sha256 -mac hmac -macopt hexkey:00…00
        Assert.Equal("2595463bb790ff280197c199ffbf0fb87d0cded2c9706969559ab5cb9982e403", Convert.ToHexStringLower(hashes[0]));
    }

    private static string Other(string code) => code == "000000" ? "111111" : "000000";
}
