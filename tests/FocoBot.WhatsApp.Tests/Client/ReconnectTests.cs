using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Client;

public class ReconnectTests
{
    [Fact]
    public async Task A_replaced_device_stays_away()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendAsync(new Node("stream:error", new Node("conflict", [("type", "replaced")])));
        var ended = await test.ExpectAsync<Disconnected>();
        Assert.Equal((EndCause.Replaced, EndReaction.Stop, null), (ended.End.Cause, ended.End.Reaction, ended.RetryIn));
        Assert.Equal((ConnectionState.Disconnected, 1), (test.Client.State, test.Server.Arrivals));
        Assert.NotNull(await test.StoredAsync());
    }

    [Fact]
    public async Task A_device_that_was_unlinked_says_so_and_keeps_its_credentials()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        var connecting = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(new Node("failure", [("reason", "401"), ("location", "vll")]));
        var refused = await Assert.ThrowsAsync<ConnectionEndedException>(() => connecting);
        Assert.Equal((EndCause.LoggedOut, Recovery.LinkAgain), (refused.End.Cause, refused.Recovery));
        Assert.NotNull(await test.StoredAsync());
    }

    [Fact]
    public async Task A_lost_connection_is_opened_again_after_pauses_that_grow()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        test.Server.Failing = 6;
        await server.CloseAsync();
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var ended = test.ExpectAsync<Disconnected>();
            await test.Clock.AdvanceUntilAsync(ended, TimeSpan.FromSeconds(60));
            pauses.Add((await ended).RetryIn!.Value.TotalSeconds);
        }

        foreach (var (pause, expected) in pauses.Zip([1, 2, 4, 8, 16, 30, 30]))
            Assert.InRange(pause, expected * 0.8, expected * 1.2);
        var next = test.Server.AcceptAsync();
        await test.Clock.AdvanceUntilAsync(next, TimeSpan.FromSeconds(60));
        await TestClient.ServeLoginAsync(await next);
        await test.ExpectAsync<Connected>();
    }

    [Fact]
    public void After_so_many_tries_in_a_row_the_pauses_are_long_until_a_connection_lasts()
    {
        using var random = System.Security.Cryptography.RandomNumberGenerator.Create();
        var policy = new ReconnectPolicy(random, quickTries: 5, TimeSpan.FromMinutes(15));
        double Pause(TimeSpan lasted = default) => policy.Next(new(EndCause.Lost), lasted, DateTimeOffset.UnixEpoch).TotalSeconds;
        foreach (var expected in new[] { 1, 2, 4, 8, 16, 900, 900 })
            Assert.InRange(Pause(), expected * 0.8, expected * 1.2);
        Assert.InRange(Pause(TimeSpan.FromMinutes(1)), 0.8, 1.2);
    }

    [Fact]
    public async Task A_banned_device_waits_as_long_as_it_is_told()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        _ = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(new Node("failure", [("reason", "402"), ("code", "101"), ("expire", "3600")]));
        var ended = await test.ExpectAsync<Disconnected>();
        Assert.Equal((EndCause.TemporarilyBanned, 101, test.Clock.GetUtcNow().AddHours(1)), (ended.End.Cause, ended.End.BanCode!.Value, ended.End.Until!.Value));
        Assert.Equal(TimeSpan.FromHours(1), ended.RetryIn);
    }

    [Fact]
    public async Task A_connection_whose_pings_stay_unanswered_is_dead()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        var ended = test.ExpectAsync<Disconnected>();
        var took = await test.Clock.AdvanceUntilAsync(ended, TimeSpan.FromSeconds(60));
        Assert.Equal(EndCause.Lost, (await ended).End.Cause);
        Assert.InRange(took, TimeSpan.FromSeconds(15 + 20), TimeSpan.FromSeconds(30 + 20 + 5));
        var ping = await server.ReadAsync();
        Assert.Equal(("iq", "w:p", "get"), (ping.Tag, ping["xmlns"], ping["type"]));
    }

    [Fact]
    public async Task A_connection_whose_pings_are_answered_lives()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        var pings = server.AnswerAllAsync();
        var ended = test.ExpectAsync<Disconnected>();
        await Assert.ThrowsAsync<TimeoutException>(() => test.Clock.AdvanceUntilAsync(ended, TimeSpan.FromSeconds(150), TimeSpan.Zero));
        await test.Client.DisconnectAsync();
        Assert.Equal(EndCause.Stopped, (await ended).End.Cause);
        await pings;
    }

    [Fact]
    public async Task A_frame_that_does_not_decrypt_ends_the_connection()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendGarbageAsync();
        Assert.Equal(EndCause.ProtocolBroken, (await test.ExpectAsync<Disconnected>()).End.Cause);
    }

    [Fact]
    public async Task A_server_of_another_root_is_not_trusted()
    {
        var clock = new FakeClock();
        var server = new ScriptedServer(clock);
        var store = new InMemoryDeviceStore();
        await using var client = new WhatsAppClient(new() { Store = store, Clock = clock, OpenSocket = server.OpenAsync });
        _ = client.LinkByQrAsync();
        _ = server.AcceptAsync();
        await foreach (var happened in client.Events)
        {
            Assert.Equal(EndCause.HandshakeFailed, Assert.IsType<DeviceNotLinked>(happened).End!.Cause);
            break;
        }
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left_after_20_seconds()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        _ = test.Client.ConnectAsync();
        using var socket = await test.Server.AcceptSilentlyAsync();
        var ended = test.ExpectAsync<Disconnected>();
        var took = await test.Clock.AdvanceUntilAsync(ended, TimeSpan.FromSeconds(40));
        Assert.InRange(took, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(25));
        Assert.Equal(EndCause.Lost, (await ended).End.Cause);
    }

    [Fact]
    public async Task An_acknowledgement_that_the_server_misses_is_sent_before_the_end()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await server.SendAsync(new Node("stream:error", new Node("ack", [("class", "notification"), ("id", "n9")])));
        var ack = await server.ReadAsync();
        Assert.Equal(("ack", "notification", "n9"), (ack.Tag, ack["class"], ack["id"]));
        Assert.Equal(EndCause.AckMissing, (await test.ExpectAsync<Disconnected>()).End.Cause);
    }

    [Fact]
    public async Task Disconnecting_closes_the_socket_and_connecting_again_works()
    {
        await using var test = new TestClient();
        var server = await test.LogInAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Client.ConnectAsync());
        await test.Client.DisconnectAsync();
        await server.ExpectEndAsync();
        Assert.Equal(EndCause.Stopped, (await test.ExpectAsync<Disconnected>()).End.Cause);
        Assert.Equal(ConnectionState.Disconnected, test.Client.State);
        var connecting = test.Client.ConnectAsync();
        await TestClient.ServeLoginAsync(await test.Server.AcceptAsync());
        await connecting;
    }

    [Fact]
    public async Task Disposing_ends_the_events_even_when_nobody_reads_them()
    {
        var test = new TestClient();
        var server = await test.LogInAsync();
        for (var i = 0; i < Limits.PendingEvents + 10; i++)
            await server.SendAsync(new Node("ib", [("from", Jid.Service)], new Node("offline", [("count", "0")])));
        await test.DisposeAsync();
        Assert.Equal(ConnectionState.Disconnected, test.Client.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.Client.ConnectAsync());
    }
}
