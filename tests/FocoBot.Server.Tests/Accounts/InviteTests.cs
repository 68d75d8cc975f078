using FocoBot.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Accounts;

public class InviteTests
{
    [Fact]
    public async Task Production_asks_for_an_invitation_by_default()
    {
        await using var server = await ProductionAsync();
        await server.Browser().RegisterAsync("ana@example.com").RefusedAsync(403, "INVITE_REQUIRED");
        await server.Browser().RegisterAsync("ana@example.com", invite: "made-up").RefusedAsync(403, "INVITE_INVALID");
        Assert.Equal(0, await server.CountAsync("SELECT count(*) FROM accounts"));
    }

    [Fact]
    public async Task The_link_printed_at_start_makes_the_first_administrator_once()
    {
        await using var server = await ProductionAsync();
        var token = await OfferedAsync(server);
        var admin = server.Browser();

        await admin.RegisterAsync("root@example.com", invite: token).OkJsonAsync();

        Assert.Equal("admin", (await admin.GetMeAsync().OkJsonAsync()).GetProperty("role").GetString());
        await server.Browser().RegisterAsync("second@example.com", invite: token).RefusedAsync(403, "INVITE_INVALID");
        Assert.Null(await OfferedAsync(server));
    }

    [Fact]
    public async Task Each_start_voids_the_link_of_the_last_and_a_link_ends_after_a_week()
    {
        await using var server = await ProductionAsync();
        var old = await OfferedAsync(server);
        var fresh = await OfferedAsync(server);
        await server.Browser().RegisterAsync("root@example.com", invite: old).RefusedAsync(403, "INVITE_INVALID");

        server.Clock.Leap(TimeSpan.FromDays(7));

        await server.Browser().RegisterAsync("root@example.com", invite: fresh).RefusedAsync(403, "INVITE_INVALID");
    }

    [Fact]
    public async Task A_first_administrators_link_is_worthless_once_there_is_one()
    {
        await using var server = await ProductionAsync();
        var token = await OfferedAsync(server);
        await server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync(
            "INSERT INTO accounts (id, email, email_key, role, created_at, updated_at) VALUES (@id, 'r@example.com', 'r@example.com', 'admin', @now, @now)",
            new { id = FocoBot.Storage.Ids.New(server.Clock), now = server.Clock.GetUtcNow() }));

        await server.Browser().RegisterAsync("thief@example.com", invite: token).RefusedAsync(403, "INVITE_INVALID");
    }

    [Fact]
    public async Task An_invitation_lets_in_one_account_and_for_a_named_email_no_other()
    {
        await using var server = await ProductionAsync();
        var admin = server.Browser();
        await admin.RegisterAsync("root@example.com", invite: await OfferedAsync(server)).OkJsonAsync();
        var named = await InviteAsync(admin, new { email = "Ana@example.com" });
        var open = await InviteAsync(admin, new { });

        await server.Browser().RegisterAsync("bo@example.com", invite: named).RefusedAsync(403, "INVITE_INVALID");
        var ana = await server.Browser().RegisterAsync("ana@example.com", invite: named).OkJsonAsync();
        await server.Browser().RegisterAsync("bo@example.com", invite: open).OkJsonAsync();
        await server.Browser().RegisterAsync("cy@example.com", invite: open).RefusedAsync(403, "INVITE_INVALID");

        Assert.Equal("user", ana.GetProperty("role").GetString());
    }

    [Fact]
    public async Task An_invitation_is_not_spent_by_a_registration_that_fails()
    {
        await using var server = await ProductionAsync();
        var admin = server.Browser();
        await admin.RegisterAsync("root@example.com", invite: await OfferedAsync(server)).OkJsonAsync();
        var invite = await InviteAsync(admin, new { });

        await server.Browser().RegisterAsync("root@example.com", invite: invite).RefusedAsync(409, "EMAIL_TAKEN");

        await server.Browser().RegisterAsync("ana@example.com", invite: invite).OkJsonAsync();
    }

    [Fact]
    public async Task An_invitation_ends_on_its_day()
    {
        await using var server = await ProductionAsync();
        var admin = server.Browser();
        await admin.RegisterAsync("root@example.com", invite: await OfferedAsync(server)).OkJsonAsync();
        var invite = await InviteAsync(admin, new { expiresInDays = 2 });
        await admin.PostAsync("/api/admin/invites", new { expiresInDays = 31 }).RefusedAsync(422, "INVALID");

        server.Clock.Leap(TimeSpan.FromDays(2));

        await server.Browser().RegisterAsync("ana@example.com", invite: invite).RefusedAsync(403, "INVITE_INVALID");
    }

    [Fact]
    public async Task Closed_is_closed_but_for_the_first_administrator()
    {
        await using var server = await ProductionAsync("closed");
        var admin = server.Browser();
        await admin.RegisterAsync("root@example.com", invite: await OfferedAsync(server)).OkJsonAsync();
        var invite = await InviteAsync(admin, new { });

        await server.Browser().RegisterAsync("ana@example.com").RefusedAsync(403, "REGISTRATION_CLOSED");
        await server.Browser().RegisterAsync("ana@example.com", invite: invite).RefusedAsync(403, "INVITE_INVALID");
    }

    [Fact]
    public async Task Open_is_open_in_production_and_makes_no_administrator()
    {
        await using var server = await ProductionAsync("open");
        var made = await server.Browser().RegisterAsync("ana@example.com").OkJsonAsync();
        Assert.Equal("user", made.GetProperty("role").GetString());
    }

    private static Task<TestServer> ProductionAsync(string? registration = null)
    {
        var settings = new Dictionary<string, string>(TestServer.ProductionSecrets);
        if (registration is not null) settings["FOCOBOT_REGISTRATION"] = registration;
        return TestServer.StartAsync(settings, "Production");
    }

    // What a start prints; its token.
    private static async Task<string?> OfferedAsync(TestServer server)
    {
        await using var output = new StringWriter();
        await server.Services.GetRequiredService<FirstAdmin>().OfferAsync(output, CancellationToken.None);
        var printed = output.ToString();
        if (printed.Length == 0) return null;
        Assert.Contains(TestServer.BaseUrl + "/register#token=", printed, StringComparison.Ordinal);
        return printed[(printed.IndexOf("#token=", StringComparison.Ordinal) + 7)..].Trim();
    }

    private static async Task<string> InviteAsync(HttpClient admin, object body) =>
        (await admin.PostAsync("/api/admin/invites", body).OkJsonAsync()).GetProperty("token").GetString()!;
}
