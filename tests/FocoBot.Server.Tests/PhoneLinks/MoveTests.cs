using FocoBot.PhoneLinks;

namespace FocoBot.Tests.PhoneLinks;

/// <summary>A phone that another account holds.</summary>
public class MoveTests
{
    private const string Phone = "+525512345678";

    [Fact]
    public async Task It_moves_only_after_a_yes_and_the_old_owner_is_told()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, next) = (await world.SignUpAsync(), await world.SignUpAsync("en"));
        await world.LinkAsync(old, LinkWorld.Ana);
        var code = (await world.ShowAsync(next, Phone)).Code!;

        var outcome = await world.WriteAsync(LinkWorld.Ana, code);
        Assert.Equal(new VerifyOutcome(VerifyResult.MoveNeedsConfirmation) { AccountId = next.AccountId, Language = "en" }, outcome);
        Assert.True(Assert.Single(await world.LinksAsync(old)).Verified);
        Assert.Equal(SessionState.Valid, (await world.MessageAsync(LinkWorld.Ana))!.Value.State);

        Assert.Equal(new VerifyOutcome(VerifyResult.Linked) { AccountId = next.AccountId, Language = "en", OldOwnerNotified = true }, await world.SayYesAsync(LinkWorld.Ana));
        Assert.Empty(await world.LinksAsync(old));
        Assert.True(Assert.Single(await world.LinksAsync(next)).Verified);
        Assert.Equal(["phone.linked", "phone.unlinked"], await world.EventsAsync(old));
        Assert.Equal(["session_revoked", "account_unlinked"], (await world.AuditAsync(old))[^2..]);
        Assert.Equal(1, await world.CountAsync("whatsapp_bot_sessions", "is_active"));
        Assert.Null(await world.SayYesAsync(LinkWorld.Ana)); // a second yes means something else
    }

    [Fact]
    public async Task The_old_owner_is_told_on_another_phone_of_it()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, next) = (await world.SignUpAsync("en"), await world.SignUpAsync());
        await world.LinkAsync(old, LinkWorld.Ana);
        await world.LinkAsync(old, "whatsapp:+14155552671");
        await world.WriteAsync(LinkWorld.Ana, (await world.ShowAsync(next, Phone)).Code!);
        await world.SayYesAsync(LinkWorld.Ana);

        Assert.Equal(CodeMessages.Moved("en"), Assert.Single(await world.OutgoingAsync(old, "whatsapp:+14155552671")).Text);
    }

    [Fact]
    public async Task Without_a_yes_in_ten_minutes_everything_stays()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, next) = (await world.SignUpAsync(), await world.SignUpAsync());
        await world.LinkAsync(old, LinkWorld.Ana);
        await world.WriteAsync(LinkWorld.Ana, (await world.ShowAsync(next, Phone)).Code!);
        world.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Null(await world.SayYesAsync(LinkWorld.Ana));
        Assert.True(Assert.Single(await world.LinksAsync(old)).Verified);
    }

    [Fact]
    public async Task A_no_ends_the_question()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, next) = (await world.SignUpAsync(), await world.SignUpAsync());
        await world.LinkAsync(old, LinkWorld.Ana);
        await world.WriteAsync(LinkWorld.Ana, (await world.ShowAsync(next, Phone)).Code!);

        Assert.True(await world.DoAsync(work => world.Linking.DeclineMoveAsync(work, LinkWorld.Sender(LinkWorld.Ana))));

        Assert.Null(await world.SayYesAsync(LinkWorld.Ana));
        Assert.False(await world.DoAsync(work => world.Linking.DeclineMoveAsync(work, LinkWorld.Sender(LinkWorld.Ana))));
    }

    [Fact]
    public async Task A_yes_from_another_phone_moves_nothing()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, next) = (await world.SignUpAsync(), await world.SignUpAsync());
        await world.LinkAsync(old, LinkWorld.Ana);
        await world.WriteAsync(LinkWorld.Ana, (await world.ShowAsync(next, Phone)).Code!);

        Assert.Null(await world.SayYesAsync("whatsapp:+14155552671"));
        Assert.Null(await world.SayYesAsync("whatsapp:MX.hidden"));
    }

    [Fact]
    public async Task A_typed_code_asks_on_WhatsApp_too()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, next) = (await world.SignUpAsync(), await world.SignUpAsync());
        await world.LinkAsync(old, LinkWorld.Ana);
        await world.SendAsync(next, Phone);

        Assert.Equal(VerifyResult.MoveNeedsConfirmation, (await world.TypeAsync(next, Phone, await world.ReceivedCodeAsync(next, LinkWorld.Ana))).Result);
        Assert.Equal(CodeMessages.ConfirmMove("es"), (await world.OutgoingAsync(next, LinkWorld.Ana))[^1].Text);
        Assert.True(Assert.Single(await world.LinksAsync(old)).Verified);

        Assert.Equal(VerifyResult.Linked, (await world.SayYesAsync(LinkWorld.Ana))!.Result);
        Assert.Equal(SessionState.Valid, (await world.MessageAsync(LinkWorld.Ana))!.Value.State);
    }

    [Fact]
    public async Task One_yes_answers_the_newest_question_only()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, first, second) = (await world.SignUpAsync(), await world.SignUpAsync(), await world.SignUpAsync());
        await world.LinkAsync(old, LinkWorld.Ana);
        await world.WriteAsync(LinkWorld.Ana, (await world.ShowAsync(first, Phone)).Code!);
        await world.WriteAsync(LinkWorld.Ana, (await world.ShowAsync(second, Phone)).Code!);

        Assert.Equal(second.AccountId, (await world.SayYesAsync(LinkWorld.Ana))!.AccountId);
        Assert.Null(await world.SayYesAsync(LinkWorld.Ana));
    }

    [Fact]
    public async Task Asking_for_a_code_looks_the_same_for_a_held_and_an_unknown_phone()
    {
        await using var world = await LinkWorld.CreateAsync();
        var (old, next) = (await world.SignUpAsync(), await world.SignUpAsync());
        await world.LinkAsync(old, LinkWorld.Ana);

        var held = await world.ShowAsync(next, Phone);
        var unknown = await world.ShowAsync(next, "+14155552671");

        Assert.Equal(held with { Code = null }, unknown with { Code = null });
        Assert.Equal(await world.TypeAsync(next, Phone, "123456"), await world.TypeAsync(next, "+14155552671", "123456"));
        Assert.Equal(await world.TypeAsync(next, Phone, "123456"), await world.TypeAsync(next, "+34612345678", "123456"));
    }
}
