using System.Text.Json;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Queries;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;
using static FocoBot.WhatsApp.Tests.Interop.AppStateTestKit;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Settings that the devices of one account share: its phone, our client and unmodified Baileys, which checks all MACs here.</summary>
public class AppStateInSandboxTests
{
    private const string Chat = "15550009999@s.whatsapp.net";

    private static readonly Jid ChatJid = Jid.Parse(Chat);
    private static readonly BaileysSettings Strict = new() { Config = new { appStateMacVerification = new { patch = true, snapshot = true } } };

    private readonly InMemoryDeviceStore _store = new();

    [Fact]
    public async Task What_baileys_changes_arrives_here_and_on_the_phone()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        await using var peer = await sandbox.LinkedAsync(ana, Strict);
        var until = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_000);

        await ModifyAsync(peer, new { mute = until.ToUnixTimeMilliseconds() });
        Assert.Equal(until, (await client.WaitForAsync<ChatMuted>(muted => muted is { IsMuted: true, IsInitial: false } && muted.Chat == ChatJid)).Until);
        await ModifyAsync(peer, new { mute = 0 });
        await client.WaitForAsync<ChatMuted>(muted => !muted.IsMuted);
        await ModifyAsync(peer, new { pin = true });
        await client.WaitForAsync<ChatPinned>(pinned => pinned.IsPinned && pinned.Chat == ChatJid);
        var last = new { key = new { remoteJid = Chat, id = "M1", fromMe = false }, messageTimestamp = 1_700_000_000 };
        await ModifyAsync(peer, new { archive = true, lastMessages = new[] { last } });
        await client.WaitForAsync<ChatArchived>(archived => archived.IsArchived && archived.Chat == ChatJid);
        await ModifyAsync(peer, new { markRead = false, lastMessages = new[] { last } });
        await client.WaitForAsync<ChatMarkedRead>(read => !read.IsRead && read.Chat == ChatJid);
        await ModifyAsync(peer, new { star = new { messages = new[] { new { id = "M2", fromMe = true } }, star = true } });
        await client.WaitForAsync<MessageStarred>(starred => starred is { MessageId: "M2", FromMe: true, IsStarred: true } && starred.Chat == ChatJid);
        await ModifyAsync(peer, new { deleteForMe = new { key = new { id = "M3", fromMe = false }, timestamp = 1_700_000_000, deleteMedia = false } });
        await client.WaitForAsync<MessageDeletedForMe>(deleted => deleted is { MessageId: "M3", FromMe: false });
        await peer.CallAsync("addOrEditContact", [Chat, new { fullName = "Berta Ñandú", firstName = "Berta" }]);
        await client.WaitForAsync<ContactNamed>(named => named is { FullName: "Berta Ñandú", FirstName: "Berta" } && named.Contact == ChatJid);
        await UntilAsync(() => ana.Contacts.GetValueOrDefault(ChatJid) == "Berta Ñandú");
        await peer.CallAsync("removeContact", [Chat]);
        await client.WaitForAsync<ContactNamed>(named => named.FullName is null);
        await peer.CallAsync("updateProfileName", ["Ana de Baileys"]);
        await client.WaitForAsync<PushNameChanged>(changed => changed.Name == "Ana de Baileys");
        Assert.Equal("Ana de Baileys", client.Client.Device!.PushName);

        foreach (var collection in CollectionNames.All.Where(name => ana.StateOf(name).Version > 0)) await AgreeAsync(ana, collection, () => _store.StateOfAsync(collection), () => peer.StateOfAsync(collection));
        Assert.Empty(ana.Contacts);
        Assert.Equal(0, ana.StateRefused);
    }

    [Fact]
    public async Task What_is_changed_here_arrives_at_baileys_and_on_the_phone()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        await using var peer = await sandbox.LinkedAsync(ana, Strict);
        var until = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_000);

        await client.Client.SetMutedAsync(ChatJid, true, until, Token);
        await ChatUpdatedAsync(peer, "muteEndTime", value => value.GetInt64() == until.ToUnixTimeMilliseconds());
        await client.Client.SetPinnedAsync(ChatJid, true, Token);
        await ChatUpdatedAsync(peer, "pinned", value => value.ValueKind == JsonValueKind.Number);
        await client.Client.SetArchivedAsync(ChatJid, true, new LastMessage("M1", false, until), Token);
        await ChatUpdatedAsync(peer, "archived", value => value.GetBoolean());
        await client.Client.SetReadAsync(ChatJid, false, token: Token);
        await ChatUpdatedAsync(peer, "unreadCount", value => value.GetInt32() == -1);
        await client.Client.SetStarredAsync(ChatJid, "M2", fromMe: true, isStarred: true, token: Token);
        await peer.WaitForAsync<MessageUpdated>(update => update.Key is { Id: "M2", FromMe: true } && update.Update.GetProperty("starred").GetBoolean());
        await client.Client.DeleteForMeAsync(ChatJid, "M3", fromMe: false, until, token: Token);
        await peer.WaitForAsync<OtherEvent>(other => other.Name == "messages.delete" && other.Data.GetProperty("keys")[0].GetProperty("id").GetString() == "M3");
        await client.Client.SetContactAsync(ChatJid, "Berta Ñandú", token: Token);
        await peer.WaitForAsync<OtherEvent>(other => other.Name == "contacts.upsert" && other.Data[0].GetProperty("name").GetString() == "Berta Ñandú");
        await UntilAsync(() => ana.Contacts.GetValueOrDefault(ChatJid) == "Berta Ñandú");
        await client.Client.RemoveContactAsync(ChatJid, Token);
        await client.Client.SetNameAsync("Ana@C#", Token);
        Assert.Equal("Ana@C#", client.Client.Device!.PushName);
        await client.Client.DeleteChatAsync(ChatJid, token: Token);
        await peer.WaitForAsync<OtherEvent>(other => other.Name == "chats.delete" && other.Data[0].GetString() == Chat);

        foreach (var collection in CollectionNames.All.Where(name => ana.StateOf(name).Version > 0)) await AgreeAsync(ana, collection, () => _store.StateOfAsync(collection), () => peer.StateOfAsync(collection));
        Assert.Contains(ana.State, setting => setting.Index == "[\"setting_pushName\"]" && setting.Value.Contains("Ana@C#", StringComparison.Ordinal));
        Assert.Empty(ana.Contacts);
        Assert.Equal(0, ana.StateRefused);
        // Own changes are no news.
        Assert.DoesNotContain(client.EventsLeft, left => left is AppStateEvent);
    }

    [Fact]
    public async Task Labels_go_both_ways_between_us_and_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        await using var peer = await sandbox.LinkedAsync(ana, Strict);

        await peer.CallAsync("addLabel", [Chat, new { id = "7", name = "Playa", color = 3 }]);
        await client.WaitForAsync<LabelChanged>(label => label is { LabelId: "7", Name: "Playa", Color: 3, IsDeleted: false });
        await peer.CallAsync("addChatLabel", [Chat, "7"]);
        await client.WaitForAsync<ChatLabeled>(labeled => labeled is { LabelId: "7", IsLabeled: true } && labeled.Chat == ChatJid);
        await peer.CallAsync("removeChatLabel", [Chat, "7"]);
        await client.WaitForAsync<ChatLabeled>(labeled => labeled is { LabelId: "7", IsLabeled: false });
        await peer.CallAsync("addMessageLabel", [Chat, "M1", "7"]);
        await client.WaitForAsync<MessageLabeled>(labeled => labeled is { LabelId: "7", MessageId: "M1", IsLabeled: true } && labeled.Chat == ChatJid);
        await peer.CallAsync("removeMessageLabel", [Chat, "M1", "7"]);
        await client.WaitForAsync<MessageLabeled>(labeled => !labeled.IsLabeled);
        await peer.CallAsync("addLabel", [Chat, new { id = "7", name = "Playa", color = 3, deleted = true }]);
        await client.WaitForAsync<LabelChanged>(label => label is { LabelId: "7", IsDeleted: true });

        await client.Client.SetLabelAsync("8", "Montaña", 5, Token);
        await LabelAsync("labels.edit", label => label.GetProperty("id").GetString() == "8" && label.GetProperty("name").GetString() == "Montaña" && label.GetProperty("color").GetInt32() == 5);
        await client.Client.SetChatLabeledAsync(ChatJid, "8", true, Token);
        await LabelAsync("labels.association", label => IsAssociation(label, "add", "label_jid"));
        await client.Client.SetChatLabeledAsync(ChatJid, "8", false, Token);
        await LabelAsync("labels.association", label => IsAssociation(label, "remove", "label_jid"));
        await client.Client.SetMessageLabeledAsync(ChatJid, "M2", "8", true, Token);
        await LabelAsync("labels.association", label => IsAssociation(label, "add", "label_message") && label.GetProperty("association").GetProperty("messageId").GetString() == "M2");
        await client.Client.SetMessageLabeledAsync(ChatJid, "M2", "8", false, Token);
        await LabelAsync("labels.association", label => IsAssociation(label, "remove", "label_message"));
        await client.Client.DeleteLabelAsync("8", Token);
        await LabelAsync("labels.edit", label => label.GetProperty("id").GetString() == "8" && label.GetProperty("deleted").GetBoolean());

        await AgreeAsync(ana, CollectionNames.Regular, () => _store.StateOfAsync(CollectionNames.Regular), () => peer.StateOfAsync(CollectionNames.Regular));
        Assert.Equal(0, ana.StateRefused);
        await Assert.ThrowsAsync<ArgumentException>(() => client.Client.DeleteLabelAsync("", Token));

        Task LabelAsync(string name, Func<JsonElement, bool> fits) => peer.WaitForAsync<OtherEvent>(other => other.Name == name && fits(other.Data));

        static bool IsAssociation(JsonElement label, string change, string kind) =>
            label.GetProperty("type").GetString() == change && label.GetProperty("association") is var of
            && (of.GetProperty("type").GetString(), of.GetProperty("labelId").GetString(), of.GetProperty("chatId").GetString()) == (kind, "8", Chat);
    }

    [Fact]
    public async Task What_the_phone_changes_by_http_arrives_at_both()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        await using var peer = await sandbox.LinkedAsync(ana, Strict);
        using var http = new HttpClient { BaseAddress = sandbox.Http };

        await PostAsync("""{"kind":"contact","chat":"15550009999","name":"Berta"}""");
        await client.WaitForAsync<ContactNamed>(named => named.FullName == "Berta");
        await peer.WaitForAsync<OtherEvent>(other => other.Name == "contacts.upsert" && other.Data[0].GetProperty("name").GetString() == "Berta");
        await PostAsync("""{"kind":"pin","chat":"15550009999"}""");
        await client.WaitForAsync<ChatPinned>(pinned => pinned.IsPinned);
        await ChatUpdatedAsync(peer, "pinned", value => value.ValueKind == JsonValueKind.Number);
        await PostAsync("""{"kind":"star","chat":"15550009999","messageId":"M1","on":true}""");
        await client.WaitForAsync<MessageStarred>(starred => starred.IsStarred);
        var shown = JsonDocument.Parse(await http.GetStringAsync($"/sandbox/phones/{ana.Number}", Token)).RootElement;
        Assert.Equal("Berta", shown.GetProperty("contacts").GetProperty(Chat).GetString());
        Assert.Equal(3, JsonDocument.Parse(await http.GetStringAsync($"/sandbox/phones/{ana.Number}/state", Token)).RootElement.GetArrayLength());

        async Task PostAsync(string body)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri($"/sandbox/phones/{ana.Number}/state", UriKind.Relative), content, Token);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task Whoever_has_missed_a_change_writes_after_it()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        await using var peer = await sandbox.LinkedAsync(ana, Strict);
        await ModifyAsync(peer, new { pin = true });
        await client.WaitForAsync<ChatPinned>(pinned => pinned.IsPinned);

        // We miss what Baileys writes, and hear of it by the conflict.
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), new FaultPlan(Drop: 1));
        await ModifyAsync(peer, new { pin = false });
        await client.Client.SetReadAsync(ChatJid, true, token: Token);
        await client.WaitForAsync<ChatPinned>(pinned => !pinned.IsPinned);
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), null);
        await AgreeAsync(ana, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow), () => peer.StateOfAsync(CollectionNames.RegularLow));

        // Baileys misses what we write.
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(2), new FaultPlan(Drop: 1));
        await client.Client.SetArchivedAsync(ChatJid, true, token: Token);
        await ModifyAsync(peer, new { pin = true });
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(2), null);
        await AgreeAsync(ana, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow), () => peer.StateOfAsync(CollectionNames.RegularLow));
        Assert.Equal(5ul, ana.StateOf(CollectionNames.RegularLow).Version);
        Assert.Equal(0, ana.StateRefused);
    }

    [Fact]
    public async Task Two_that_write_at_once_and_the_phone_end_up_alike_with_nothing_lost()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, one) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = one;
        var otherStore = new InMemoryDeviceStore();
        await using var two = new SandboxClient(sandbox, otherStore);
        await two.LinkAsync(ana);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            await Task.WhenAll(
                one.Client.SetStarredAsync(ChatJid, $"one {i}", fromMe: true, isStarred: true, token: Token),
                two.Client.SetStarredAsync(ChatJid, $"two {i}", fromMe: true, isStarred: true, token: Token),
                Task.Run(() => ana.SetStarred(ChatJid, $"phone {i}", fromMe: true, starred: true), Token));
        }));
        await AgreeAsync(ana, CollectionNames.RegularHigh, () => _store.StateOfAsync(CollectionNames.RegularHigh), () => otherStore.StateOfAsync(CollectionNames.RegularHigh));
        Assert.Equal((30ul, 30), (ana.StateOf(CollectionNames.RegularHigh).Version, ana.State.Count));
    }

    [Fact]
    public async Task A_patch_that_was_falsified_leads_to_no_state_and_the_right_one_later_on_does()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        ana.SetPinned(ChatJid, true);
        await client.WaitForAsync<ChatPinned>();
        var good = await _store.StateOfAsync(CollectionNames.RegularLow);

        byte[] right = [];
        // At once, so that nobody sees the right one in between.
        lock (sandbox.Network.Gate)
        {
            ana.SetRead(ChatJid, false);
            Falsify(patch =>
            {
                right = patch.ToByteArray();
                patch.SnapshotMac = ByteString.CopyFrom([.. patch.SnapshotMac.Span[1..], 0]);
                return patch;
            });
        }

        await Assert.ThrowsAsync<AppStateException>(() => client.Client.SetArchivedAsync(ChatJid, true, token: Token));
        Assert.Equal(good, await _store.StateOfAsync(CollectionNames.RegularLow));
        Assert.DoesNotContain(client.EventsLeft, left => left is ChatMarkedRead);

        Falsify(_ => SyncdPatch.Parser.ParseFrom(right));
        await client.Client.SetArchivedAsync(ChatJid, true, token: Token);
        await client.WaitForAsync<ChatMarkedRead>();
        await AgreeAsync(ana, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow));

        void Falsify(Func<SyncdPatch, SyncdPatch> change)
        {
            lock (sandbox.Network.Gate) sandbox.Network.Accounts.Find(ana.Number)!.AppState(CollectionNames.RegularLow).Falsify(1, change);
        }
    }

    [Fact]
    public async Task A_state_gone_wrong_here_is_fetched_anew()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        ana.SetPinned(ChatJid, true);
        await before.WaitForAsync<ChatPinned>();
        await before.DisposeAsync();
        var name = new RecordKey(RecordKind.AppState, CollectionNames.RegularLow);
        var state = (await _store.LoadAsync(name, Token))!.ToArray();
        state[^1] ^= 1;
        var changes = new DeviceChanges();
        changes.Set(name, state);
        await _store.CommitAsync(changes);

        ana.SetRead(ChatJid, false);
        await using var after = new SandboxClient(sandbox, _store);
        await after.Client.ConnectAsync(Token);
        Assert.True((await after.WaitForAsync<ChatPinned>()).IsInitial);
        await after.WaitForAsync<ChatMarkedRead>();
        await AgreeAsync(ana, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow));
    }

    [Fact]
    public async Task A_key_that_is_missing_is_asked_for()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        await ana.RotateStateKeyAsync(share: false);
        ana.SetPinned(ChatJid, true);
        await client.WaitForAsync<ChatPinned>(pinned => pinned.IsPinned);
        // And is the one to write with from then on.
        await client.Client.SetReadAsync(ChatJid, true, token: Token);
        await AgreeAsync(ana, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow));
        Assert.Equal(0, ana.StateRefused);
    }

    [Fact]
    public async Task All_there_was_before_linking_arrives_page_by_page()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        const int count = ServerLimits.PatchesAPage + 40;
        Fill(ana, count);
        await using var client = new SandboxClient(sandbox, _store);
        await client.LinkAsync(ana);
        for (var i = 0; i < count; i++) await client.WaitForAsync<MessageStarred>(starred => starred.IsInitial && starred.MessageId == $"M{i}");
        await AgreeAsync(ana, CollectionNames.RegularHigh, () => _store.StateOfAsync(CollectionNames.RegularHigh));
    }

    [Fact]
    public async Task All_there_was_before_linking_arrives_as_a_snapshot_here_and_at_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        const int count = ServerLimits.SnapshotFrom + 20;
        Fill(ana, count);
        var files = new MediaRecorder(sandbox.MediaHandler());
        await using var client = new SandboxClient(sandbox, _store, files);
        await client.LinkAsync(ana);
        for (var i = 0; i < count; i++) await client.WaitForAsync<MessageStarred>(starred => starred.IsInitial && starred.MessageId == $"M{i}");
        Assert.Equal("md-app-state", Assert.Single(files.Fetched));
        await using var peer = await sandbox.LinkedAsync(ana, Strict);
        await AgreeAsync(ana, CollectionNames.RegularHigh, () => peer.StateOfAsync(CollectionNames.RegularHigh));

        ana.SetStarred(ChatJid, "M0", fromMe: true, starred: false);
        Assert.False((await client.WaitForAsync<MessageStarred>(starred => starred.MessageId == "M0")).IsInitial);
        await AgreeAsync(ana, CollectionNames.RegularHigh, () => _store.StateOfAsync(CollectionNames.RegularHigh), () => peer.StateOfAsync(CollectionNames.RegularHigh));
    }

    [Fact]
    public async Task A_patch_whose_changes_come_as_a_file_arrives_here_and_at_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        ana.SetPinned(ChatJid, true);
        ana.SetRead(ChatJid, false);
        lock (sandbox.Network.Gate)
        {
            sandbox.Network.Accounts.Find(ana.Number)!.AppState(CollectionNames.RegularLow).Falsify(1, patch =>
            {
                var mutations = new SyncdMutations { Mutations = { patch.Mutations } };
                patch.Mutations.Clear();
                patch.ExternalMutations = AppStateQueries.Reference(sandbox.Network.Media.Keep(MediaKind.AppState, mutations.ToByteArray()));
                return patch;
            });
        }

        await using var client = new SandboxClient(sandbox, _store);
        await client.LinkAsync(ana);
        await client.WaitForAsync<ChatMarkedRead>(read => read is { IsRead: false, IsInitial: true });
        await using var peer = await sandbox.LinkedAsync(ana, Strict);
        await AgreeAsync(ana, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow), () => peer.StateOfAsync(CollectionNames.RegularLow));
    }

    [Fact]
    public async Task What_was_changed_while_it_was_away_arrives_after_its_return()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, before) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await before.Client.SetPinnedAsync(ChatJid, true, Token);
        await before.DisposeAsync();
        ana.SetRead(ChatJid, false);
        await using var after = new SandboxClient(sandbox, _store);
        await after.Client.ConnectAsync(Token);
        Assert.False((await after.WaitForAsync<ChatMarkedRead>()).IsInitial);
        await AgreeAsync(ana, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow));
        Assert.DoesNotContain(after.EventsLeft, left => left is ChatPinned);
    }

    [Fact]
    public async Task A_change_whose_commit_fails_is_not_told_and_comes_again()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var failing = new FailingStore();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", failing);
        await using var _ = client;
        ana.SetPinned(ChatJid, true);
        await client.WaitForAsync<ChatPinned>();
        failing.Refused = happened => happened is ChatMarkedRead;
        ana.SetRead(ChatJid, false);
        await client.WaitForAsync<Disconnected>(end => end.End.Cause is FocoBot.WhatsApp.Connection.EndCause.Internal);
        Assert.DoesNotContain(client.EventsLeft, left => left is ChatMarkedRead);
        await client.WaitForAsync<ChatMarkedRead>();
        await AgreeAsync(ana, CollectionNames.RegularLow, () => failing.StateOfAsync(CollectionNames.RegularLow));
        Assert.Single(failing.Kept.OfType<ChatMarkedRead>());
    }

    [Fact]
    public async Task A_key_whose_commit_fails_is_not_receipted_and_comes_again()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var failing = new FailingStore();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", failing);
        await using var _ = client;
        failing.Refused = happened => happened is PeerMessageReceived { Content.ProtocolMessage.Type: ProtocolMessage.Types.Type.AppStateSyncKeyShare };
        await ana.RotateStateKeyAsync(share: true);
        await client.WaitForAsync<Disconnected>(end => end.End.Cause is FocoBot.WhatsApp.Connection.EndCause.Internal);
        ana.SetPinned(ChatJid, true);
        await client.WaitForAsync<ChatPinned>();
        await AgreeAsync(ana, CollectionNames.RegularLow, () => failing.StateOfAsync(CollectionNames.RegularLow));
    }

    [Fact]
    public async Task After_the_device_was_forgotten_keys_of_another_account_do_not_serve()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", _store);
        await using var _ = client;
        ana.SetPinned(ChatJid, true);
        await client.WaitForAsync<ChatPinned>();
        await client.Client.DisconnectAsync();
        await client.Client.ForgetAsync(Token);
        var bob = sandbox.AddPhone("Bob");
        bob.SetRead(ChatJid, false);
        await client.LinkAsync(bob);
        await client.WaitForAsync<ChatMarkedRead>();
        await AgreeAsync(bob, CollectionNames.RegularLow, () => _store.StateOfAsync(CollectionNames.RegularLow));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static void Fill(VirtualPhone phone, int count)
    {
        for (var i = 0; i < count; i++) phone.SetStarred(ChatJid, $"M{i}", fromMe: true, starred: true);
    }

    private static Task ModifyAsync(BaileysPeer peer, object change) => peer.CallAsync("chatModify", [change, Chat]);

    private static Task ChatUpdatedAsync(BaileysPeer peer, string property, Func<JsonElement, bool> fits) => peer.WaitForAsync<OtherEvent>(other =>
        other.Name == "chats.update" && other.Data.EnumerateArray().Any(chat => chat.GetProperty("id").GetString() == Chat && chat.TryGetProperty(property, out var value) && fits(value)));
}
