using FocoBot.Tests.Accounts;
using FocoBot.Tests.Devices;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Oversight;

/// <summary>The emergency stop: at once, over a restart, until the owner or an administrator lifts it.</summary>
public sealed class SecurityLockTests
{
    private const string Path = "/api/security/lock";

    [Fact]
    public async Task A_lock_ends_other_sessions_and_keys_and_the_password_lifts_it()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync("ana@example.com");
        var elsewhere = server.Browser();
        await elsewhere.LoginAsync("ana@example.com").OkJsonAsync();
        var program = server.Program(await TestServer.ApiKeyAsync(ana, "account:read"));
        await program.GetMeAsync().OkJsonAsync();

        var answer = await LockAsync(ana);

        Assert.Equal("""{"sessionsEnded":1,"keysRevoked":1,"devicesDisconnected":0}""", answer.ToString());
        await ana.GetMeAsync().OkJsonAsync();
        await elsewhere.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        await program.GetMeAsync().RefusedAsync(401, "AUTHENTICATION_FAILED");
        Assert.Equal("ACCOUNT_LOCKED", await SayAsync(ana));

        await ana.DeletePathAsync(Path, new { password = "not this one" }).RefusedAsync(403, "WRONG_PASSWORD");
        await ana.DeletePathAsync(Path, new { }).RefusedAsync(422, "INVALID");
        Assert.Equal("ACCOUNT_LOCKED", await SayAsync(ana));
        await LiftedAsync(ana);

        Assert.Null(await SayAsync(ana));
        await ana.DeletePathAsync(Path, new { password = TestServer.Password }).RefusedAsync(404, "NOT_FOUND");
        Assert.Equal((1, 1), (await server.AuditedAsync("account_locked"), await server.AuditedAsync("account_unlocked")));
    }

    [Fact]
    public async Task Locking_twice_is_one_lock()
    {
        await using var server = await TestServer.StartAsync();
        var ana = await server.SignUpAsync();
        await LockAsync(ana);
        await LockAsync(ana);
        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM whatsapp_account_lockouts WHERE triggered_by = 'emergency_procedure'"));
        await LiftedAsync(ana);
    }

    [Fact]
    public async Task A_key_can_neither_lock_nor_lift()
    {
        await using var server = await TestServer.StartAsync();
        var program = server.Program(await TestServer.ApiKeyAsync(await server.SignUpAsync(), "account:read", "account:write"));
        await program.PostAsync(Path, null, TestContext.Current.CancellationToken).RefusedAsync(403, "FORBIDDEN");
        await program.DeletePathAsync(Path, new { password = TestServer.Password }).RefusedAsync(403, "FORBIDDEN");
    }

    [Fact]
    public async Task All_phones_of_the_account_are_refused_and_verify_again_afterwards_and_nobody_elses()
    {
        await using var channel = await BusinessChannel.StartAsync();
        var ana = await channel.LinkedAsync("+5215512345678");
        var bo = await channel.LinkedAsync("+5215587654321");

        await LockAsync(ana.Browser);

        Assert.StartsWith("🔒", await ana.SayAsync("comprar focos"), StringComparison.Ordinal);
        Assert.StartsWith("✅", await bo.SayAsync("comprar focos"), StringComparison.Ordinal);
        Assert.Equal(1, await channel.ScalarAsync<long>("SELECT count(*) FROM whatsapp_bot_sessions WHERE is_active"));
        await LiftedAsync(ana.Browser);
        channel.Clock.Advance(TimeSpan.FromMinutes(2));
        await ana.SayAsync("comprar focos");
        Assert.Equal("VERIFY_NEEDED", await channel.ScalarAsync<string>("SELECT error_code FROM whatsapp_security_audit_log WHERE action_type = 'message_rejected' ORDER BY created_at DESC LIMIT 1"));
    }

    [Fact]
    public async Task Devices_are_disconnected_also_over_a_restart_and_come_back_with_the_password()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await device.UntilConnectedAsync();

        Assert.Equal(1, (await LockAsync(ana)).GetProperty("devicesDisconnected").GetInt32());

        await LockedAsync(device);
        await ana.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/refresh"), null, TestContext.Current.CancellationToken).RefusedAsync(409, "ACCOUNT_LOCKED");
        await DeviceWorld.BeginAsync(ana).RefusedAsync(409, "ACCOUNT_LOCKED");
        await device.SendAsync(new { to = "+15550009999", message = "hola" }).RefusedAsync(409, "ACCOUNT_LOCKED");

        await world.RestartAsync();
        using var again = await world.SignInAsync();
        device = device with { Browser = again };
        await LockedAsync(device);
        await LiftedAsync(again);

        await device.UntilConnectedAsync();
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).Text("status") == "active");
        Assert.Single(phone.Companions);
    }

    [Fact]
    public async Task A_device_that_was_handed_out_does_not_come_back_with_the_lock()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        using var exported = await ana.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/export"), new { password = TestServer.Password, passphrase = "una frase bien larga", format = "focobot" });
        Assert.True(exported.IsSuccessStatusCode);
        await LockAsync(ana);
        await LiftedAsync(ana);
        Assert.Equal("EXPORTED", await world.ScalarAsync<string>("SELECT error_code FROM whatsapp_devices"));
        Assert.Equal(0, world.Network.Statistics().Connections);
    }

    [Fact]
    public async Task What_is_being_linked_is_given_up()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var begun = await DeviceWorld.BeginAsync(ana).OkJsonAsync();

        await LockAsync(ana);

        var status = await DeviceWorld.StatusAsync(ana, begun, "failed");
        Assert.Equal("ACCOUNT_LOCKED", status.GetProperty("error").Text("code"));
        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices") == 0);
    }

    private static async Task LockedAsync(Device device)
    {
        var status = await device.StatusAsync();
        Assert.Equal(("disconnected", "disconnected"), (status.Text("status"), status.Text("connectionState")));
        Assert.Equal("ACCOUNT_LOCKED", await device.World.ScalarAsync<string>("SELECT error_code FROM whatsapp_devices"));
    }

    private static Task<System.Text.Json.JsonElement> LockAsync(HttpClient browser) => browser.PostAsync(Path, null, TestContext.Current.CancellationToken).OkJsonAsync();

    private static async Task LiftedAsync(HttpClient browser)
    {
        using var lifted = await browser.DeletePathAsync(Path, new { password = TestServer.Password });
        Assert.Equal(204, (int)lifted.StatusCode);
    }

    // Why nothing was done of it; null when it was.
    private static async Task<string?> SayAsync(HttpClient browser) => (await browser.PostAsync("/api/chat", new { text = "comprar focos" }).OkJsonAsync()).Text("errorCode");
}
