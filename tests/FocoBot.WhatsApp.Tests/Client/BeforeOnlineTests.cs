using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Media;

namespace FocoBot.WhatsApp.Tests.Client;

public class BeforeOnlineTests
{
    private static readonly Jid Ana = new("777000111", JidServer.Lid);
    private static readonly Jid Group = new("120363000000000001", JidServer.Group);

    // Each asks or tells the server something, in its own part of the client.
    private static readonly Func<WhatsAppClient, CancellationToken, Task>[] Calls =
    [
        (client, token) => client.SendTextAsync(Ana, "hola", token),
        (client, token) => client.MarkReadAsync([new(Ana, "3EB001", Author: null, FromMe: false)], token),
        (client, token) => client.SendTypingAsync(Ana, Typing.Composing, token),
        (client, token) => client.SetPresenceAsync(isAvailable: true, token),
        (client, token) => client.SubscribePresenceAsync(Ana, token),
        (client, token) => client.GetUsersAsync([Ana], token),
        (client, token) => client.FindNumbersAsync(["15550000001"], token),
        (client, token) => client.GetPictureAsync(Ana, large: false, token),
        (client, token) => client.BlockAsync(Ana, token),
        (client, token) => client.GetBlocklistAsync(token),
        (client, token) => client.GetPrivacyAsync(token),
        (client, token) => client.SetAboutAsync("fuera", token),
        (client, token) => client.GetGroupsAsync(token),
        (client, token) => client.CreateGroupAsync("Playa", [Ana], token),
        (client, token) => client.AddToGroupAsync(Group, [Ana], token),
        (client, token) => client.SetGroupDescriptionAsync(Group, "sol", token),
        (client, token) => client.SetMutedAsync(Ana, isMuted: true, until: null, token),
        (client, token) => client.RequestHistoryAsync(Ana, new("3EB001", false, DateTimeOffset.UnixEpoch), 5, token),
        (client, token) => client.CheckPhoneAsync(TimeSpan.FromSeconds(30), token),
        (client, token) => client.UploadAsync(new MemoryStream([1, 2, 3]), MediaType.Image, token),
    ];

    [Fact]
    public async Task What_needs_the_server_waits_for_the_login_from_the_first_moment_on()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        var connecting = test.Client.ConnectAsync();
        var early = test.Client.SendTypingAsync(Ana, Typing.Composing);
        var server = await test.Server.AcceptAsync();
        var receipt = test.Client.SetPresenceAsync(isAvailable: true);
        Assert.False(early.IsCompleted || receipt.IsCompleted);
        await TestClient.ServeLoginAsync(server);
        Node[] both = [await server.ReadAsync(), await server.ReadAsync()];
        Assert.Contains(both, stanza => stanza.Tag == "chatstate");
        Assert.Contains(both, stanza => stanza.Tag == "presence");
        await Task.WhenAll(connecting, early, receipt);
    }

    [Fact]
    public async Task All_of_them_wait_and_learn_when_nothing_comes_of_it()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        var connecting = test.Client.ConnectAsync();
        var server = await test.Server.AcceptAsync();
        var waiting = Calls.Select(call => call(test.Client, CancellationToken.None)).ToArray();
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        await server.SendAsync(new Node("failure", [("reason", "401"), ("location", "vll")]));
        foreach (var call in waiting)
            Assert.Equal(EndCause.LoggedOut, (await Assert.ThrowsAsync<ConnectionEndedException>(() => call)).End.Cause);
        await Assert.ThrowsAsync<ConnectionEndedException>(() => connecting);
        foreach (var call in Calls)
            Assert.Equal(EndCause.LoggedOut, (await Assert.ThrowsAsync<ConnectionEndedException>(() => call(test.Client, CancellationToken.None))).End.Cause);
    }

    [Fact]
    public async Task Who_waits_can_give_up()
    {
        await using var test = new TestClient();
        await test.AddLinkedDeviceAsync();
        _ = test.Client.ConnectAsync();
        await test.Server.AcceptAsync();
        using var giveUp = new CancellationTokenSource();
        var waiting = Calls.Select(call => call(test.Client, giveUp.Token)).ToArray();
        await giveUp.CancelAsync();
        foreach (var call in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Without_a_connection_on_its_way_nobody_waits()
    {
        await using var test = new TestClient();
        foreach (var call in Calls)
            Assert.Equal(EndCause.Stopped, (await Assert.ThrowsAsync<ConnectionEndedException>(() => call(test.Client, CancellationToken.None))).End.Cause);
    }
}
