using System.Net;
using System.Text.Json;

namespace FocoBot.Tests.Devices;

public sealed class LinkingTests
{
    [Fact]
    public async Task A_phone_scans_the_code_and_the_device_is_linked()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");

        using var response = await DeviceWorld.BeginAsync(ana, deviceName: "Casa");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var begun = await response.JsonAsync();
        Assert.StartsWith("data:image/png;base64,", begun.GetProperty("qrCode").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("wss://bot.example.com/api/integrations/whatsapp/device/", begun.GetProperty("streamUrl").GetString(), StringComparison.Ordinal);
        phone.Scan(begun.GetProperty("qrCodeData").GetString()!);

        var status = await DeviceWorld.StatusAsync(ana, begun, "success");
        Assert.Equal("+" + phone.Number, status.GetProperty("device").GetProperty("phoneNumber").GetString());
        Assert.All(status.GetProperty("progress").EnumerateObject(), step => Assert.True(step.Value.GetBoolean()));
        var listed = Assert.Single((await DeviceWorld.GetAsync(ana, "devices")).GetProperty("devices").EnumerateArray());
        Assert.Equal(("Casa", "active"), (listed.GetProperty("deviceName").GetString(), listed.GetProperty("status").GetString()));
        Assert.Equal("connected", (await new Device(world, ana, listed.GetProperty("id").GetGuid()).StatusAsync()).GetProperty("connectionState").GetString());
        Assert.Single(phone.Companions);
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_linking_attempts WHERE status = 'success' AND qr_code_data IS NULL"));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'link_complete'"));
    }

    [Fact]
    public async Task A_code_is_typed_into_the_phone_and_the_device_is_linked()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");

        var begun = await DeviceWorld.BeginAsync(ana, "pairing_code", "+" + phone.Number).OkJsonAsync();
        var code = begun.GetProperty("pairingCode").GetString()!;
        Assert.Matches("^[1-9A-Z]{4}-[1-9A-Z]{4}$", code);
        Assert.Equal(code, (await DeviceWorld.GetAsync(ana, $"device/{begun.GetProperty("deviceId").GetGuid()}/code")).GetProperty("pairingCode").GetString());
        phone.EnterCode(code);

        await DeviceWorld.StatusAsync(ana, begun, "success");
    }

    [Fact]
    public async Task A_passkey_is_asked_for_and_answered()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana", passkey: true);

        var begun = await DeviceWorld.BeginAsync(ana).OkJsonAsync();
        using var reader = await world.StreamAsync(ana, begun.GetProperty("deviceId").GetGuid());
        phone.Scan(begun.GetProperty("qrCodeData").GetString()!);
        var asked = await reader.UntilAsync("passkey");
        Assert.Equal((begun.GetProperty("attemptId").GetGuid(), "scanned"), await UnderWayAsync(ana));
        var looked = await DeviceWorld.GetAsync(ana, $"device/{begun.GetProperty("deviceId").GetGuid()}/code");
        Assert.Equal(asked.GetProperty("options").GetRawText(), looked.GetProperty("passkeyOptions").GetRawText());
        var answer = phone.UsePasskey(looked.GetProperty("passkeyOptions").GetRawText());
        using var accepted = await ana.PostAsync(DeviceWorld.PathOf($"device/link/{begun.GetProperty("attemptId").GetGuid()}/passkey"),
            new { credentialId = answer.CredentialId, assertion = JsonDocument.Parse(answer.Assertion).RootElement });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        phone.ConfirmPasskey(true);

        await DeviceWorld.StatusAsync(ana, begun, "success");
        Assert.Equal(0, (await DeviceWorld.GetAsync(ana, "device/link")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_cancelled_attempt_leaves_nothing_behind()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var begun = await DeviceWorld.BeginAsync(ana).OkJsonAsync();
        using var gone = await ana.DeleteAsync(DeviceWorld.PathOf($"device/link/{begun.GetProperty("attemptId").GetGuid()}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);

        var status = await DeviceWorld.StatusAsync(ana, begun, "cancelled");
        Assert.Equal("LINKING_CANCELLED", status.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices"));
        Assert.Equal(0, world.Network.Statistics().Connections);
    }

    [Fact]
    public async Task A_refreshed_code_replaces_the_old_one_and_there_are_three_at_most()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var begun = await DeviceWorld.BeginAsync(ana).OkJsonAsync();
        var refresh = DeviceWorld.PathOf($"device/link/{begun.GetProperty("attemptId").GetGuid()}/refresh");

        var second = await ana.PostAsync(refresh, null).OkJsonAsync();
        Assert.NotEqual(begun.GetProperty("qrCodeData").GetString(), second.GetProperty("qrCodeData").GetString());
        Assert.ThrowsAny<Exception>(() => phone.Scan(begun.GetProperty("qrCodeData").GetString()!));
        var third = await ana.PostAsync(refresh, null).OkJsonAsync();
        using var fourth = await ana.PostAsync(refresh, null);
        Assert.Equal(HttpStatusCode.TooManyRequests, fourth.StatusCode);

        phone.Scan(third.GetProperty("qrCodeData").GetString()!);
        await DeviceWorld.StatusAsync(ana, begun, "success");
    }

    [Fact]
    public async Task An_attempt_ends_after_five_minutes()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var begun = await DeviceWorld.BeginAsync(ana).OkJsonAsync();
        await world.AdvanceUntilAsync(DeviceWorld.StatusAsync(ana, begun, "expired"));
        using var late = await ana.PostAsync(DeviceWorld.PathOf($"device/link/{begun.GetProperty("attemptId").GetGuid()}/refresh"), null);
        Assert.Equal((HttpStatusCode.Gone, "QR_EXPIRED"), (late.StatusCode, (await late.JsonAsync()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Another_phone_than_the_one_named_is_unlinked_again()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var (named, other) = (world.AddPhone("Ana"), world.AddPhone("Eva"));
        var begun = await DeviceWorld.BeginAsync(ana, phoneNumber: "+" + named.Number).OkJsonAsync();
        other.Scan(begun.GetProperty("qrCodeData").GetString()!);

        var status = await DeviceWorld.StatusAsync(ana, begun, "failed");
        Assert.Equal("INVALID_PHONE", status.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(other.Companions);
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices"));
    }

    [Fact]
    public async Task A_full_server_links_no_more_devices_and_keeps_nothing_of_the_attempt()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_MAX_CONNECTIONS_PER_SERVER", "1"));
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        using var refused = await DeviceWorld.BeginAsync(ana);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CONNECTION_CLOSED"), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("code").GetString()));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices"));

        using var renewed = await ana.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/refresh"), new { });
        Assert.Equal(HttpStatusCode.Accepted, renewed.StatusCode);
        await device.UntilConnectedAsync();
    }

    [Fact]
    public async Task The_same_account_is_not_linked_twice()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        await world.LinkAsync(ana, phone);
        using var named = await DeviceWorld.BeginAsync(ana, "pairing_code", "+" + phone.Number);
        Assert.Equal((HttpStatusCode.Conflict, "DEVICE_ALREADY_LINKED"), (named.StatusCode, (await named.JsonAsync()).GetProperty("code").GetString()));

        var begun = await DeviceWorld.BeginAsync(ana).OkJsonAsync();
        phone.Scan(begun.GetProperty("qrCodeData").GetString()!);
        Assert.Equal("DEVICE_ALREADY_LINKED", (await DeviceWorld.StatusAsync(ana, begun, "failed")).GetProperty("error").GetProperty("code").GetString());
        Assert.Single(phone.Companions);
    }

    [Fact]
    public async Task A_sixth_device_and_a_sixth_attempt_within_an_hour_are_refused()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR", "7"));
        var ana = await world.Server.SignUpAsync();
        for (var i = 0; i < 5; i++) await world.LinkAsync(ana, world.AddPhone($"Ana {i}"));
        using var sixth = await DeviceWorld.BeginAsync(ana);
        Assert.Equal((HttpStatusCode.Conflict, "DEVICE_LIMIT_REACHED"), (sixth.StatusCode, (await sixth.JsonAsync()).GetProperty("code").GetString()));

        var eva = await world.Server.SignUpAsync();
        for (var i = 0; i < 7; i++)
        {
            var begun = await DeviceWorld.BeginAsync(eva).OkJsonAsync();
            using var gone = await eva.DeleteAsync(DeviceWorld.PathOf($"device/link/{begun.GetProperty("attemptId").GetGuid()}"), TestContext.Current.CancellationToken);
        }

        using var eighth = await DeviceWorld.BeginAsync(eva);
        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), (eighth.StatusCode, (await eighth.JsonAsync()).GetProperty("code").GetString()));
        Assert.NotNull(eighth.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("telepathy", null, "sandbox", "INVALID")]
    [InlineData("pairing_code", null, "sandbox", "INVALID_PHONE")]
    [InlineData("pairing_code", "12", "sandbox", "INVALID_PHONE")]
    [InlineData("qr_code", null, "elsewhere", "INVALID")]
    public async Task What_makes_no_sense_is_refused(string method, string? phoneNumber, string network, string code)
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        using var refused = await ana.PostAsync(DeviceWorld.PathOf("device/link"), new { method, phoneNumber, network });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, code), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Nobody_else_sees_an_attempt_or_its_code()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var eva = await world.Server.SignUpAsync();
        var begun = await DeviceWorld.BeginAsync(ana).OkJsonAsync();
        var (attempt, device) = (begun.GetProperty("attemptId").GetGuid(), begun.GetProperty("deviceId").GetGuid());
        foreach (var path in new[] { $"device/link/{attempt}/status", $"device/{device}/code", $"device/{device}/status", $"device/{device}/messages" })
        {
            using var refused = await eva.GetAsync(DeviceWorld.PathOf(path), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        using var cancel = await eva.DeleteAsync(DeviceWorld.PathOf($"device/link/{attempt}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, cancel.StatusCode);
    }

    private static async Task<(Guid, string?)> UnderWayAsync(HttpClient browser)
    {
        var attempt = Assert.Single((await DeviceWorld.GetAsync(browser, "device/link")).GetProperty("items").EnumerateArray());
        return (attempt.GetProperty("attemptId").GetGuid(), attempt.GetProperty("status").GetString());
    }
}
