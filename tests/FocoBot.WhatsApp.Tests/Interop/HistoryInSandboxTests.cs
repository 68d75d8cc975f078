using System.Globalization;
using System.Net;
using System.Text;
using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using static FocoBot.WhatsApp.Tests.Interop.AppStateTestKit;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>What a phone hands over to new companions: our client and unmodified Baileys.</summary>
public class HistoryInSandboxTests
{
    private const int Chats = 20;
    private const int MessagesAChat = 25;

    [Fact]
    public async Task Five_hundred_messages_in_twenty_chats_arrive_here_and_at_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, others) = await TalkAsync(sandbox);
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        await client.LinkAsync(ana);
        await using var peer = await sandbox.StartBaileysAsync();
        ana.Scan((await peer.WaitForAsync<QrShown>()).Qr);
        await peer.WaitForAsync<CaughtUp>();

        var here = client.EventsLeft.OfType<HistoryReceived>().ToList();
        AssertWhole(ana, here);
        Assert.Equal(others.Select(other => (other.Lid, (Jid?)other.Pn)).ToHashSet(), here.Select(chat => (chat.Chat, chat.ChatAlternate)).ToHashSet());
        Assert.Equal(Chats, client.EventsLeft.OfType<HistoryAddressesReceived>().Sum(told => told.Addresses.Count));
        Assert.Equal("Person 3", client.EventsLeft.OfType<HistoryNamesReceived>().SelectMany(told => told.Names).Single(name => name.Key == others[3].Pn).Value);
        Assert.All(client.EventsLeft.OfType<HistoryPartEnded>(), part => Assert.True(part.IsWhole));

        await AssertWholeAsync(ana, peer);
    }

    [Fact]
    public async Task History_comes_as_files_when_it_is_long_here_and_at_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, _) = await TalkAsync(sandbox, text: Long);
        var files = new MediaRecorder(sandbox.MediaHandler());
        var store = new InMemoryDeviceStore();
        await using var client = new SandboxClient(sandbox, store, files);
        await client.LinkAsync(ana);
        AssertWhole(ana, client.EventsLeft.OfType<HistoryReceived>());
        Assert.InRange(files.Fetched.Count(kind => kind == "md-msg-hist"), 3, 10);
        Assert.Empty(await store.ListAsync(RecordKind.History, Token));

        await using var peer = await sandbox.StartBaileysAsync();
        ana.Scan((await peer.WaitForAsync<QrShown>()).Qr);
        await AssertWholeAsync(ana, peer);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_and_all_else_goes_on()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, others) = await TalkAsync(sandbox, text: Long);
        var store = new InMemoryDeviceStore();
        await using var client = new SandboxClient(sandbox, store, new MediaRecorder(sandbox.MediaHandler()) { Answer = HttpStatusCode.NotFound });
        await client.LinkAsync(ana);
        Assert.Contains(client.EventsLeft.OfType<HistoryPartEnded>(), end => !end.IsWhole);
        Assert.Empty(await store.ListAsync(RecordKind.History, Token));
        await client.ReceivedAsync(await others[0].SendTextAsync(ana.Pn, "hola"));
    }

    [Fact]
    public async Task What_could_not_be_fetched_before_a_restart_is_fetched_afterwards()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, _) = await TalkAsync(sandbox, text: Long);
        var store = new InMemoryDeviceStore();
        var failing = new MediaRecorder(sandbox.MediaHandler()) { Answer = HttpStatusCode.ServiceUnavailable };
        var before = new SandboxClient(sandbox, store, failing);
        var linking = before.Client.LinkByQrAsync(Token);
        ana.Scan((await before.WaitForAsync<QrCodeShown>()).Text);
        await linking;
        // The server has its receipts for all of it, and would not send it again.
        await before.WaitForAsync<PeerMessageReceived>(told => told.Content.ProtocolMessage.HistorySyncNotification is { SyncType: HistorySyncType.Recent, Progress: 100 });
        await UntilAsync(() =>
        {
            lock (sandbox.Network.Gate) return !sandbox.Network.Accounts.FindDevice(ana.Companions[0])!.Queue.Any(waiting => waiting.Stanza["category"] == "peer");
        });
        await before.DisposeAsync();
        var told = before.EventsLeft.OfType<HistoryReceived>().ToList();
        Assert.Empty(told);

        await using var after = new SandboxClient(sandbox, store);
        await after.Client.ConnectAsync(Token);
        await after.WaitForAsync<HistoryPartEnded>(end => end.Part is { Kind: HistorySyncType.Recent, Percent: 100 });
        AssertWhole(ana, after.EventsLeft.OfType<HistoryReceived>());
        Assert.Empty(await store.ListAsync(RecordKind.History, Token));
    }

    [Fact]
    public async Task A_store_that_fails_amid_the_history_loses_nothing_of_it()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, others) = await TalkAsync(sandbox, chats: 3);
        var failing = new FailingStore { Refused = happened => happened is HistoryReceived { Part.Kind: HistorySyncType.Recent } };
        await using var client = new SandboxClient(sandbox, failing);
        await client.LinkAsync(ana);
        await client.WaitForAsync<Disconnected>(end => end.End.Cause is FocoBot.WhatsApp.Connection.EndCause.Internal);
        AssertWhole(ana, failing.Kept.OfType<HistoryReceived>());
        Assert.Equal(others[0].Lid.User, Encoding.UTF8.GetString((await failing.LoadAsync(new(RecordKind.HiddenIdentity, others[0].Pn.User), Token))!));
        Assert.Empty(await failing.ListAsync(RecordKind.History, Token));
    }

    [Fact]
    public async Task What_is_older_comes_when_asked_for()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, others) = await TalkAsync(sandbox, chats: 1);
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        await client.LinkAsync(ana);
        var all = ana.Messages();
        var known = all[15];

        var oldest = new LastMessage(known.Id, known.From == ana.Pn, known.At);
        var request = await client.Client.RequestHistoryAsync(others[0].Lid, oldest, 10, Token);
        var answer = await client.WaitForAsync<HistoryReceived>(chat => chat.Part.RequestId == request);
        Assert.Equal((HistorySyncType.OnDemand, others[0].Lid, false), (answer.Part.Kind, answer.Chat, answer.IsComplete));
        Assert.Equal(all.Skip(5).Take(10).Reverse().Select(message => message.Id), answer.Messages.Select(message => message.Id));
        Assert.Equal(PeerDataOperationRequestType.HistorySyncOnDemand, (await client.WaitForAsync<PeerMessageReceived>(
            told => told.Content.ProtocolMessage.PeerDataOperationRequestResponseMessage is { } response && response.StanzaId == request)).Content.ProtocolMessage.PeerDataOperationRequestResponseMessage.Type);
    }

    [Fact]
    public async Task What_is_older_comes_to_baileys_when_asked_for()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        // Baileys tells each message out of the history once: these it has had from elsewhere.
        var bob = sandbox.AddPhone("Bob");
        for (var i = 0; i < 20; i++)
        {
            var id = await bob.SendTextAsync(ana.Pn, $"{i}");
            await SandboxServer.ShownAsync(ana, shown => shown.Id == id);
        }

        var known = ana.Messages()[15];
        var key = new { remoteJid = bob.Lid.ToString(), fromMe = false, id = known.Id };
        await peer.CallAsync("fetchMessageHistory", [10, key, known.At.ToUnixTimeSeconds()]);
        var answer = await peer.WaitForAsync<HistoryArrived>(told => told.SyncType == (int)HistorySyncType.OnDemand);
        Assert.Equal(bob.Lid.ToString(), Assert.Single(answer.Chats).GetProperty("id").GetString());
        Assert.Equal(ana.Messages().Skip(5).Take(10).Reverse().Select(message => (message.Id, message.Text)), answer.Messages.Select(message => (message.Key.Id, message.Text)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // A phone that has talked to others, in turns.
    private static async Task<(VirtualPhone Phone, List<VirtualPhone> Others)> TalkAsync(SandboxServer sandbox, int chats = Chats, Func<int, string>? text = null)
    {
        text ??= i => i.ToString(CultureInfo.InvariantCulture);
        var ana = sandbox.AddPhone("Ana");
        var others = Enumerable.Range(0, chats).Select(i => sandbox.AddPhone($"Person {i}")).ToList();
        for (var i = 0; i < MessagesAChat * chats; i++)
        {
            var other = others[i % chats];
            var id = i / chats % 2 == 0 ? await other.SendTextAsync(ana.Pn, text(i)) : await ana.SendTextAsync(other.Pn, text(i));
            await SandboxServer.ShownAsync(ana, shown => shown.Id == id);
        }

        return (ana, others);
    }

    // What does not get shorter by deflating.
    private static string Long(int number) => Convert.ToBase64String(Mutilations.Bytes(600, number));

    private static async Task AssertWholeAsync(VirtualPhone phone, BaileysPeer peer)
    {
        var shown = phone.Messages();
        var there = new Dictionary<string, string?>();
        while (there.Count < shown.Count)
        {
            foreach (var message in (await peer.WaitForAsync<HistoryArrived>()).Messages) there[message.Key.Id] = message.Text;
        }

        foreach (var message in shown) Assert.Equal(message.Text, there[message.Id]);
    }

    private static void AssertWhole(VirtualPhone phone, IEnumerable<HistoryReceived> chats)
    {
        var told = chats.SelectMany(chat => chat.Messages.Select(message => (message.Id, message.FromMe, message.Content!.Conversation))).ToList();
        Assert.Equal(phone.Messages().Count, told.Count);
        Assert.Equal(phone.Messages().Select(shown => (shown.Id, shown.From == phone.Pn, shown.Text!)).ToHashSet(), told.ToHashSet());
    }
}
