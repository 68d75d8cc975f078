using System.Text.Json;
using FocoBot.Sandbox;
using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using FocoBot.Tests.Events;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Devices;

/// <summary>A server, an offline WhatsApp beside it, and one clock for both.</summary>
public sealed class DeviceWorld : IAsyncDisposable
{
    private const string Api = "/api/integrations/whatsapp/";
    private readonly OfflineWhatsApp _sandbox;
    private readonly Dictionary<string, string> _settings;
    private readonly TimeProvider? _time;
    private readonly Action<IServiceCollection>? _services;

    private DeviceWorld(OfflineWhatsApp sandbox, TestServer server, Dictionary<string, string> settings, TimeProvider? time, Action<IServiceCollection>? services) =>
        (_sandbox, Server, _settings, _time, _services) = (sandbox, server, settings, time, services);

    public TestServer Server { get; private set; }

    public SandboxNetwork Network => _sandbox.Network;

    public FakeClock Clock => Server.Clock;

    public static Task<DeviceWorld> StartAsync(params (string Name, string Value)[] settings) => StartAsync(time: null, services: null, settings);

    /// <summary>The same in the real time, in which alone the certificate of WhatsApp's file host is good; messages leave without a pause.</summary>
    public static Task<DeviceWorld> StartInRealTimeAsync(Action<IServiceCollection>? services = null) => StartAsync(TimeProvider.System, services, ("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "60000"));

    private static async Task<DeviceWorld> StartAsync(TimeProvider? time, Action<IServiceCollection>? services, params (string Name, string Value)[] settings)
    {
        var clock = new FakeClock();
        var sandbox = await OfflineWhatsApp.StartAsync(time ?? clock);
        var all = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        all["FOCOBOT_SANDBOX_URL"] = sandbox.Url.ToString();
        // Nobody types, and nobody waits for the time to go on, where that is not what a test is about.
        all.TryAdd("WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", "6000");
        return new DeviceWorld(sandbox, await TestServer.StartAsync(all, services: services, clock: clock, time: time), all, time, services);
    }

    /// <summary>Stops the server and starts another on the same data; WhatsApp goes on.</summary>
    public async Task RestartAsync(params (string Name, string Value)[] settings)
    {
        foreach (var (name, value) in settings) _settings[name] = value;
        await Server.StopAsync();
        Server = await TestServer.StartAsync(_settings, data: Server.Data, services: _services, clock: Clock, time: _time);
    }

    /// <summary>WhatsApp is gone.</summary>
    public Task StopWhatsAppAsync() => _sandbox.StopAsync();

    /// <summary>Signs the first person in again.</summary>
    public async Task<HttpClient> SignInAsync()
    {
        var browser = Server.Browser();
        await browser.PostAsync("/api/auth/login", new { email = "person1@example.com", password = TestServer.Password }).OkJsonAsync();
        return browser;
    }

    /// <summary>WhatsApp says that another program has connected as this device.</summary>
    public void Replace(WhatsApp.Jid companion)
    {
        Network.PlanFaults(companion, new FaultPlan(StreamError: 440));
        Network.PlanFaults(companion, null);
    }

    /// <summary>Moves the time until something is done, slowly enough for what goes over the network meanwhile.</summary>
    public async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await task;
    }

    /// <summary>Somebody with a phone.</summary>
    public VirtualPhone AddPhone(string name, bool passkey = false) => _sandbox.AddPhone(name, passkey);

    /// <summary>Begins to link a device of whoever is signed in.</summary>
    public static Task<HttpResponseMessage> BeginAsync(HttpClient browser, string method = "qr_code", string? phoneNumber = null, string? deviceName = null) =>
        browser.PostAsync(Api + "device/link", new { method, phoneNumber, deviceName, network = "sandbox" });

    /// <summary>Links a device to a phone by QR code.</summary>
    public async Task<Device> LinkAsync(HttpClient browser, VirtualPhone phone)
    {
        var begun = await BeginAsync(browser).OkJsonAsync();
        phone.Scan(begun.GetProperty("qrCodeData").GetString()!);
        await StatusAsync(browser, begun, "success");
        return new Device(this, browser, begun.GetProperty("deviceId").GetGuid());
    }

    /// <summary>Waits until an attempt has a status.</summary>
    public static async Task<JsonElement> StatusAsync(HttpClient browser, JsonElement begun, string status)
    {
        var last = default(JsonElement);
        await UntilAsync(async () => (last = await GetAsync(browser, $"device/link/{begun.GetProperty("attemptId").GetGuid()}/status")).GetProperty("status").GetString() == status, () => $"{last}");
        return last;
    }

    /// <summary>What happens to a device, for a program with a key of whoever is signed in.</summary>
    internal async Task<EventReader> StreamAsync(HttpClient browser, Guid device, params string[] scopes)
    {
        var key = await TestServer.ApiKeyAsync(browser, scopes.Length > 0 ? scopes : ["devices:read", "devices:write", "messages:read"]);
        return await EventReader.ConnectToAsync(Server, PathOf($"device/{device}/stream"), ("Authorization", $"Bearer {key}"));
    }

    public static Task<JsonElement> GetAsync(HttpClient browser, string path) => browser.GetAsync(Api + path, TestContext.Current.CancellationToken).OkJsonAsync();

    public static string PathOf(string path) => Api + path;

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string>? what = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not come to that: {what?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public Task<T> ScalarAsync<T>(string sql, object? args = null) => Server.Database.AsService("test").ReadAsync(work => work.ScalarAsync<T>(sql, args));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _sandbox.DisposeAsync();
    }
}

/// <summary>A linked device of whoever is signed in.</summary>
public sealed record Device(DeviceWorld World, HttpClient Browser, Guid Id)
{
    public Task<JsonElement> StatusAsync() => DeviceWorld.GetAsync(Browser, $"device/{Id}/status");

    public Task UntilConnectedAsync() => DeviceWorld.UntilAsync(async () => (await StatusAsync()).GetProperty("connectionState").GetString() == "connected");

    public async Task<List<JsonElement>> MessagesAsync(string query = "") => [.. (await DeviceWorld.GetAsync(Browser, $"device/{Id}/messages{query}")).GetProperty("items").EnumerateArray()];

    /// <summary>Waits for a message with a text.</summary>
    public async Task<JsonElement> MessageAsync(string text, Func<JsonElement, bool>? fits = null)
    {
        var found = default(JsonElement);
        await DeviceWorld.UntilAsync(async () =>
        {
            found = (await MessagesAsync()).Find(message => message.GetProperty("text").GetString() == text && fits?.Invoke(message) != false);
            return found.ValueKind != JsonValueKind.Undefined;
        }, () => text);
        return found;
    }

    /// <summary>Sends a form: fields of a message, and a file.</summary>
    public async Task<HttpResponseMessage> SendFormAsync(byte[]? file, string? key = null, string fileName = "archivo", string? type = null, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        if (file is not null)
        {
            var content = new ByteArrayContent(file);
            if (type is not null) content.Headers.ContentType = new(type);
            form.Add(content, "file", fileName);
        }

        using var post = new HttpRequestMessage(HttpMethod.Post, DeviceWorld.PathOf($"device/{Id}/send")) { Content = form };
        if (key is not null) post.Headers.Add("Idempotency-Key", key);
        return await Browser.SendAsync(post, TestContext.Current.CancellationToken);
    }

    /// <summary>The file of a message.</summary>
    public Task<HttpResponseMessage> MediaAsync(Guid message) => Browser.GetAsync(DeviceWorld.PathOf($"device/{Id}/messages/{message}/media"), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SendAsync(object request, string? key = null)
    {
        var post = new HttpRequestMessage(HttpMethod.Post, DeviceWorld.PathOf($"device/{Id}/send")) { Content = System.Net.Http.Json.JsonContent.Create(request) };
        if (key is not null) post.Headers.Add("Idempotency-Key", key);
        return Browser.SendAsync(post, TestContext.Current.CancellationToken);
    }
}
