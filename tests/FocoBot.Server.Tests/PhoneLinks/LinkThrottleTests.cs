using FocoBot.PhoneLinks;

namespace FocoBot.Tests.PhoneLinks;

public class LinkThrottleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_phone_cools_down_for_a_minute()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.ShowAsync(ana, "+525512345678");
        world.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(40), (await world.ShowAsync(ana, "+5215512345678")).RetryAfter);
        Assert.Null((await world.ShowAsync(ana, "+14155552671")).RetryAfter);
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Null((await world.ShowAsync(ana, "+525512345678")).RetryAfter); // the refused one did not count
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_phone_gets_five_codes_a_day(bool sent)
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        Task<CodeIssue> AskAsync() => sent ? world.SendAsync(ana, "+525512345678") : world.ShowAsync(ana, "+525512345678");
        for (var i = 0; i < 5; i++)
        {
            Assert.Null((await AskAsync()).RetryAfter);
            world.Clock.Advance(Minute);
        }

        Assert.Equal(TimeSpan.FromDays(1) - 5 * Minute, (await AskAsync()).RetryAfter);
        world.Clock.Advance(TimeSpan.FromDays(1) - 5 * Minute);
        Assert.Null((await AskAsync()).RetryAfter);
    }

    [Fact]
    public async Task Codes_sent_to_a_phone_count_whoever_asked()
    {
        await using var world = await LinkWorld.CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Null((await world.SendAsync(await world.SignUpAsync(), "+525512345678")).RetryAfter);
            Assert.NotNull((await world.SendAsync(await world.SignUpAsync(), "+525512345678")).RetryAfter);
            world.Clock.Advance(Minute);
        }

        Assert.NotNull((await world.SendAsync(await world.SignUpAsync(), "+525512345678")).RetryAfter);
        Assert.Null((await world.ShowAsync(await world.SignUpAsync(), "+525512345678")).RetryAfter); // nobody is locked out of proving it
    }

    [Fact]
    public async Task Deleting_the_account_lifts_no_cap_of_a_phone()
    {
        await using var world = await LinkWorld.CreateAsync();
        var eve = await world.SignUpAsync();
        await world.SendAsync(eve, "+525512345678");
        await world.DoAsync(work => work.ExecuteAsync("DELETE FROM accounts WHERE id = @AccountId", new { eve.AccountId }));

        Assert.NotNull((await world.SendAsync(await world.SignUpAsync(), "+525512345678")).RetryAfter);
    }

    [Fact]
    public async Task An_account_gets_ten_codes_a_day()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        for (var i = 0; i < 10; i++)
            Assert.Null((await world.ShowAsync(ana, $"+5255123456{i:D2}")).RetryAfter);

        Assert.Equal(TimeSpan.FromDays(1), (await world.ShowAsync(ana, "+14155552671")).RetryAfter);
        Assert.Null((await world.ShowAsync(await world.SignUpAsync(), "+14155552671")).RetryAfter);
    }

    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")]
    public async Task An_address_gets_thirty_codes_a_day_and_of_IPv6_the_64_counts(string first, string same, string other)
    {
        await using var world = await LinkWorld.CreateAsync();
        for (var i = 0; i < 30; i++)
        {
            var account = await world.SignUpAsync();
            Assert.Null((await world.ShowAsync(account, "+525512345678", i % 2 == 0 ? first : same)).RetryAfter);
        }

        var last = await world.SignUpAsync();
        Assert.NotNull((await world.ShowAsync(last, "+525512345678", same)).RetryAfter);
        Assert.Null((await world.ShowAsync(last, "+525512345678", other)).RetryAfter);
    }

    [Fact]
    public async Task Many_requests_at_once_get_no_more_than_one()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();

        var issues = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => world.ShowAsync(ana, "+525512345678")));

        Assert.Single(issues, issue => issue.RetryAfter is null);
        Assert.Equal(1, await world.CountAsync("link_requests"));
    }

    [Fact]
    public async Task Requests_that_came_to_nothing_leave_after_a_day()
    {
        await using var world = await LinkWorld.CreateAsync();
        var ana = await world.SignUpAsync();
        await world.ShowAsync(ana, "+14155552671");
        await world.ShowAsync(ana, null);
        world.Clock.Advance(TimeSpan.FromHours(25));
        await world.ShowAsync(ana, "+525512345678");

        Assert.Equal("+525512345678", Assert.Single(await world.LinksAsync(ana)).Phone);
    }
}
