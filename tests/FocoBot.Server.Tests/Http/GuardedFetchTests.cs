using System.Net;
using System.Text;
using FocoBot.Http;
using Microsoft.AspNetCore.Http;

namespace FocoBot.Tests.Http;

public sealed class GuardedFetchTests
{
    private static readonly FetchRules Rules = new(1_000, TimeSpan.FromSeconds(20));

    [Fact]
    public async Task A_file_is_fetched_from_the_address_that_was_checked()
    {
        await using var host = await FileHost.StartAsync(context => WriteAsync(context, "hola"));
        Assert.Equal("hola", await GetAsync(host, "https://files.example.com/a?b=c"));
        Assert.Equal("93.184.216.34:443", Assert.Single(host.Dialled).ToString());
        Assert.Equal(1, host.Lookups);
        Assert.DoesNotContain(Assert.Single(host.Requests).Keys, name => name.ToLowerInvariant() is "cookie" or "authorization" or "traceparent" or "referer");
    }

    [Theory]
    [InlineData("http://files.example.com/")]
    [InlineData("ftp://files.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://files.example.com/")]
    [InlineData("https://somebody:secret@files.example.com/")]
    [InlineData("https://files.example.com:8443/")]
    [InlineData("https://files.example.com:22/")]
    [InlineData("/relative")]
    [InlineData("https://")]
    [InlineData("")]
    public async Task An_address_of_another_kind_is_refused(string url)
    {
        await using var host = await FileHost.StartAsync(context => WriteAsync(context, "hola"));
        Assert.Equal(FetchRefusal.BadUrl, await RefusedAsync(host, url));
        Assert.Empty(host.Dialled);
    }

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:169.254.169.254]/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://inside.example.com/")]
    [InlineData("https://both.example.com/")]
    [InlineData("https://nat64.example.com/")]
    public async Task What_leads_inside_is_never_dialled(string url)
    {
        await using var host = await FileHost.StartAsync(
            context => WriteAsync(context, "hola"), ("inside.example.com", ["10.0.0.7"]), ("both.example.com", [FileHost.Public, "192.168.1.1"]), ("nat64.example.com", ["64:ff9b::127.0.0.1"]));
        Assert.Equal(FetchRefusal.Forbidden, await RefusedAsync(host, url));
        Assert.Empty(host.Dialled);
    }

    [Theory]
    [InlineData("https://127.0.0.1/", FetchRefusal.Forbidden)]
    [InlineData("//inside.example.com/", FetchRefusal.Forbidden)]
    [InlineData("http://files.example.com/", FetchRefusal.BadUrl)]
    [InlineData("https://files.example.com:6379/", FetchRefusal.BadUrl)]
    [InlineData("file:///etc/passwd", FetchRefusal.BadUrl)]
    [InlineData("/again", FetchRefusal.TooManyRedirects)]
    internal async Task A_redirect_is_checked_like_the_address_it_came_from(string to, FetchRefusal reason)
    {
        await using var host = await FileHost.StartAsync(context => Redirect(context, to), ("inside.example.com", ["172.16.3.4"]));
        Assert.Equal(reason, await RefusedAsync(host, "https://files.example.com/"));
        Assert.All(host.Dialled, place => Assert.Equal(IPAddress.Parse(FileHost.Public), place.Address));
        Assert.Equal(reason is FetchRefusal.TooManyRedirects ? 4 : 1, host.Requests.Count);
    }

    [Fact]
    public async Task Three_redirects_are_followed_each_resolved_anew()
    {
        await using var host = await FileHost.StartAsync(context => context.Request.Path.Value!.Length < 4 ? Redirect(context, context.Request.Path + "x") : WriteAsync(context, "al fin"));
        Assert.Equal("al fin", await GetAsync(host, "https://files.example.com/"));
        Assert.Equal((4, 4), (host.Lookups, host.Dialled.Count));
    }

    [Fact]
    public async Task A_name_that_changes_between_two_requests_is_refused_at_the_second()
    {
        await using var host = await FileHost.StartAsync(context => context.Request.Path == "/" ? Redirect(context, "/next") : WriteAsync(context, "dentro"));
        var lookups = 0;
        using var fetch = new GuardedFetch(host.Network with { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(lookups++ == 0 ? FileHost.Public : "127.0.0.1")]) }, TimeProvider.System);
        var refused = await Assert.ThrowsAsync<FetchRefusedException>(() => fetch.GetAsync("https://files.example.com/", Rules, TestContext.Current.CancellationToken));
        Assert.Equal(FetchRefusal.Forbidden, refused.Reason);
        Assert.Single(host.Dialled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_much_is_cut_whatever_it_says_of_its_length(bool saysLength)
    {
        await using var host = await FileHost.StartAsync(async context =>
        {
            if (saysLength) context.Response.ContentLength = 100_000;
            for (var i = 0; i < 1_000 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(new byte[100], context.RequestAborted);
        });
        Assert.Equal(FetchRefusal.TooLarge, await RefusedAsync(host, "https://files.example.com/"));
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_comes_through()
    {
        await using var host = await FileHost.StartAsync(context => WriteAsync(context, new string('a', 1_000)));
        Assert.Equal(1_000, (await GetAsync(host, "https://files.example.com/")).Length);
    }

    [Fact]
    public async Task A_body_that_trickles_is_given_up_in_time()
    {
        await using var host = await FileHost.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync("."u8.ToArray(), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, context.RequestAborted);
            }
        });
        Assert.Equal(FetchRefusal.TooSlow, await RefusedAsync(host, "https://files.example.com/", Rules with { MostBytes = long.MaxValue, Time = TimeSpan.FromMilliseconds(500) }));
    }

    [Fact]
    public async Task An_answer_that_never_begins_is_given_up_in_time()
    {
        await using var host = await FileHost.StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        Assert.Equal(FetchRefusal.TooSlow, await RefusedAsync(host, "https://files.example.com/", Rules with { Time = TimeSpan.FromMilliseconds(300) }));
    }

    [Fact]
    public async Task A_body_that_would_have_to_be_unpacked_is_refused()
    {
        await using var host = await FileHost.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return WriteAsync(context, "bomb");
        });
        Assert.Equal(FetchRefusal.BadAnswer, await RefusedAsync(host, "https://files.example.com/"));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(304)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task An_answer_without_a_file_is_none(int status)
    {
        await using var host = await FileHost.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        Assert.Equal(FetchRefusal.BadAnswer, await RefusedAsync(host, "https://files.example.com/"));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_and_a_certificate_of_another_are_unreachable()
    {
        await using var host = await FileHost.StartAsync(context => WriteAsync(context, "hola"));
        Assert.Equal(FetchRefusal.Unreachable, await RefusedAsync(host, "https://nowhere.example.com/"));
        Assert.Equal(FetchRefusal.Unreachable, await RefusedAsync(host, "https://other.example.com/"));
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_that_it_was_slow()
    {
        await using var host = await FileHost.StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var fetch = new GuardedFetch(host.Network, TimeProvider.System);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.GetAsync("https://files.example.com/", Rules, patience.Token));
    }

    [Fact]
    public async Task Plain_http_and_other_ports_only_where_a_rule_says_so()
    {
        await using var host = await FileHost.StartAsync(context => WriteAsync(context, "hola"));
        Assert.Equal("hola", await GetAsync(host, "http://files.example.com/", Rules with { AllowsHttp = true }));
        Assert.Equal("hola", await GetAsync(host, "http://files.example.com:8080/", Rules with { AllowsHttp = true, Ports = [8080] }));
        Assert.Equal(FetchRefusal.BadUrl, await RefusedAsync(host, "http://files.example.com/", Rules with { AllowsHttp = true, Ports = [8080] }));
    }

    private static async Task<string> GetAsync(FileHost host, string url, FetchRules? rules = null)
    {
        using var fetch = new GuardedFetch(host.Network, TimeProvider.System);
        await using var fetched = await fetch.GetAsync(url, rules ?? Rules, TestContext.Current.CancellationToken);
        using var text = new StreamReader(fetched.Body, Encoding.UTF8);
        return await text.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<FetchRefusal> RefusedAsync(FileHost host, string url, FetchRules? rules = null) =>
        (await Assert.ThrowsAsync<FetchRefusedException>(() => GetAsync(host, url, rules))).Reason;

    private static Task WriteAsync(HttpContext context, string text) => context.Response.WriteAsync(text, context.RequestAborted);

    private static Task Redirect(HttpContext context, string to)
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = to;
        return Task.CompletedTask;
    }
}
