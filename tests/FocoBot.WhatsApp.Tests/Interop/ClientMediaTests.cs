using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Files between our client, virtual phones and unmodified Baileys, over the offline network and its media host.</summary>
public class ClientMediaTests
{
    [Fact]
    public async Task Every_kind_goes_both_ways_between_it_and_Baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var __ = peer;
        foreach (var type in Enum.GetValues<MediaType>())
        {
            var file = MediaFiles.Bytes(100_000 + (int)type);
            var sent = await client.Client.SendMediaAsync(bob.Pn, new MemoryStream(file), MediaFiles.Description(type), token: Token);
            var seen = await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id);
            Assert.Equal(HasCaption(type) ? "mira esto" : null, seen.Text);
            Assert.Equal((file.Length, MediaFiles.Sha256(file)), await peer.DownloadAsync(sent.Id));
            AssertShown(file, type, await SandboxServer.ShownAsync(bob, shown => shown.Id == sent.Id));
            AssertShown(file, type, await SandboxServer.ShownAsync(ana, shown => shown.Id == sent.Id));

            var back = MediaFiles.Bytes(90_000 + (int)type);
            var key = await peer.SendAsync(ana.Pn.ToString(), MediaFiles.BaileysContent(type, back));
            var received = await client.ReceivedAsync(key.Id);
            Assert.Equal(back, await DownloadedAsync(client, received));
            AssertShown(back, type, await SandboxServer.ShownAsync(ana, shown => shown.Id == key.Id));
        }
    }

    [Fact]
    public async Task Every_kind_goes_both_ways_between_it_and_a_phone()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        foreach (var type in Enum.GetValues<MediaType>())
        {
            var file = MediaFiles.Bytes(70_000 + (int)type);
            var sent = await client.Client.SendMediaAsync(bob.Pn, new MemoryStream(file), MediaFiles.Description(type), token: Token);
            AssertShown(file, type, await SandboxServer.ShownAsync(bob, shown => shown.Id == sent.Id));

            var back = MediaFiles.Bytes(60_000 + (int)type);
            var id = await bob.SendMediaAsync(ana.Pn, new MemoryStream(back), MediaFiles.Description(type));
            Assert.Equal(back, await DownloadedAsync(client, await client.ReceivedAsync(id)));
        }
    }

    [Theory]
    [InlineData(MediaType.Image)]
    [InlineData(MediaType.Video)]
    [InlineData(MediaType.VoiceNote)]
    public async Task What_is_for_one_look_is_marked_as_such_and_can_be_had(MediaType type)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (_, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var __ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var ___ = peer;
        var file = MediaFiles.Bytes();
        var once = new MediaToSend { Type = type, MimeType = MediaFiles.Description(type).MimeType, ViewOnce = true };
        var sent = await client.Client.SendMediaAsync(bob.Pn, new MemoryStream(file), once, token: Token);
        var seen = await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == sent.Id);
        Assert.StartsWith("viewOnceMessageV2", seen.Message!.Value.EnumerateObject().First(field => field.Name != "messageContextInfo").Name, StringComparison.Ordinal);
        Assert.Equal((file.Length, MediaFiles.Sha256(file)), await peer.DownloadAsync(sent.Id));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_uploaded_again_by_the_phone()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var (bob, peer) = await sandbox.LinkedAsync("Bob");
        await using var __ = peer;
        var file = MediaFiles.Bytes();
        var key = await peer.SendAsync(ana.Pn.ToString(), MediaFiles.BaileysContent(MediaType.Image, file));
        var received = await client.ReceivedAsync(key.Id);
        await SandboxServer.ShownAsync(ana, shown => shown.Id == key.Id);
        ana.ExpireMedia(key.Id);

        var nothing = new MemoryStream();
        var gone = await Assert.ThrowsAsync<MediaUnavailableException>(() => client.Client.DownloadAsync(received.Content, nothing, Token));
        Assert.Equal((true, 410, 0), (gone.IsGone, gone.Status, nothing.Length));
        Assert.Equal(file, await DownloadedAsync(client, received));
    }

    [Fact]
    public async Task A_file_of_its_own_account_that_is_gone_comes_back_as_well()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        var file = MediaFiles.Bytes();
        var id = await ana.SendMediaAsync(bob.Pn, new MemoryStream(file), MediaFiles.Description(MediaType.Video));
        var received = await client.ReceivedAsync(id);
        Assert.True(received.FromMe);
        ana.ExpireMedia(id);
        Assert.Equal(file, await DownloadedAsync(client, received));
    }

    [Fact]
    public async Task A_file_that_the_phone_has_lost_as_well_is_gone_for_good()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        var id = await bob.SendMediaAsync(ana.Pn, new MemoryStream(MediaFiles.Bytes()), MediaFiles.Description(MediaType.Audio));
        var received = await client.ReceivedAsync(id);
        await SandboxServer.ShownAsync(ana, shown => shown.Id == id);
        ana.ExpireMedia(id, alsoHere: true);
        var gone = await Assert.ThrowsAsync<MediaUnavailableException>(() => client.Client.DownloadAsync(received, Stream.Null, Token));
        Assert.True(gone.IsGone);
    }

    [Fact]
    public async Task An_upload_that_is_no_longer_allowed_asks_for_leave_anew()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (_, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var __ = client;
        await client.Client.UploadAsync(new MemoryStream(MediaFiles.Bytes()), MediaType.Image, Token);
        sandbox.Network.Media.RenewAuth();
        var uploaded = await client.Client.UploadAsync(new MemoryStream(MediaFiles.Bytes(7)), MediaType.Image, Token);
        Assert.Equal(MediaFiles.Sha256(MediaFiles.Bytes(7)), Convert.ToHexStringLower(uploaded.FileSha256.Span));
    }

    [Fact]
    public async Task One_upload_serves_several_messages()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        var file = MediaFiles.Bytes();
        var uploaded = await client.Client.UploadAsync(new MemoryStream(file), MediaType.Document, Token);
        foreach (var to in new[] { bob, ana })
        {
            var sent = await client.Client.SendAsync(to.Pn, uploaded.ToMessage(MediaFiles.Description(MediaType.Document)), token: Token);
            AssertShown(file, MediaType.Document, await SandboxServer.ShownAsync(to, shown => shown.Id == sent.Id));
        }

        Assert.Throws<ArgumentException>(() => uploaded.ToMessage(MediaFiles.Description(MediaType.Image)));
    }

    [Fact]
    public async Task A_message_without_a_file_has_none_to_download()
    {
        await using var client = new WhatsAppClient(new() { Store = new FocoBot.WhatsApp.Storage.InMemoryDeviceStore() });
        await Assert.ThrowsAsync<ArgumentException>(() => client.DownloadAsync(new Message { Conversation = "hola" }, Stream.Null, Token));
        await Assert.ThrowsAsync<ConnectionEndedException>(() => client.UploadAsync(new MemoryStream(), MediaType.Image, Token));
    }

    private static bool HasCaption(MediaType type) => MediaFiles.Description(type).Caption is not null;

    private static void AssertShown(byte[] file, MediaType type, PhoneMessage shown)
    {
        Assert.Equal("media", shown.Kind);
        var media = shown.Media!;
        Assert.Equal((null, MediaFiles.Name(type), file.Length, MediaFiles.Sha256(file)), (media.Problem, media.Kind, media.Size, media.Sha256));
        Assert.Equal((HasCaption(type) ? "mira esto" : null, type is MediaType.Document ? "cuentas.pdf" : null), (media.Caption, media.FileName));
    }

    private static async Task<byte[]> DownloadedAsync(SandboxClient client, MessageReceived message)
    {
        var file = new MemoryStream();
        await client.Client.DownloadAsync(message, file, Token);
        return file.ToArray();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
