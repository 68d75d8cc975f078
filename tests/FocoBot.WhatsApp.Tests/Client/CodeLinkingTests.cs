using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Tests.Client;

public class CodeLinkingTests
{
    private static readonly byte[] Reference = Encoding.ASCII.GetBytes("REF123");

    private readonly KeyPair _phoneEphemeral = KeyPair.Generate(RandomNumberGenerator.Create());

    [Theory]
    [InlineData(null)]
    [InlineData("foco-bot1")]
    public async Task A_code_typed_into_the_phone_links_the_device(string? chosen)
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByCodeAsync("+1 (555) 000-0000", chosen);
        var (server, hello, shown) = await BeginAsync(test);
        Assert.Equal("15550000000@s.whatsapp.net", hello["jid"]);
        Assert.Equal("true", hello["should_show_push_notification"]);
        Assert.Equal(("1", "Chrome (Mac OS)"), (hello.Child("companion_platform_id")!.Content.Text, hello.Child("companion_platform_display")!.Content.Text));
        Assert.Equal(server.NoiseKey, hello.Child("companion_server_auth_key_pub")!.Content.Bytes.ToArray());
        Assert.Equal(test.Clock.GetUtcNow().AddSeconds(180), shown.ExpiresAt);
        if (chosen is not null)
            Assert.Equal("FOCO-BOT1", shown.Code);

        await server.SendAsync(PrimaryHello(test, shown.Code));
        Assert.Equal(("ack", "link_code_companion_reg"), Kind(await server.ReadAsync()));
        var (companion, secret) = await FinishAsync(test, server, hello, shown.Code);
        await server.SendAsync(test.Phone.Success(companion, secret));
        Assert.NotNull((await server.ReadAsync()).Child("pair-device-sign"));
        await server.ReadAsync();
        await test.ExpectAsync<DeviceLinked>();
        await server.CloseAsync();
        var next = test.Server.AcceptAsync();
        await test.Clock.AdvanceUntilAsync(next, TimeSpan.FromSeconds(5));
        await TestClient.ServeLoginAsync(await next);
        await linking;
    }

    [Fact]
    public async Task The_phone_may_begin_three_times_with_one_code()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByCodeAsync("15550000000");
        var (server, hello, shown) = await BeginAsync(test);
        var secrets = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            await server.SendAsync(PrimaryHello(test, shown.Code));
            await server.ReadAsync();
            secrets.Add(Convert.ToHexString((await FinishAsync(test, server, hello, shown.Code)).Secret));
        }

        Assert.Equal(3, secrets.Count);
        await server.SendAsync(PrimaryHello(test, shown.Code));
        Assert.Equal(LinkingFailure.CodeExpired, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
    }

    [Fact]
    public async Task A_hello_for_another_code_is_acknowledged_and_ignored()
    {
        await using var test = new TestClient();
        _ = test.Client.LinkByCodeAsync("15550000000");
        var (server, _, shown) = await BeginAsync(test);
        await server.SendAsync(PrimaryHello(test, shown.Code, reference: [1, 2, 3]));
        Assert.Equal(("ack", "link_code_companion_reg"), Kind(await server.ReadAsync()));
        Assert.Null(await server.TryReadAsync(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_refresh_brings_a_new_code_and_the_old_reference_is_dead()
    {
        await using var test = new TestClient();
        _ = test.Client.LinkByCodeAsync("15550000000");
        var (server, _, shown) = await BeginAsync(test);
        await server.SendAsync(Refresh(force: null));
        Assert.Equal(("ack", "link_code_companion_reg"), Kind(await server.ReadAsync()));
        var again = await server.ExpectRequestAsync("md", "set", "link_code_companion_reg");
        await server.AnswerAsync(again, Registration([9, 9]));
        Assert.NotEqual(shown.Code, (await test.ExpectAsync<LinkCodeShown>()).Code);
        await server.SendAsync(PrimaryHello(test, shown.Code));
        await server.ReadAsync();
        Assert.Null(await server.TryReadAsync(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_refresh_by_hand_is_left_to_the_caller()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByCodeAsync("15550000000");
        var (server, _, _) = await BeginAsync(test);
        await server.SendAsync(Refresh(force: "true"));
        Assert.Equal(LinkingFailure.CodeExpired, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
    }

    [Theory]
    [InlineData("429", LinkingFailure.RateLimited)]
    [InlineData("400", LinkingFailure.CodeRefused)]
    [InlineData("452", LinkingFailure.CodeRefused)]
    public async Task A_server_that_gives_no_code_says_why(string code, LinkingFailure failure)
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByCodeAsync("15550000000");
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        await server.RefuseAsync(await server.ReadAsync(), code, "no");
        Assert.Equal(failure, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
    }

    [Fact]
    public async Task A_code_that_nobody_types_expires_after_three_minutes()
    {
        await using var test = new TestClient();
        var linking = test.Client.LinkByCodeAsync("15550000000");
        var (server, _, shown) = await BeginAsync(test);
        var pings = server.AnswerAllAsync();
        await test.Clock.AdvanceUntilAsync(Task.WhenAny(linking), TimeSpan.FromSeconds(200));
        Assert.Equal(LinkingFailure.CodeExpired, (await Assert.ThrowsAsync<LinkingException>(() => linking)).Failure);
        Assert.InRange(test.Clock.GetUtcNow(), shown.ExpiresAt, shown.ExpiresAt.AddSeconds(10));
        await pings;
    }

    [Fact]
    public async Task What_is_no_number_or_code_is_refused_at_once()
    {
        await using var test = new TestClient();
        await Assert.ThrowsAsync<FormatException>(() => test.Client.LinkByCodeAsync("0555"));
        await Assert.ThrowsAsync<FormatException>(() => test.Client.LinkByCodeAsync("15550000000", "short"));
        Assert.Equal(0, test.Server.Arrivals);
    }

    /// <summary>Links a device by code up to its login.</summary>
    /// <returns>All that the client sent.</returns>
    internal async Task<List<Node>> RecordAsync(TestClient test)
    {
        var linking = test.Client.LinkByCodeAsync("15550000000");
        var (server, hello, shown) = await BeginAsync(test);
        await server.SendAsync(PrimaryHello(test, shown.Code));
        await server.ReadAsync();
        var (companion, secret) = await FinishAsync(test, server, hello, shown.Code);
        await server.SendAsync(test.Phone.Success(companion, secret));
        await server.ReadAsync();
        await server.ReadAsync();
        await server.SendAsync(new Node("stream:error", [("code", "515")]));
        var next = await test.Server.AcceptAsync();
        await TestClient.ServeLoginAsync(next, preKeys: 0);
        await linking;
        return [.. server.Read, .. next.Read];
    }

    private static (string, string?) Kind(Node stanza) => (stanza.Tag, stanza["type"]);

    private static Node Registration(byte[] reference) => new("link_code_companion_reg", new Node("link_code_pairing_ref", reference));

    private static Node Notification(Node registration) => new(
        "notification", [("from", Jid.Service), ("id", "lc1"), ("type", "link_code_companion_reg"), ("t", "1700000000")], registration);

    private static Node Refresh(string? force) => Notification(new Node(
        "link_code_companion_reg", [("stage", "refresh_code"), ("force_manual_refresh", force)], new Node("link_code_pairing_ref", Reference)));

    private static async Task<(ServerConnection Server, Node Hello, LinkCodeShown Shown)> BeginAsync(TestClient test)
    {
        var server = await test.Server.AcceptAsync();
        await server.SendAsync(Phone.PairDevice());
        await server.ReadAsync();
        var request = await server.ExpectRequestAsync("md", "set", "link_code_companion_reg");
        var hello = request.Child("link_code_companion_reg")!;
        Assert.Equal("companion_hello", hello["stage"]);
        await server.AnswerAsync(request, Registration(Reference));
        return (server, hello, await test.ExpectAsync<LinkCodeShown>());
    }

    private Node PrimaryHello(TestClient test, string shown, byte[]? reference = null)
    {
        var wrapped = LinkCode.Wrap(LinkCode.Normalize(shown), _phoneEphemeral.Public.Span, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(16));
        return Notification(new Node("link_code_companion_reg", [("stage", "primary_hello")],
        [
            new("link_code_pairing_ref", reference ?? Reference),
            new("link_code_pairing_wrapped_primary_ephemeral_pub", wrapped),
            new("primary_identity_pub", test.Phone.Identity.Public.ToArray()),
        ]));
    }

    private async Task<(byte[] Companion, byte[] Secret)> FinishAsync(TestClient test, ServerConnection server, Node hello, string shown)
    {
        var request = await server.ExpectRequestAsync("md", "set", "link_code_companion_reg");
        var finish = request.Child("link_code_companion_reg")!;
        Assert.Equal(("companion_finish", "15550000000@s.whatsapp.net"), (finish["stage"], finish["jid"]));
        Assert.Equal(Reference, finish.Child("link_code_pairing_ref")!.Content.Bytes.ToArray());
        var companion = finish.Child("companion_identity_public")!.Content.Bytes.ToArray();
        var ephemeral = LinkCode.Unwrap(LinkCode.Normalize(shown), hello.Child("link_code_pairing_wrapped_companion_ephemeral_pub")!.Content.Bytes.Span);
        var secret = LinkCodeFinish.Phone(
            _phoneEphemeral, test.Phone.Identity, ephemeral, companion, finish.Child("link_code_pairing_wrapped_key_bundle")!.Content.Bytes.Span);
        await server.AnswerAsync(request);
        return (companion, secret);
    }
}
