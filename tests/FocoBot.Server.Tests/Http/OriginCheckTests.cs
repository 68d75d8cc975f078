using System.Net.Http.Json;
using FocoBot.Http;
using FocoBot.Tests.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Http;

public class OriginCheckTests
{
    [Theory]
    [InlineData("same-origin", null, true)]
    [InlineData("none", null, true)]
    [InlineData("same-site", null, false)]
    [InlineData("cross-site", null, false)]
    [InlineData("cross-site", TestServer.BaseUrl, false)]
    [InlineData("CROSS-SITE", null, false)]
    [InlineData(null, TestServer.BaseUrl, true)]
    [InlineData(null, "https://evil.example", false)]
    [InlineData(null, "https://bot.example.com.evil.example", false)]
    [InlineData(null, "http://bot.example.com", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, null, false)]
    public async Task A_change_with_a_cookie_must_come_from_our_own_pages(string? site, string? origin, bool accepted)
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        browser.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        if (site is not null) browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        if (origin is not null) browser.DefaultRequestHeaders.Add("Origin", origin);

        var change = browser.PatchAsJsonAsync("/api/settings", new { language = "en" }, TestContext.Current.CancellationToken);

        if (accepted) await change.OkJsonAsync();
        else await change.RefusedAsync(403, "CROSS_SITE");
        Assert.Equal(accepted ? 0 : 1, await server.AuditedAsync("unauthorized_access_attempt", "CROSS_SITE"));
        var settings = await browser.GetPathAsync("/api/settings").OkJsonAsync(); // reading is no change, wherever it comes from
        Assert.Equal(accepted ? "en" : "es", settings.GetProperty("language").GetString());
    }

    [Fact]
    public async Task Another_site_cannot_sign_a_visitor_in_either()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        var visitor = server.Browser();
        visitor.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        visitor.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        await visitor.LoginAsync("ana@example.com").RefusedAsync(403, "CROSS_SITE");
    }

    [Fact]
    public async Task A_program_with_a_key_or_without_anything_needs_no_origin()
    {
        await using var server = await TestServer.StartAsync();
        var key = server.Program(await TestServer.ApiKeyAsync(await server.SignUpAsync("ana@example.com"), "account:write"));
        key.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        await key.PatchAsJsonAsync("/api/settings", new { language = "en" }, TestContext.Current.CancellationToken).OkJsonAsync();

        var curl = server.Browser();
        curl.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        await curl.LoginAsync("ana@example.com").OkJsonAsync();
    }

    [Fact]
    public async Task A_key_beside_a_cookie_does_not_lift_the_check()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        browser.DefaultRequestHeaders.Add("Authorization", "Bearer " + await TestServer.ApiKeyAsync(browser, "account:write"));
        browser.DefaultRequestHeaders.Remove("Sec-Fetch-Site");

        await browser.PatchAsJsonAsync("/api/settings", new { language = "en" }, TestContext.Current.CancellationToken).RefusedAsync(403, "CROSS_SITE");
    }

    [Fact]
    public async Task Opening_a_websocket_counts_as_a_change()
    {
        await using var server = await TestServer.StartAsync();
        var browser = await server.SignUpAsync();
        browser.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        browser.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");

        await browser.SendAsync(request, TestContext.Current.CancellationToken).RefusedAsync(403, "CROSS_SITE");
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 403)]
    public async Task A_webhook_that_its_caller_signs_is_exempt(bool signed, int status)
    {
        await using var server = await TestServer.StartAsync();
        var context = new DefaultHttpContext { RequestServices = server.Services, Request = { Method = "POST", Path = "/api/hook" } };
        context.Request.Headers["Sec-Fetch-Site"] = "cross-site";
        context.Request.Headers.Cookie = "any=1";
        context.SetEndpoint(new Endpoint(null, signed ? new EndpointMetadataCollection(new SignedByCallerAttribute()) : null, "hook"));
        var check = ActivatorUtilities.CreateInstance<OriginCheck>(server.Services, (RequestDelegate)(_ => Task.CompletedTask));

        await check.InvokeAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
    }
}
