using System.IO.Pipelines;
using System.Net.WebSockets;
using FocoBot.Accounts;
using FocoBot.Events;
using FocoBot.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Events;

/// <summary>Real WebSocket framing over a connection that holds a few kilobytes: a reader that stops reading stops the server's writes.</summary>
public sealed class SlowReaderTests
{
    [Fact]
    public async Task A_reader_that_takes_no_frame_in_time_is_told_so_when_it_reads_again()
    {
        await using var server = await TestServer.StartAsync();
        var caller = await FloodAsync(server);
        var (ours, theirs) = Connection();
        var timers = server.Clock.Waiting;
        var running = server.Services.GetRequiredService<EventStream>().RunAsync(ours, caller, 0, TestContext.Current.CancellationToken);

        await server.Clock.WaitForTimersAsync(timers + 1).WaitAsync(TimeSpan.FromSeconds(30)); // a send that has to wait
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        using var reader = new EventReader(theirs);
        var seqs = new List<long>();
        while (await reader.NextAsync() is { } frame) seqs.Add(frame.GetProperty("seq").GetInt64());
        await running;

        Assert.Equal((WebSocketCloseStatus)1013, theirs.CloseStatus);
        Assert.Equal(Enumerable.Range(1, seqs.Count).Select(seq => (long)seq), seqs);
        Assert.InRange(seqs.Count, 1, 19); // it stopped on the way
    }

    [Fact]
    public async Task A_reader_that_never_reads_again_is_let_go()
    {
        await using var server = await TestServer.StartAsync();
        var caller = await FloodAsync(server);
        var (ours, theirs) = Connection();
        using (theirs)
        {
            var running = server.Services.GetRequiredService<EventStream>().RunAsync(ours, caller, 0, TestContext.Current.CancellationToken);

            await server.Clock.AdvanceUntilAsync(running);

            await running;
            Assert.Equal(WebSocketState.Aborted, ours.State);
        }
    }

    private static async Task<Caller> FloodAsync(TestServer server)
    {
        var ana = await server.SignUpAsync();
        for (var i = 0; i < 20; i++) await ana.NewTaskAsync($"tarea {i}", notes: new string('a', 2_000));
        return new Caller(Guid.Parse((await ana.OkGetAsync("/api/auth/me")).Id()), null, null, false);
    }

    private static (WebSocket Ours, WebSocket Theirs) Connection()
    {
        var options = new PipeOptions(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048);
        var (down, up) = (new Pipe(options), new Pipe(options));
        return (WebSocket.CreateFromStream(new Duplex(up.Reader.AsStream(), down.Writer.AsStream()), new WebSocketCreationOptions { IsServer = true }),
            WebSocket.CreateFromStream(new Duplex(down.Reader.AsStream(), up.Writer.AsStream()), new WebSocketCreationOptions()));
    }

    private sealed class Duplex(Stream reading, Stream writing) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writing.WriteAsync(buffer, cancellationToken);
        public override Task FlushAsync(CancellationToken cancellationToken) => writing.FlushAsync(cancellationToken);
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                reading.Dispose();
                writing.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
