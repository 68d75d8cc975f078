using System.Text.Json;
using FocoBot.Sandbox.Phones;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices;

/// <summary>A device that was logged out is linked again in its own row.</summary>
public sealed class RelinkTests
{
    [Theory]
    [InlineData("qr_code")]
    [InlineData("pairing_code")]
    public async Task A_device_that_was_removed_is_linked_again_with_all_that_it_had(string method)
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "6000"));
        var (ana, phone, bob) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"), world.AddPhone("Bob"));
        var device = await RevokedAsync(world, ana, phone, bob);

        var begun = await AgainAsync(device, method).OkJsonAsync();
        Assert.Equal(device.Id, begun.GetProperty("deviceId").GetGuid());
        Assert.Equal("pending", Assert.Single((await DeviceWorld.GetAsync(ana, "devices")).GetProperty("devices").EnumerateArray()).Text("status"));
        await device.SendAsync(new { to = "+" + bob.Number, message = "demasiado pronto" }).RefusedAsync(409, "DEVICE_DISCONNECTED");
        if (method == "qr_code") phone.Scan(begun.Text("qrCodeData")!);
        else phone.EnterCode(begun.Text("pairingCode")!);
        await DeviceWorld.StatusAsync(ana, begun, "success");

        var listed = Assert.Single((await DeviceWorld.GetAsync(ana, "devices")).GetProperty("devices").EnumerateArray());
        Assert.Equal((device.Id, "active", "Oficina", 7), (listed.GetProperty("id").GetGuid(), listed.Text("status"), listed.Text("deviceName"), listed.GetProperty("priority").GetInt32()));
        var status = await device.StatusAsync();
        Assert.Equal(("connected", "healthy"), (status.Text("connectionState"), status.Text("health")));
        await device.MessageAsync("antes de todo");
        await bob.SendTextAsync(phone.Pn, "después de todo");
        await device.MessageAsync("después de todo");
        await device.SendAsync(new { to = "+" + bob.Number, message = "aquí otra vez" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Any(message => message.Text == "aquí otra vez")));
        Assert.Single(phone.Companions);
        Assert.Equal(2, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_audit_log WHERE action = 'link_complete' AND device_id = @Id", new { device.Id }));

        await world.RestartAsync();
        await (device with { Browser = await world.SignInAsync() }).UntilConnectedAsync();
    }

    [Fact]
    public async Task A_cancelled_attempt_leaves_the_device_as_it_was_and_counts()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR", "2"));
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var device = await RevokedAsync(world, ana, phone, world.AddPhone("Bob"));
        var before = await RowAsync(device);

        var begun = await AgainAsync(device).OkJsonAsync();
        using var gone = await ana.DeletePathAsync(DeviceWorld.PathOf($"device/link/{begun.GetProperty("attemptId").GetGuid()}"));
        await DeviceWorld.StatusAsync(ana, begun, "cancelled");

        Assert.Equal(before, await RowAsync(device));
        await device.MessageAsync("antes de todo");
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_records"));
        await AgainAsync(device).RefusedAsync(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Another_phone_is_refused_and_nothing_of_it_is_put_down()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone, other, bob) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"), world.AddPhone("Eva"), world.AddPhone("Bob"));
        var device = await RevokedAsync(world, ana, phone, bob);
        var before = await RowAsync(device);
        await AgainAsync(device, phoneNumber: "+" + other.Number).RefusedAsync(422, "INVALID_PHONE");

        var begun = await AgainAsync(device).OkJsonAsync();
        other.Scan(begun.Text("qrCodeData")!);

        Assert.Equal("INVALID_PHONE", (await DeviceWorld.StatusAsync(ana, begun, "failed")).GetProperty("error").Text("code"));
        Assert.Empty(other.Companions);
        Assert.Equal(before, await RowAsync(device));
        await device.MessageAsync("antes de todo");
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_contacts WHERE contact_id LIKE @number", new { number = other.Number + "%" }));
    }

    [Fact]
    public async Task Only_a_device_of_ones_own_that_was_logged_out_is_linked_again()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, eva) = (await world.Server.SignUpAsync(), await world.Server.SignUpAsync());
        var (phone, bob) = (world.AddPhone("Ana"), world.AddPhone("Bob"));
        var device = await world.LinkAsync(ana, phone);
        await AgainAsync(device).RefusedAsync(409, "DEVICE_ALREADY_LINKED");
        await AgainAsync(device with { Browser = eva }).RefusedAsync(404, "NOT_FOUND");
        await AgainAsync(device with { Id = Guid.AllBitsSet }).RefusedAsync(404, "NOT_FOUND");
        await device.UntilConnectedAsync();

        phone.Unlink(phone.Companions[0]);
        await UntilRevokedAsync(device);
        await AgainAsync(device, deviceName: "Otra").RefusedAsync(422, "INVALID");
        var begun = await AgainAsync(device).OkJsonAsync();
        await AgainAsync(device).RefusedAsync(409, "DEVICE_ALREADY_LINKED");
        phone.Scan(begun.Text("qrCodeData")!);
        await DeviceWorld.StatusAsync(ana, begun, "success");
        await AgainAsync(device).RefusedAsync(409, "DEVICE_ALREADY_LINKED");
        Assert.Empty(bob.Messages());
    }

    [Fact]
    public async Task What_a_stopped_server_left_half_way_is_as_before_or_linked()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, bob) = (await world.Server.SignUpAsync(), world.AddPhone("Bob"));
        var (lost, vouched, stolen) = (await world.LinkAsync(ana, world.AddPhone("Ana 1")), await world.LinkAsync(ana, world.AddPhone("Ana 2")), await world.LinkAsync(ana, world.AddPhone("Ana 3")));
        await WriteAsync(world, "UPDATE whatsapp_devices SET status_before = 'revoked', status = 'pending', error_code = 'SESSION_INVALID' WHERE id = @Id", new { lost.Id });
        await WriteAsync(world, "UPDATE whatsapp_devices SET status_before = 'expired', status = 'linking', error_code = 'SESSION_INVALID' WHERE id = @Id", new { vouched.Id });
        await WriteAsync(world, "UPDATE whatsapp_devices SET status_before = 'revoked', status = 'linking', phone_number = '+15550009999' WHERE id = @Id", new { stolen.Id });

        await world.RestartAsync();

        var again = await world.SignInAsync();
        await (vouched with { Browser = again }).UntilConnectedAsync();
        Assert.Equal("revoked", (await (lost with { Browser = again }).StatusAsync()).Text("status"));
        Assert.Equal("revoked", (await (stolen with { Browser = again }).StatusAsync()).Text("status"));
        Assert.Equal(2, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices WHERE auth_creds IS NULL AND status_before IS NULL"));
        Assert.Equal(1, world.Network.Statistics().Connections);
    }

    // A device with a message, a name and a place of its own, removed on the phone.
    private static async Task<Device> RevokedAsync(DeviceWorld world, HttpClient ana, VirtualPhone phone, VirtualPhone bob)
    {
        var device = await world.LinkAsync(ana, phone);
        using var changed = await ana.PatchAsync(
            DeviceWorld.PathOf($"device/{device.Id}"), BusinessChannel.JsonContentOf(new { deviceName = "Oficina", priority = 7, consent = new { chats = "all" } }), TestContext.Current.CancellationToken);
        await bob.SendTextAsync(phone.Pn, "antes de todo");
        await device.MessageAsync("antes de todo");
        phone.Unlink(phone.Companions[0]);
        await UntilRevokedAsync(device);
        return device;
    }

    private static Task UntilRevokedAsync(Device device) => DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).Text("status") == "revoked");

    private static Task<HttpResponseMessage> AgainAsync(Device device, string method = "qr_code", string? phoneNumber = null, string? deviceName = null) =>
        device.Browser.PostAsync(DeviceWorld.PathOf("device/link"), new { method, phoneNumber, deviceName, deviceId = device.Id });

    // All that people see of it, and what the next attempt depends on.
    private static async Task<string> RowAsync(Device device)
    {
        var row = await device.World.ScalarAsync<string>("SELECT status || ' ' || phone_number || ' ' || COALESCE(push_name, '') || ' ' || client_id || ' ' || link_method || ' ' || COALESCE(error_code, '') FROM whatsapp_devices WHERE id = @Id", new { device.Id });
        var listed = Assert.Single((await DeviceWorld.GetAsync(device.Browser, "devices")).GetProperty("devices").EnumerateArray());
        return row + JsonSerializer.Serialize(listed);
    }

    private static Task WriteAsync(DeviceWorld world, string sql, object args) => world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync(sql, args));
}
