using System.Globalization;
using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

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
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket);
        ana.Scan((await peer.WaitForAsync<QrShown>()).Qr);
        await peer.WaitForAsync<CaughtUp>();

        var here = client.EventsLeft.OfType<HistoryReceived>().ToList();
        AssertWhole(ana, here);
        Assert.Equal(others.Select(other => (other.Lid, (Jid?)other.Pn)).ToHashSet(), here.Select(chat => (chat.Chat, chat.ChatAlternate)).ToHashSet());
        Assert.Equal(Chats, client.EventsLeft.OfType<HistoryAddressesReceived>().Sum(told => told.Addresses.Count));
        Assert.Equal("Person 3", client.EventsLeft.OfType<HistoryNamesReceived>().SelectMany(told => told.Names).Single(name => name.Key == others[3].Pn).Value);
        Assert.All(client.EventsLeft.OfType<HistoryPartEnded>(), part => Assert.True(part.IsWhole));

        var there = new Dictionary<string, string?>();
        while (there.Count < Chats * MessagesAChat)
        {
            foreach (var message in (await peer.WaitForAsync<HistoryArrived>()).Messages) there[message.Key.Id] = message.Text;
        }

        foreach (var shown in ana.Messages()) Assert.Equal(shown.Text, there[shown.Id]);
    }

    [Fact]
    public async Task History_comes_as_files_where_there_is_a_place_for_them()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var files = new BlobFiles();
        sandbox.Network.StoreBlob = files.Store;
        // Inflated, each part is larger than what goes inline; deflated it must be as well.
        var (ana, _) = await TalkAsync(sandbox, text: i => Convert.ToBase64String(Mutilations.Bytes(600, i)));
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore(), download: files.DownloadAsync);
        await client.LinkAsync(ana);
        AssertWhole(ana, client.EventsLeft.OfType<HistoryReceived>());
        Assert.InRange(files.Downloads, 3, 10);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_and_all_else_goes_on()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        sandbox.Network.StoreBlob = new BlobFiles().Store;
        var (ana, others) = await TalkAsync(sandbox, text: i => Convert.ToBase64String(Mutilations.Bytes(600, i)));
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore(), download: (_, _) => throw new IOException("Gone."));
        var linking = client.Client.LinkByQrAsync(Token);
        ana.Scan((await client.WaitForAsync<QrCodeShown>()).Text);
        await linking;
        Assert.False((await client.WaitForAsync<HistoryPartEnded>(end => end.Part.Kind is HistorySyncType.Recent)).IsWhole);
        await client.ReceivedAsync(await others[0].SendTextAsync(ana.Pn, "hola"));
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

    private static void AssertWhole(VirtualPhone phone, IEnumerable<HistoryReceived> chats)
    {
        var told = chats.SelectMany(chat => chat.Messages.Select(message => (message.Id, message.FromMe, message.Content!.Conversation))).ToList();
        Assert.Equal(phone.Messages().Count, told.Count);
        Assert.Equal(phone.Messages().Select(shown => (shown.Id, shown.From == phone.Pn, shown.Text!)).ToHashSet(), told.ToHashSet());
    }
}
