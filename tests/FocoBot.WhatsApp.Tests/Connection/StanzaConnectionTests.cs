using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Tests.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace FocoBot.WhatsApp.Tests.Connection;

public sealed class StanzaConnectionTests : IAsyncDisposable
{
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly FakeClock _clock = new();
    private StanzaConnection? _connection;
    private Task? _running;

    [Fact]
    public async Task Answers_find_their_requests_in_any_order()
    {
        var server = await OpenAsync();
        var asked = Enumerable.Range(0, 20).Select(i => _connection!.RequestAsync("x", "get", new Node($"q{i}"), default)).ToArray();
        var requests = new List<Node>();
        foreach (var _ in asked)
            requests.Add(await server.ReadAsync());
        Assert.Equal(20, requests.Select(request => request["id"]).Distinct().Count());
        requests.Reverse();
        foreach (var request in requests)
            await server.AnswerAsync(request, new Node(request.Children[0].Tag));
        for (var i = 0; i < asked.Length; i++)
            Assert.Equal($"q{i}", (await asked[i]).Children[0].Tag);
    }

    [Fact]
    public async Task A_request_without_an_answer_times_out_and_a_late_answer_harms_nobody()
    {
        var server = await OpenAsync();
        var asked = _connection!.RequestAsync("x", "get", new Node("q"), default, timeout: TimeSpan.FromSeconds(10));
        var request = await server.ReadAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Recovery.Retry, (await Assert.ThrowsAsync<RequestTimeoutException>(() => asked)).Recovery);
        await server.AnswerAsync(request);
        await AssertAliveAsync(server);
    }

    [Fact]
    public async Task A_refused_request_tells_the_code()
    {
        var server = await OpenAsync();
        var asked = _connection!.RequestAsync("x", "get", new Node("q"), default);
        await server.RefuseAsync(await server.ReadAsync(), "404", "item-not-found");
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestRefusedException>(() => asked)).Code);
    }

    [Fact]
    public async Task No_more_requests_wait_than_the_limit()
    {
        var server = await OpenAsync();
        using var over = new CancellationTokenSource();
        var asked = Enumerable.Range(0, Limits.PendingRequests).Select(_ => _connection!.RequestAsync("x", "get", new Node("q"), over.Token)).ToArray();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _connection!.RequestAsync("x", "get", new Node("q"), default));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(asked));
        foreach (var _ in asked)
            await server.ReadAsync();
        await AssertAliveAsync(server);
    }

    [Fact]
    public async Task The_first_reason_counts_and_reaches_all_who_wait()
    {
        await OpenAsync();
        var asked = _connection!.RequestAsync("x", "get", new Node("q"), default);
        _connection.End(new(EndCause.Replaced));
        _connection.End(new(EndCause.Lost));
        Assert.Equal(EndCause.Replaced, (await Assert.ThrowsAsync<ConnectionEndedException>(() => asked)).End.Cause);
        Assert.Equal(EndCause.Replaced, (await Assert.ThrowsAsync<ConnectionEndedException>(() => _connection.SendAsync(new Node("x")))).End.Cause);
        Assert.Equal(EndCause.Replaced, (await Assert.ThrowsAsync<ConnectionEndedException>(() => _connection.RequestAsync("x", "get", default, default))).End.Cause);
    }

    [Fact]
    public async Task Many_may_send_at_once()
    {
        var server = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => _connection!.SendAsync(new Node("x", new byte[i * 50])))));
        var sizes = new List<int>();
        for (var i = 0; i < 200; i++)
            sizes.Add((await server.ReadAsync()).Content.Bytes.Length / 50);
        Assert.Equal(Enumerable.Range(0, 200), sizes.Order());
    }

    [Fact]
    public async Task Large_stanzas_arrive_whole()
    {
        Node? got = null;
        var server = await OpenAsync(stanza => got = stanza);
        var content = RandomNumberGenerator.GetBytes(300_000);
        await server.SendAsync(new Node("big", content));
        await AssertAliveAsync(server);
        Assert.Equal(content, got!.Content.Bytes.ToArray());
    }

    [Fact]
    public async Task A_handler_that_fails_ends_the_connection()
    {
        var server = await OpenAsync(_ => throw new InvalidDataException("The store is broken."));
        await server.SendAsync(new Node("x"));
        await _running!;
        Assert.Equal(EndCause.Internal, (await _connection!.Ended).Cause);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        await _connection.CloseAsync(new(EndCause.Stopped));
        await _running!;
        _connection.Dispose();
        _random.Dispose();
    }

    private async Task<ServerConnection> OpenAsync(Action<Node>? handle = null)
    {
        var server = new ScriptedServer(_clock);
        var socket = new FrameSocket(await server.OpenAsync(new("ws://test"), default));
        var accepting = server.AcceptAsync();
        var greeting = new Greeting(KeyPair.Generate(_random).Private, default, server.RootKey, new byte[] { 8, 1 });
        _connection = new(socket, await Handshake.PerformAsync(socket, greeting, _random, _clock, default), _random, _clock, NullLogger.Instance);
        _running = _connection.RunAsync(stanza =>
        {
            handle?.Invoke(stanza);
            return default;
        });
        return await accepting;
    }

    private async Task AssertAliveAsync(ServerConnection server)
    {
        var asked = _connection!.RequestAsync("x", "get", new Node("alive"), default);
        await server.AnswerAsync(await server.ReadAsync());
        await asked;
    }
}
