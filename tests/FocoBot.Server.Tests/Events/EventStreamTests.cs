using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using FocoBot.Accounts;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FocoBot.Tests.Events;

public sealed class EventStreamTests
{
    [Fact]
    public async Task A_reader_that_comes_and_goes_misses_nothing_and_sees_nothing_twice()
    {
        const int Writers = 4, Each = 50;
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var key = await TestServer.ApiKeyAsync(ana, Scopes.EventsRead);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++) await ana.NewTaskAsync($"tarea {writer}.{i}");
        }));

        var seen = new List<long>();
        while (seen.Count < Writers * Each)
        {
            using var reader = await EventReader.WithKeyAsync(server, key, seen.LastOrDefault());
            for (var stay = 1 + (seen.Count % 17); stay > 0 && seen.Count < Writers * Each; stay--)
                seen.Add((await reader.NextAsync())!.Value.GetProperty("seq").GetInt64());
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, Writers * Each).Select(seq => (long)seq), seen);
    }

    [Fact]
    public async Task Without_a_cursor_the_stream_begins_now_and_its_frames_say_what_happened()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var key = await TestServer.ApiKeyAsync(ana, Scopes.EventsRead);
        await ana.NewTaskAsync("old");
        using var reader = await EventReader.WithKeyAsync(server, key);

        var task = await ana.NewTaskAsync("new");
        var frame = (await reader.NextAsync())!.Value;

        Assert.Equal((2, "task.created", null, server.Clock.GetUtcNow()),
            (frame.GetProperty("seq").GetInt64(), frame.Text("type"), frame.Text("deviceId"), frame.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal((task.Id(), "new"), (frame.GetProperty("data").Id(), frame.GetProperty("data").Text("title")));
        Assert.Equal(["seq", "type", "deviceId", "at", "data"], frame.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_silent_stream_beats_and_the_beat_carries_the_last_seq()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        await ana.NewTaskAsync("Pintar");
        using var reader = await EventReader.WithKeyAsync(server, await TestServer.ApiKeyAsync(ana, Scopes.EventsRead));
        var start = server.Clock.GetUtcNow();

        var next = reader.NextAsync();
        await server.Clock.AdvanceUntilAsync(next);

        var beat = (await next)!.Value;
        Assert.Equal(("heartbeat", 1), (beat.Text("type"), beat.GetProperty("seq").GetInt64()));
        Assert.True(server.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_is_revoked()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        using var reader = await EventReader.WithKeyAsync(server, await TestServer.ApiKeyAsync(ana, Scopes.EventsRead));
        var key = (await ana.OkGetAsync("/api/keys")).GetProperty("items")[0].Id();
        await ana.DeletePathAsync($"/api/keys/{key}").OkJsonAsync();

        var next = reader.NextAsync();
        await server.Clock.AdvanceUntilAsync(next);

        Assert.Null(await next);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, reader.Socket.CloseStatus);
    }

    [Fact]
    public async Task A_stream_ends_when_its_session_does_and_not_before()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync("ana@example.com");
        using var other = await EventReader.ConnectAsync(server, "", ("Cookie", await CookieOfAsync(server, "ana@example.com")), ("Origin", TestServer.BaseUrl));
        var beat = other.NextAsync();
        await server.Clock.AdvanceUntilAsync(beat);
        Assert.Equal("heartbeat", (await beat)!.Value.Text("type"));

        await ana.DeletePathAsync("/api/auth/sessions").OkJsonAsync();
        var end = EndAsync();
        await server.Clock.AdvanceUntilAsync(end);

        await end;
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, other.Socket.CloseStatus);

        // A beat may have been on its way already.
        async Task EndAsync()
        {
            while (await other.NextAsync() is { } frame) Assert.Equal("heartbeat", frame.Text("type"));
        }
    }

    [Fact]
    public async Task A_stream_ends_at_once_when_the_server_stops()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        using var reader = await EventReader.WithKeyAsync(server, await TestServer.ApiKeyAsync(ana, Scopes.EventsRead));

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Null(await reader.NextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, reader.Socket.CloseStatus);
    }

    [Fact]
    public async Task A_stream_takes_no_messages()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        using var reader = await EventReader.WithKeyAsync(server, await TestServer.ApiKeyAsync(ana, Scopes.EventsRead));

        await reader.Socket.SendAsync(new byte[10_000], WebSocketMessageType.Binary, endOfMessage: false, TestContext.Current.CancellationToken);

        Assert.Null(await reader.NextAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, reader.Socket.CloseStatus);
    }

    [Fact]
    public async Task Another_sites_page_can_not_open_a_stream_with_a_persons_cookie()
    {
        await using var server = await TestServer.StartAsync();
        await server.SignUpAsync("ana@example.com");
        var cookie = ("Cookie", await CookieOfAsync(server, "ana@example.com"));

        await RefusedAsync(403, () => EventReader.ConnectAsync(server, "", cookie, ("Origin", "https://evil.example.com")));
        await RefusedAsync(403, () => EventReader.ConnectAsync(server, "", cookie, ("Origin", "null")));
        await RefusedAsync(403, () => EventReader.ConnectAsync(server, "", cookie, ("Origin", TestServer.BaseUrl), ("Sec-Fetch-Site", "cross-site")));
        using var own = await EventReader.ConnectAsync(server, "", cookie, ("Origin", TestServer.BaseUrl));
        Assert.Equal(WebSocketState.Open, own.Socket.State);
    }

    [Fact]
    public async Task A_key_counts_in_its_header_only()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var key = await TestServer.ApiKeyAsync(ana, Scopes.EventsRead);
        var narrow = await TestServer.ApiKeyAsync(ana, Scopes.TasksRead);

        foreach (var name in new[] { "access_token", "token", "key", "api_key", "authorization" })
            await RefusedAsync(401, () => EventReader.ConnectAsync(server, $"?{name}={key}"));
        await RefusedAsync(403, () => EventReader.WithKeyAsync(server, narrow));
        await server.Program(key).GetPathAsync("/api/events/stream").RefusedAsync(426, "UPGRADE_REQUIRED");
    }

    [Fact]
    public async Task An_account_has_twenty_places_and_a_reader_that_leaves_frees_one()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        var eve = await server.SignUpAsync();
        var key = await TestServer.ApiKeyAsync(ana, Scopes.EventsRead);
        var readers = new List<EventReader>();
        for (var i = 0; i < 20; i++) readers.Add(await EventReader.WithKeyAsync(server, key));

        await RefusedAsync(429, () => EventReader.WithKeyAsync(server, key));
        await ana.GetPathAsync("/api/events").RefusedAsync(429, "TOO_MANY_READERS");
        using var others = await EventReader.WithKeyAsync(server, await TestServer.ApiKeyAsync(eve, Scopes.EventsRead));
        await readers[7].Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await ana.GetPathAsync("/api/events");
            if (answer.IsSuccessStatusCode) break;
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "The place was never given back.");
        }

        readers.ForEach(reader => reader.Dispose());
    }

    private static async Task RefusedAsync(int status, Func<Task<EventReader>> connect)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(connect);
        Assert.EndsWith($"status code: {status}", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> CookieOfAsync(TestServer server, string email)
    {
        using var client = server.Host.CreateClient();
        client.BaseAddress = new Uri(TestServer.BaseUrl);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = JsonContent.Create(new { email, password = TestServer.Password }) };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }
}
