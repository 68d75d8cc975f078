using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Files between unmodified Baileys and virtual phones.</summary>
public class BaileysMediaTests
{
    [Fact]
    public async Task Every_kind_goes_both_ways_between_it_and_a_phone()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        var bob = sandbox.AddPhone("Bob");
        foreach (var type in Enum.GetValues<MediaType>())
        {
            var file = MediaFiles.Bytes(50_000 + (int)type);
            var key = await peer.SendAsync(bob.Pn.ToString(), MediaFiles.BaileysContent(type, file));
            var shown = await SandboxServer.ShownAsync(bob, shown => shown.Id == key.Id);
            Assert.Equal((null, MediaFiles.Name(type), file.Length, MediaFiles.Sha256(file)), (shown.Media!.Problem, shown.Media.Kind, shown.Media.Size, shown.Media.Sha256));

            var back = MediaFiles.Bytes(40_000 + (int)type);
            var id = await bob.SendMediaAsync(ana.Pn, new MemoryStream(back), MediaFiles.Description(type));
            await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == id);
            Assert.Equal((back.Length, MediaFiles.Sha256(back)), await peer.DownloadAsync(id));
        }
    }

    [Fact]
    public async Task Its_files_that_are_gone_are_uploaded_again_by_the_phone()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        var bob = sandbox.AddPhone("Bob");
        var file = MediaFiles.Bytes();
        var id = await bob.SendMediaAsync(ana.Pn, new MemoryStream(file), MediaFiles.Description(MediaType.Image));
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == id);
        await SandboxServer.ShownAsync(ana, shown => shown.Id == id);
        ana.ExpireMedia(id);
        await Assert.ThrowsAsync<InvalidOperationException>(() => peer.DownloadAsync(id));
        // It looks for the new place on the host that it knows from its own uploads, else on WhatsApp's.
        await peer.CallAsync("refreshMediaConn", []);
        await peer.ReuploadAsync(id);
        Assert.Equal((file.Length, MediaFiles.Sha256(file)), await peer.DownloadAsync(id));
    }

    [Fact]
    public async Task Files_go_to_groups()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, peer) = await sandbox.LinkedAsync("Ana");
        await using var _ = peer;
        var bob = sandbox.AddPhone("Bob");
        var group = bob.CreateGroup("Casa", ana.Pn);
        var file = MediaFiles.Bytes();
        var id = await bob.SendMediaAsync(group, new MemoryStream(file), MediaFiles.Description(MediaType.Document));
        await peer.WaitForAsync<MessageSeen>(seen => seen.Key.Id == id && seen.Text is not null);
        Assert.Equal((file.Length, MediaFiles.Sha256(file)), await peer.DownloadAsync(id));
        var key = await peer.SendAsync(group.ToString(), MediaFiles.BaileysContent(MediaType.Sticker, file));
        Assert.Equal(MediaFiles.Sha256(file), (await SandboxServer.ShownAsync(bob, shown => shown.Id == key.Id && shown.Media is not null)).Media!.Sha256);
    }
}
