using System.Net;
using System.Security.Cryptography;
using FocoBot.Devices;
using FocoBot.Security;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Tests.Devices;

/// <summary>Each setting of linked devices is set once, and what it is for is seen to happen.</summary>
public sealed class DeviceSettingsTests
{
    private const string KeyName = "WHATSAPP_ENCRYPTION_KEY";

    private static readonly Dictionary<string, Func<string, Task>> Effects = new()
    {
        ["WHATSAPP_DEVICE_LINKING_ENABLED"] = async name => await RefusedAsync(HttpStatusCode.NotFound, "FEATURE_DISABLED", linked: 0, (name, "false")),
        ["WHATSAPP_MAX_DEVICES_PER_USER"] = async name => await RefusedAsync(HttpStatusCode.Conflict, "DEVICE_LIMIT_REACHED", linked: 1, (name, "1")),
        ["WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR"] = async name => await RefusedAsync(HttpStatusCode.TooManyRequests, "RATE_LIMITED", linked: 1, (name, "1")),
        ["WHATSAPP_QR_TIMEOUT_SECONDS"] = name => ExpiryAsync("qr_code", name, 20),
        ["WHATSAPP_PAIRING_CODE_TIMEOUT_SECONDS"] = name => ExpiryAsync("pairing_code", name, 30),
        ["WHATSAPP_WEBSOCKET_URL"] = StreamAsync,
        ["WHATSAPP_MAX_CONNECTIONS_PER_SERVER"] = ConnectionsAsync,
        ["WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE"] = PaceAsync,
        ["WHATSAPP_MAX_RECONNECT_ATTEMPTS"] = ReconnectsAsync,
        ["WHATSAPP_BAILEYS_AUTH_DIR"] = FoldersAsync,
        [KeyName] = RotationAsync,
    };

    public static TheoryData<string> Names => [.. Effects.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_setting_has_its_effect(string name) => Effects[name](name);

    [Theory]
    [InlineData("WHATSAPP_DEVICE_LINKING_ENABLED", "perhaps")]
    [InlineData("WHATSAPP_MAX_DEVICES_PER_USER", "0")]
    [InlineData("WHATSAPP_WEBSOCKET_URL", "https://example.com")]
    [InlineData("FOCOBOT_SANDBOX_URL", "sandbox")]
    [InlineData("WHATSAPP_BAILEYS_AUTH_DIR", "there/is/none")]
    [InlineData(KeyName, "short")]
    [InlineData(KeyName, "zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("WHATSAPP_ENCRYPTION_KEY_PREVIOUS", "short")]
    public void An_unusable_value_stops_the_start_and_names_the_setting(string name, string value)
    {
        var settings = new Dictionary<string, string?> { [KeyName] = NewKey(), [name] = value };
        Assert.Contains(name, Assert.Throws<StartupException>(() => Load(settings, development: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Production_has_linked_devices_only_with_a_key_and_never_a_sandbox()
    {
        Assert.False(Load([], development: false).IsEnabled);
        Assert.True(Load(new() { [KeyName] = NewKey() }, development: false).IsEnabled);
        Assert.True(Load(new() { [KeyName] = Convert.ToHexString(RandomNumberGenerator.GetBytes(32)) }, development: false).IsEnabled);
        Assert.Contains(KeyName, Assert.Throws<StartupException>(() => Load(new() { ["WHATSAPP_DEVICE_LINKING_ENABLED"] = "true" }, development: false)).Message, StringComparison.Ordinal);
        Assert.Throws<StartupException>(() => Load(new() { [KeyName] = NewKey(), ["FOCOBOT_SANDBOX_URL"] = "http://127.0.0.1:5090" }, development: false));
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static DeviceOptions Load(Dictionary<string, string?> settings, bool development)
    {
        foreach (var (name, value) in TestServer.ProductionSecrets) settings[name] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return DeviceOptions.Load(configuration, Secrets.Load(configuration, ".", development), development);
    }

    private static async Task RefusedAsync(HttpStatusCode status, string code, int linked, (string, string) setting)
    {
        await using var world = await DeviceWorld.StartAsync(setting);
        var ana = await world.Server.SignUpAsync();
        for (var i = 0; i < linked; i++) await world.LinkAsync(ana, world.AddPhone("Ana"));
        using var refused = await DeviceWorld.BeginAsync(ana);
        Assert.Equal((status, code), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("code").GetString()));
    }

    private static async Task ExpiryAsync(string method, string name, int seconds)
    {
        await using var world = await DeviceWorld.StartAsync((name, $"{seconds}"));
        var ana = await world.Server.SignUpAsync();
        var begun = await DeviceWorld.BeginAsync(ana, method, "+" + world.AddPhone("Ana").Number).OkJsonAsync();
        Assert.Equal(world.Clock.GetUtcNow().AddSeconds(seconds), begun.GetProperty("expiresAt").GetDateTimeOffset());
    }

    private static async Task StreamAsync(string name)
    {
        await using var world = await DeviceWorld.StartAsync((name, "wss://live.example.com/"));
        var begun = await DeviceWorld.BeginAsync(await world.Server.SignUpAsync()).OkJsonAsync();
        Assert.StartsWith("wss://live.example.com/api/", begun.GetProperty("streamUrl").GetString(), StringComparison.Ordinal);
    }

    private static async Task ConnectionsAsync(string name)
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        await world.LinkAsync(ana, world.AddPhone("Ana"));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        var last = await world.LinkAsync(ana, world.AddPhone("Eva"));
        await world.RestartAsync((name, "1"));
        await (last with { Browser = await world.SignInAsync() }).UntilConnectedAsync();
        Assert.Equal(1, world.Network.Statistics().Connections);
    }

    private static async Task PaceAsync(string name)
    {
        await using var world = await DeviceWorld.StartAsync((name, "1"));
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var bob = world.AddPhone("Bob");
        // Nothing that is typed: that takes its time from the first on.
        for (var i = 0; i < 2; i++) await device.SendAsync(new { to = "+" + bob.Number, messageType = "location", latitude = i, longitude = i }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count == 1));
        var first = world.Clock.GetUtcNow();
        await world.AdvanceUntilAsync(DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count == 2)));
        Assert.True(world.Clock.GetUtcNow() - first >= TimeSpan.FromSeconds(60));
    }

    private static async Task ReconnectsAsync(string name)
    {
        await using var world = await DeviceWorld.StartAsync((name, "1"));
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        await world.StopWhatsAppAsync();
        await world.AdvanceUntilAsync(DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).GetProperty("status").GetString() == "disconnected"));
        Assert.Equal("reconnecting", (await device.StatusAsync()).GetProperty("connectionState").GetString());
    }

    private static async Task FoldersAsync(string name)
    {
        var place = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(place.CreateSubdirectory("sesion").FullName, "creds.json"), "{}");
        await using var world = await DeviceWorld.StartAsync((name, place.FullName));
        var offered = await DeviceWorld.GetAsync(await world.Server.SignUpAsync(), "devices/import/folders");
        Assert.Equal("sesion", Assert.Single(offered.GetProperty("items").EnumerateArray()).GetString());
        place.Delete(recursive: true);
    }

    // The devices go on under the new key; the old one can then go.
    private static async Task RotationAsync(string name)
    {
        var (old, anew) = (NewKey(), NewKey());
        await using var world = await DeviceWorld.StartAsync((name, old));
        var device = await world.LinkAsync(await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        foreach (var previous in new[] { old, "" })
        {
            await world.RestartAsync((name, anew), (name + "_PREVIOUS", previous));
            await (device with { Browser = await world.SignInAsync() }).UntilConnectedAsync();
        }
    }
}
