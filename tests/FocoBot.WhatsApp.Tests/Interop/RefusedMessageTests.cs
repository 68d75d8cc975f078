using System.Text;
using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Messages that the server refuses, and the tokens that keep it from that: our client (Ana's) and unmodified Baileys (Bob's).</summary>
public class RefusedMessageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_is_refused_until_he_is_given_a_token()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var eva = sandbox.AddPhone("Eva");
        using var http = new HttpClient { BaseAddress = sandbox.Http };
        await PostAsync("require-tokens", """{"required":true}""");

        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => client.Client.SendTextAsync(eva.Pn, "hola", Token));
        Assert.Equal((463, RefusalReason.ContactNotEstablished), (refused.Code, refused.Reason));
        var told = await client.WaitForAsync<MessageAcknowledged>();
        Assert.Equal((463, RefusalReason.ContactNotEstablished, eva.Lid), (told.Error, told.Reason, told.Chat));

        await PostAsync("trust", $$"""{"user":"{{ana.Number}}"}""");
        // What comes after the token.
        await client.ReceivedAsync(await eva.SendTextAsync(ana.Pn, "escríbeme"));
        var sent = await client.Client.SendTextAsync(eva.Pn, "hola", Token);
        await SandboxServer.ShownAsync(eva, shown => shown.Id == sent.Id);
        Assert.Equal(RefusalReason.None, (await client.WaitForAsync<MessageAcknowledged>(ack => ack.Id == sent.Id)).Reason);

        async Task PostAsync(string what, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri($"/sandbox/phones/{eva.Number}/{what}", UriKind.Relative), content, Token);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        }
    }

    [Fact]
    public async Task It_and_baileys_give_each_other_tokens_and_write_on_when_strangers_are_kept_off()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        await pair.SeenAsync((await client.SendTextAsync(bob.Pn, "hola", Token)).Id);
        await pair.Events.ReceivedAsync((await peer.SendTextAsync(ana.Pn.ToString(), "hola")).Id);
        await UntilAsync(() => ana.Trusted.Contains(bob.Lid) && bob.Trusted.Contains(ana.Lid));
        // Baileys stores its token beside what it does with messages.
        await UntilAsync(() => Directory.EnumerateFiles(peer.AuthDir, $"tctoken-{ana.Lid.User}*").Any(file => File.ReadAllText(file).Contains("\"timestamp\":\"", StringComparison.Ordinal)));
        await pair.Events.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "después"));
        ana.RequiresTokens = bob.RequiresTokens = true;

        for (var i = 0; i < 3; i++)
        {
            await pair.SeenAsync((await client.SendTextAsync(bob.Pn, $"ida {i}", Token)).Id);
            await pair.Events.ReceivedAsync((await peer.SendTextAsync(ana.Pn.ToString(), $"vuelta {i}")).Id);
        }
    }

    [Fact]
    public async Task Pictures_presence_and_groups_are_for_those_with_a_token()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (eva, evas) = await SandboxClient.LinkedAsync(sandbox, "Eva");
        await using var __ = evas;
        await evas.Client.SetPictureAsync(new byte[] { 0xFF, 0xD8, 0xFF }, token: Token);
        await evas.Client.SetPresenceAsync(true, Token);
        eva.RequiresTokens = true;
        var group = (await client.Client.CreateGroupAsync("Casa", [], Token)).Jid;

        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => client.Client.GetPictureAsync(eva.Pn, token: Token));
        Assert.Equal(RefusalReason.NotAllowed, refused.Reason);
        Assert.Equal(403, Assert.Single(await client.Client.AddToGroupAsync(group, [eva.Pn], Token)).Error);
        await client.Client.SubscribePresenceAsync(eva.Lid, Token);

        eva.Trust(ana.Pn);
        await client.ReceivedAsync(await eva.SendTextAsync(ana.Pn, "ya"));
        Assert.DoesNotContain(client.EventsLeft, told => told is PresenceChanged);
        Assert.NotNull(await client.Client.GetPictureAsync(eva.Pn, token: Token));
        Assert.Equal(0, Assert.Single(await client.Client.AddToGroupAsync(group, [eva.Pn], Token)).Error);
        await client.Client.SubscribePresenceAsync(eva.Lid, Token);
        Assert.True((await client.WaitForAsync<PresenceChanged>()).IsAvailable);
    }

    [Fact]
    public async Task Who_has_no_token_shows_one_of_his_own_account()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var eva = sandbox.AddPhone("Eva");
        eva.RequiresTokens = true;
        await ShareAsync([1, 2, 3]);
        await SeenAsync(client, eva);
        await ShareAsync([4, 5, 6]);
        await SeenAsync(client, eva);
        await ShareAsync([]);
        Assert.Equal(463, (await Assert.ThrowsAsync<RequestRefusedException>(() => client.Client.SendTextAsync(eva.Pn, "hola", Token))).Code);

        // What comes with it is told in the same commit.
        async Task ShareAsync(byte[] salt)
        {
            ana.ChatTokenSalt = salt;
            ana.ShareChatTokenSalt();
            ana.SetMuted(eva.Lid, muted: true);
            await client.WaitForAsync<ChatMuted>();
        }
    }

    [Fact]
    public async Task Tokens_and_the_salt_for_ones_own_come_with_the_history_here_and_at_baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, eva, ida) = (sandbox.AddPhone("Ana"), sandbox.AddPhone("Eva"), sandbox.AddPhone("Ida"));
        await eva.SendTextAsync(ana.Pn, "hola");
        eva.Trust(ana.Pn);
        ana.Trust(eva.Pn);
        ana.ChatTokenSalt = new byte[] { 1, 2, 3 };
        eva.RequiresTokens = ida.RequiresTokens = true;
        await SandboxServer.ShownAsync(ana, shown => shown.Text == "hola");

        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        await client.LinkAsync(ana);
        await SeenAsync(client, eva);
        await SeenAsync(client, ida);
        // What was given this week is not given again.
        var issued = (await client.Store.ListAsync(RecordKind.PrivacyToken, Token)).ToDictionary(record => record.Name, record => StoredPrivacyToken.Parser.ParseFrom(record.Value).Issued);
        Assert.True(issued[eva.Lid.ToString()] > 0);

        await using var peer = await sandbox.LinkedAsync(ana);
        await UntilAsync(() => File.Exists(Path.Combine(peer.AuthDir, $"tctoken-{eva.Lid}.json")));
        var theirs = await peer.SendTextAsync(eva.Lid.ToString(), "¿qué tal?");
        await SandboxServer.ShownAsync(eva, shown => shown.Id == theirs.Id);
    }

    private static async Task SeenAsync(SandboxClient from, VirtualPhone to)
    {
        var sent = await from.Client.SendTextAsync(to.Pn, "hola", Token);
        await SandboxServer.ShownAsync(to, shown => shown.Id == sent.Id);
    }

    [Fact]
    public async Task A_group_message_with_old_addresses_leaves_once_more_under_its_id()
    {
        await using var pair = await Pair.StartAsync();
        var (ana, bob, client, peer) = pair;
        var group = (await client.CreateGroupAsync("Casa", [bob.Pn], Token)).Jid;
        await pair.SeenAsync((await client.SendTextAsync(group, "uno", Token)).Id);

        ana.RefuseMessages(421);
        var sent = await client.SendTextAsync(group, "dos", Token);
        Assert.Equal("dos", (await pair.SeenAsync(sent.Id)).Text);
        Assert.Equal(RefusalReason.None, (await pair.Events.WaitForAsync<MessageAcknowledged>(ack => ack.Id == sent.Id)).Reason);
        ana.RefuseMessages(421, 2);
        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => client.SendTextAsync(group, "tres", Token));
        Assert.Equal(RefusalReason.AddressingOutdated, refused.Reason);
        ana.RefuseMessages(475);
        refused = await Assert.ThrowsAsync<RequestRefusedException>(() => client.SendTextAsync(bob.Pn, "hola", Token));
        Assert.Equal((475, RefusalReason.NewChatLimit), (refused.Code, refused.Reason));
        await pair.SeenAsync((await client.SendTextAsync(group, "cuatro", Token)).Id);
        Assert.DoesNotContain(peer.EventsLeft.OfType<MessageSeen>(), seen => seen.Text is "dos" or "tres");
    }

    [Fact]
    public async Task A_device_that_is_not_known_yet_is_found_by_the_hash_of_the_members_devices()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var store = new InMemoryDeviceStore();
        var (_, client) = await SandboxClient.LinkedAsync(sandbox, "Ana", store);
        await using var __ = client;
        var bob = sandbox.AddPhone("Bob");
        var group = (await client.Client.CreateGroupAsync("Casa", [bob.Pn], Token)).Jid;
        await client.Client.SendTextAsync(group, "uno", Token);

        // Nobody tells Ana.
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket, new BaileysSettings { CertificateAuthority = sandbox.AuthorityFile });
        bob.Scan((await peer.WaitForAsync<QrShown>()).Qr);
        await SandboxServer.ReadyAsync(peer);
        await client.Client.SendTextAsync(group, "dos", Token);
        Assert.Equal(1, sandbox.Network.Statistics().DifferingHashes);
        Assert.DoesNotContain($"{bob.Lid.User}:1@lid", await HoldersAsync(), StringComparison.Ordinal);
        var sent = await client.Client.SendTextAsync(group, "tres", Token);
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id && seen.Text == "tres");
        Assert.Contains($"{bob.Lid.User}:1@lid", await HoldersAsync(), StringComparison.Ordinal);
        Assert.Equal(1, sandbox.Network.Statistics().DifferingHashes);

        async Task<string> HoldersAsync() => Encoding.UTF8.GetString((await store.LoadAsync(new(RecordKind.SenderKeyHolders, group.ToString()), Token))!);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo()) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
    }
}
