using System.Net;
using FocoBot.Operations;
using FocoBot.Security;
using FocoBot.Storage;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FocoBot.Tests.Operations;

public sealed class HealthTests
{
    [Fact]
    public async Task Anyone_may_ask_and_a_working_server_is_live_and_ready()
    {
        await using var server = await TestServer.StartAsync();
        using var anyone = server.Browser();

        Assert.Equal("""{"status":"live"}""", (await anyone.OkGetAsync("/health/live")).ToString());
        Assert.Equal("""{"status":"ready","reasons":[],"inboxSeconds":null,"outboxSeconds":null}""", (await anyone.OkGetAsync("/health/ready")).ToString());
    }

    [Fact]
    public async Task Waiting_messages_show_their_age()
    {
        await using var server = await TestServer.StartAsync();
        using var anyone = server.Browser();
        await server.Database.AsService("test").WriteAsync(async work =>
        {
            var now = server.Clock.GetUtcNow();
            await work.ExecuteAsync("INSERT INTO inbox (id, channel, provider_id, address, state, received_at) VALUES (@id, 'test', '1', 'x', 'pending', @at), (@other, 'test', '2', 'x', 'done', @before)",
                new { id = Ids.New(server.Clock), other = Ids.New(server.Clock), at = now.AddSeconds(-40), before = now.AddSeconds(-400) });
            await work.ExecuteAsync("INSERT INTO outbox (id, channel, address, purpose, state, created_at) VALUES (@id, 'test', 'x', 'reply', 'pending', @at)", new { id = Ids.New(server.Clock), at = now.AddSeconds(-20) });
        });

        var ready = await anyone.OkGetAsync("/health/ready");

        Assert.Equal((40, 20), (ready.GetProperty("inboxSeconds").GetInt64(), ready.GetProperty("outboxSeconds").GetInt64()));
    }

    [Fact]
    public async Task A_server_whose_database_fails_is_live_but_not_ready_and_says_why()
    {
        await using var server = await TestServer.StartAsync();
        using var anyone = server.Browser();
        await server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("ALTER TABLE inbox RENAME TO gone"));

        using var answer = await anyone.GetPathAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"unready","reasons":["The database does not answer."],"inboxSeconds":null,"outboxSeconds":null}""", (await answer.JsonAsync()).ToString());
        Assert.Equal("live", (await anyone.OkGetAsync("/health/live")).Text("status"));
    }

    [Fact]
    public async Task A_server_that_stops_or_has_no_keys_is_not_ready()
    {
        await using var server = await TestServer.StartAsync();
        var health = new Health(server.Database, new Keyring(server.Services.GetRequiredService<Secrets>(), server.Clock), new Stopping(), server.Clock);

        var answer = await health.AskAsync();

        Assert.Equal(["The server is stopping.", "The keyring is not open."], answer.Reasons);
    }

    private sealed class Stopping : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => new(canceled: true);
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new NotSupportedException();
    }
}
