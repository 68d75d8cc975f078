using System.Buffers.Text;
using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>What of linking Baileys does not know: passkeys, and secrets and codes that the server wants new.</summary>
public class LinkingInSandboxTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_account_with_a_passkey_is_linked_once_the_passkey_has_signed_and_the_phone_agrees(bool byCode)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana", passkey: true);
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        var linking = await BeginAsync(client, phone, byCode);
        Answer(client, phone, await client.WaitForAsync<PasskeyRequested>());
        phone.ConfirmPasskey(true);
        await linking.WaitAsync(Patience, Token);
        Assert.Null(phone.PasskeyCode);
        Assert.Single(phone.Companions);
    }

    [Theory]
    [InlineData(true, true, null)]
    [InlineData(true, false, LinkingFailure.PasskeyRefused)]
    [InlineData(false, true, LinkingFailure.PasskeyNotConfirmed)]
    public async Task A_passkey_used_late_makes_people_compare_codes(bool companionAgrees, bool phoneAgrees, LinkingFailure? failure)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana", passkey: true);
        var clock = new JumpingClock();
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore(), clock: clock);
        var linking = await BeginAsync(client, phone, byCode: false);
        var asked = await client.WaitForAsync<PasskeyRequested>();
        clock.Jump(TimeSpan.FromMinutes(6));
        Answer(client, phone, asked);
        var shown = await client.WaitForAsync<PasskeyCodeShown>();
        Assert.Equal(phone.PasskeyCode, shown.Code);
        client.Client.ConfirmPasskey(companionAgrees);
        phone.ConfirmPasskey(phoneAgrees);
        if (failure is null)
        {
            await linking.WaitAsync(Patience, Token);
            return;
        }

        Assert.Equal(failure, (await Assert.ThrowsAsync<LinkingException>(() => linking.WaitAsync(Patience, Token))).Failure);
        Assert.Empty(phone.Companions);
    }

    [Theory]
    [InlineData("nobody's passkey")]
    [InlineData("another passkey's signature")]
    [InlineData("another site")]
    [InlineData("an old challenge")]
    [InlineData("no assertion")]
    public async Task A_passkey_that_signs_something_else_links_nothing(string wrong)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana", passkey: true);
        var passkey = phone.Passkey!;
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        var linking = await BeginAsync(client, phone, byCode: false);
        var options = (await client.WaitForAsync<PasskeyRequested>()).Options;
        using var other = new VirtualPasskey();
        var (id, assertion) = wrong switch
        {
            "nobody's passkey" => (other.CredentialId, other.Assert(options)),
            "another passkey's signature" => (passkey.CredentialId, other.Assert(options).Replace(Base64Url.EncodeToString(other.CredentialId), Base64Url.EncodeToString(passkey.CredentialId), StringComparison.Ordinal)),
            "another site" => (passkey.CredentialId, passkey.Assert(options, "https://web.whatsapp.com.example")),
            "an old challenge" => (passkey.CredentialId, passkey.Assert("{\"rpId\":\"web.whatsapp.com\",\"challenge\":\"AAAA\"}")),
            _ => (passkey.CredentialId, "{\"response\":[]}"),
        };
        client.Client.AnswerPasskey(id, assertion);
        Assert.Equal(LinkingFailure.PasskeyRefused, (await Assert.ThrowsAsync<LinkingException>(() => linking.WaitAsync(Patience, Token))).Failure);
        Assert.Empty(phone.Companions);
    }

    [Theory]
    [InlineData("companion_reg_refresh")]
    [InlineData("pair-device-rotate-qr")]
    public async Task A_secret_that_the_server_wants_new_makes_a_new_QR_code_of_the_same_reference(string reason)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        var linking = client.Client.LinkByQrAsync(Token);
        var before = await client.WaitForAsync<QrCodeShown>();
        phone.RefreshQr(before.Text, reason);
        var after = await client.WaitForAsync<QrCodeShown>();
        var (old, now) = (QrCode.Parse(before.Text), QrCode.Parse(after.Text));
        Assert.Equal((old.Ref, before.ExpiresAt), (now.Ref, after.ExpiresAt));
        Assert.NotEqual(old.AdvSecret, now.AdvSecret);
        phone.Scan(after.Text);
        await linking.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task The_QR_code_before_a_new_secret_links_nothing_any_more()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        var linking = client.Client.LinkByQrAsync(Token);
        var before = await client.WaitForAsync<QrCodeShown>();
        phone.RefreshQr(before.Text);
        await client.WaitForAsync<QrCodeShown>();
        phone.Scan(before.Text);
        Assert.Equal(LinkingFailure.HmacMismatch, (await Assert.ThrowsAsync<LinkingException>(() => linking.WaitAsync(Patience, Token))).Failure);
        Assert.Empty(phone.Companions);
    }

    [Fact]
    public async Task A_link_code_that_the_server_wants_new_is_replaced_unless_its_user_must_ask()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        var linking = client.Client.LinkByCodeAsync(phone.Number, token: Token);
        var before = await client.WaitForAsync<LinkCodeShown>();
        phone.RefreshCode(byHand: false);
        var after = await client.WaitForAsync<LinkCodeShown>();
        Assert.NotEqual(before.Code, after.Code);
        await Task.Run(() => phone.EnterCode(after.Code), Token);
        await linking.WaitAsync(Patience, Token);

        await using var second = new SandboxClient(sandbox, new InMemoryDeviceStore());
        var refused = second.Client.LinkByCodeAsync(phone.Number, token: Token);
        await second.WaitForAsync<LinkCodeShown>();
        phone.RefreshCode(byHand: true);
        Assert.Equal(LinkingFailure.CodeExpired, (await Assert.ThrowsAsync<LinkingException>(() => refused.WaitAsync(Patience, Token))).Failure);
    }

    [Fact]
    public async Task A_hosted_account_links_our_client_and_Baileys()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var phone = sandbox.AddPhone("Ana");
        phone.IsHosted = true;
        await using var client = new SandboxClient(sandbox, new InMemoryDeviceStore());
        var linking = await BeginAsync(client, phone, byCode: false);
        await linking.WaitAsync(Patience, Token);
        await using var peer = await BaileysPeer.StartAsync(sandbox.WebSocket);
        phone.Scan((await peer.WaitForAsync<QrShown>()).Qr);
        await peer.WaitForAsync<Opened>();
        Assert.Equal(2, phone.Companions.Count);
    }

    private static async Task<Task> BeginAsync(SandboxClient client, VirtualPhone phone, bool byCode)
    {
        if (!byCode)
        {
            var linking = client.Client.LinkByQrAsync(Token);
            phone.Scan((await client.WaitForAsync<QrCodeShown>()).Text);
            return linking;
        }

        var linkingByCode = client.Client.LinkByCodeAsync(phone.Number, token: Token);
        var code = (await client.WaitForAsync<LinkCodeShown>()).Code;
        await Task.Run(() => phone.EnterCode(code), Token);
        return linkingByCode;
    }

    private static void Answer(SandboxClient client, VirtualPhone phone, PasskeyRequested asked)
    {
        var answer = phone.UsePasskey(asked.Options);
        client.Client.AnswerPasskey(Base64Url.DecodeFromChars(answer.CredentialId), answer.Assertion);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The system's clock, but later.
    private sealed class JumpingClock : TimeProvider
    {
        private TimeSpan _ahead;

        public void Jump(TimeSpan time) => _ahead += time;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
    }
}
