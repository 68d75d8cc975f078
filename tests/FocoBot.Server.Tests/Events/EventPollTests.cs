using System.Text.Json;
using FocoBot.Events;
using FocoBot.Security;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FocoBot.Tests.Events;

public sealed class EventPollTests
{
    [Fact]
    public async Task The_log_is_read_from_a_cursor_page_by_page()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var eve = await server.SignUpAsync();
        for (var i = 0; i < 5; i++) await ana.NewTaskAsync($"tarea {i}");

        var first = await ana.OkGetAsync("/api/events?limit=3");
        var rest = await ana.OkGetAsync($"/api/events?limit=3&after={first.GetProperty("nextCursor").GetInt64()}");
        var end = await ana.OkGetAsync($"/api/events?after={rest.GetProperty("nextCursor").GetInt64()}");

        Assert.Equal([1, 2, 3], Seqs(first));
        Assert.Equal([4, 5], Seqs(rest));
        Assert.Empty(Seqs(end));
        Assert.Equal(5, end.GetProperty("nextCursor").GetInt64());
        var seen = first.GetProperty("items")[0];
        Assert.Equal(("task.created", "tarea 0", null), (seen.Text("type"), seen.GetProperty("data").Text("title"), seen.Text("deviceId")));
        Assert.Empty(Seqs(await eve.OkGetAsync("/api/events")));
    }

    [Fact]
    public async Task A_long_poll_wakes_at_the_next_event()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var timers = server.Clock.Waiting;
        var waiting = ana.OkGetAsync("/api/events?wait=30");
        await server.Clock.WaitForTimersAsync(timers + 1).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(waiting.IsCompleted);

        await ana.NewTaskAsync("Pintar");

        Assert.Equal([1], Seqs(await waiting)); // the clock stood still: the signal woke it
    }

    [Fact]
    public async Task A_long_poll_sees_what_another_node_wrote()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var account = Guid.Parse((await ana.OkGetAsync("/api/auth/me")).Id());
        var timers = server.Clock.Waiting;
        var waiting = ana.OkGetAsync("/api/events?wait=30");
        await server.Clock.WaitForTimersAsync(timers + 1).WaitAsync(TimeSpan.FromSeconds(30));
        var elsewhere = new EventLog(server.Services.GetRequiredService<Keyring>(), new EventSignal(), server.Clock);

        await server.Database.AsAccount(account).WriteAsync(work => elsewhere.AppendAsync(work, account, "task.created", new { title = "far" }));
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal([1], Seqs(await waiting));
    }

    [Fact]
    public async Task A_long_poll_ends_empty_when_nothing_happens()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var start = server.Clock.GetUtcNow();
        var waiting = ana.OkGetAsync("/api/events?after=0&wait=7");

        await server.Clock.AdvanceUntilAsync(waiting);

        Assert.Empty(Seqs(await waiting));
        Assert.True(server.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_long_poll_ends_at_once_when_the_server_stops()
    {
        // The in-memory server does not wait for answers under way, as the real one does.
        var answered = new Answered();
        await using var server = await TestServer.StartAsync(services: services => services.AddSingleton<IHostedService>(answered));
        var ana = await server.SignUpAsync();
        var timers = server.Clock.Waiting;
        var waiting = ana.OkGetAsync("/api/events?wait=30");
        await server.Clock.WaitForTimersAsync(timers + 1).WaitAsync(TimeSpan.FromSeconds(30));

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Empty(Seqs(await waiting));
        answered.Signal.SetResult();
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_field()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();

        foreach (var (query, field) in new[] { ("after=-1", "after"), ("limit=0", "limit"), ("limit=501", "limit"), ("wait=-1", "wait"), ("wait=31", "wait") })
            Assert.Equal(field, (await ana.GetPathAsync("/api/events?" + query).RefusedAsync(422, "INVALID")).Text("field"));
        await ana.GetPathAsync("/api/events?after=soon").RefusedAsync(400, "INVALID");
    }

    private static List<long> Seqs(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("seq").GetInt64())];

    // Keeps the server from its end until the answer has come.
    private sealed class Answered : IHostedService
    {
        public TaskCompletionSource Signal { get; } = new();

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Signal.Task.WaitAsync(cancellationToken);
    }
}
