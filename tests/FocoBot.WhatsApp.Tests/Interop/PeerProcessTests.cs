namespace FocoBot.WhatsApp.Tests.Interop;

public class PeerProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Answers_find_their_commands_whatever_the_order()
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => peer.AskAsync("echo", new { n, text = "línea\n2 🎉" }, Patience)));
        Assert.Equal(Enumerable.Range(0, 20), answers.Select(a => a.GetProperty("n").GetInt32()));
        Assert.All(answers, a => Assert.Equal("línea\n2 🎉", a.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_refused_command_says_why_and_the_next_one_works()
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => peer.AskAsync("fail", new { }, Patience));
        Assert.Contains("refused", refusal.Message, StringComparison.Ordinal);
        await peer.AskAsync("echo", new { }, Patience);
    }

    [Fact]
    public async Task An_event_is_taken_once_by_the_first_wait_it_fits()
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        var code = peer.WaitForAsync<CodeShown>(null, Patience);
        await SayAsync(peer, """{"event":"qr","qr":"one"}""", """{"event":"qr","qr":"two"}""", """{"event":"code","code":"ABCD1234"}""");

        Assert.Equal("two", (await peer.WaitForAsync<QrShown>(e => e.Qr == "two", Patience)).Qr);
        Assert.Equal("ABCD1234", (await code).Code);
        Assert.Equal([new QrShown("one")], peer.EventsLeft);
    }

    [Fact]
    public async Task Events_keep_all_they_were_told()
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        await SayAsync(
            peer,
            """{"event":"message","key":{"remoteJid":"1@lid","fromMe":false,"id":"A1","remoteJidAlt":"2@s.whatsapp.net","addressingMode":"lid"},"text":"hola","message":{"conversation":"hola"},"pushName":"Ana","timestamp":1700000000,"type":"notify"}""",
            """{"event":"close","status":515,"reason":"restart","restarting":true}""",
            """{"event":"close","restarting":false}""");

        var message = await peer.WaitForAsync<MessageSeen>(null, Patience);
        Assert.Equal(new MessageKey("1@lid", "A1", RemoteJidAlt: "2@s.whatsapp.net"), message.Key);
        Assert.Equal(("hola", "Ana", 1700000000, "notify"), (message.Text, message.PushName, message.Timestamp, message.Type));
        Assert.Equal("hola", message.Message?.GetProperty("conversation").GetString());
        Assert.Equal(new Closed(515, "restart", true), await peer.WaitForAsync<Closed>(null, Patience));
        Assert.Equal(new Closed(null, null, false), await peer.WaitForAsync<Closed>(null, Patience));
    }

    [Fact]
    public async Task A_wait_in_vain_lists_what_came_instead()
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        await SayAsync(peer, """{"event":"code","code":"ABCD1234"}""");
        var late = await Assert.ThrowsAsync<TimeoutException>(() => peer.WaitForAsync<QrShown>(null, Moment));
        Assert.Contains("QrShown", late.Message, StringComparison.Ordinal);
        Assert.Contains("ABCD1234", late.Message, StringComparison.Ordinal);

        await SayAsync(peer, """{"event":"qr","qr":"late"}""");
        Assert.Equal("late", (await peer.WaitForAsync<QrShown>(null, Patience)).Qr);
    }

    [Fact]
    public async Task A_command_without_an_answer_runs_out_of_patience()
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        var late = await Assert.ThrowsAsync<TimeoutException>(() => peer.AskAsync("ignore", new { }, Moment));
        Assert.Contains("\"ignore\"", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_process_ends_every_wait_with_its_last_words()
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        await SayAsync(peer, """{"event":"qr","qr":"before"}""");
        Task[] waits = [peer.WaitForAsync<CodeShown>(null, Patience), peer.AskAsync("ignore", new { }, Patience), peer.AskAsync("die", new { }, Patience)];
        foreach (var wait in waits) AssertTellsTheEnd(await Assert.ThrowsAsync<InvalidOperationException>(() => wait));

        AssertTellsTheEnd(await Assert.ThrowsAsync<InvalidOperationException>(() => peer.AskAsync("echo", new { }, Patience)));
        await peer.WaitForAsync<QrShown>(null, Patience);
        AssertTellsTheEnd(await Assert.ThrowsAsync<InvalidOperationException>(() => peer.WaitForAsync<QrShown>(null, Patience)));

        static void AssertTellsTheEnd(Exception e)
        {
            Assert.Contains("code 3", e.Message, StringComparison.Ordinal);
            Assert.Contains("a last word", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Closing session: SessionEntry {}")]
    [InlineData("17")]
    [InlineData("""{"event":"unheard-of"}""")]
    [InlineData("""{"event":"qr","qr":{}}""")]
    [InlineData("""{"id":"x"}""")]
    [InlineData("""{"id":1}""")]
    public async Task A_line_that_is_none_of_ours_ends_the_process_and_is_shown(string line)
    {
        await using var peer = PeerProcess.Start("stub.mjs");
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => peer.AskAsync("say", new { lines = new[] { line } }, Patience));
        Assert.Contains(line, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_kills_a_process_that_is_still_waited_for()
    {
        var peer = PeerProcess.Start("stub.mjs");
        var wait = peer.WaitForAsync<QrShown>(null, Patience);
        await peer.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => wait);
    }

    [Fact]
    public void Without_Node_the_failure_says_so()
    {
        var e = Assert.Throws<InvalidOperationException>(() => PeerProcess.Start("stub.mjs", node: "no-such-node"));
        Assert.Contains("need Node", e.Message, StringComparison.Ordinal);
    }

    private static Task SayAsync(PeerProcess peer, params string[] lines) => peer.AskAsync("say", new { lines }, Patience);
}
