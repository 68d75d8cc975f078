using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FocoBot.Http;
using FocoBot.Operations;
using FocoBot.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FocoBot.Tests;

/// <summary>The whole server in this process, on a database of its own, with a clock that the test moves.</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string BaseUrl = "https://bot.example.com";
    public const string Password = "verde-río-tambor-42";

    // What Production refuses to start without.
    public static readonly IReadOnlyDictionary<string, string> ProductionSecrets = new Dictionary<string, string>
    {
        ["FOCOBOT_ENCRYPTION_KEY"] = "test-encryption-key-0123456789abcdef",
        ["FOCOBOT_FINGERPRINT_SECRET"] = "test-fingerprint-secret-0123456789ab",
        ["FOCOBOT_CRON_SECRET"] = "test-cron-secret-0123456789abcdefgh",
    };

    private readonly WebApplicationFactory<ServerOptions> _factory;

    private int _people;
    private bool _isStopped;

    private TestServer(TestDatabase database, WebApplicationFactory<ServerOptions> factory, FakeClock clock)
    {
        Data = database;
        Clock = clock;
        _factory = factory;
    }

    public TestDatabase Data { get; }

    public FakeClock Clock { get; }

    public IServiceProvider Services => _factory.Services;

    public Database Database => Services.GetRequiredService<Database>();

    /// <summary>Starts a server. <paramref name="settings"/> are environment settings by name; <paramref name="time"/> is another clock than the test's, for what must live in the real time.</summary>
    public static async Task<TestServer> StartAsync(Dictionary<string, string>? settings = null, string environment = "Development", TestDatabase? data = null, Action<IServiceCollection>? services = null, FakeClock? clock = null, TimeProvider? time = null)
    {
        var database = data ?? await TestDatabase.CreateAsync();
        clock ??= new FakeClock();
#pragma warning disable CA2000 // Owned by the TestServer.
        var factory = new WebApplicationFactory<ServerOptions>().WithWebHostBuilder(builder =>
#pragma warning restore CA2000
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("FOCOBOT_DATA_DIR", database.Directory);
            builder.UseSetting("FOCOBOT_BASE_URL", BaseUrl);
            builder.UseSetting("webroot", Path.Combine(database.Directory, "no-pages")); // whether or not the web app was built
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            builder.UseSetting("Logging:LogLevel:Microsoft.AspNetCore.Routing", "Error"); // the in-memory server can't bound bodies and says so each time
            if (database.Postgres is not null) builder.UseSetting("ConnectionStrings:Postgres", database.Postgres);
            foreach (var (name, value) in settings ?? [])
                builder.UseSetting(name.Replace("__", ":", StringComparison.Ordinal), value);
            builder.ConfigureTestServices(registered =>
            {
                registered.Replace(ServiceDescriptor.Singleton(time ?? clock));
                registered.AddSingleton<IStartupFilter, BehindLocalProxy>();
                registered.Remove(registered.Single(service => service.ImplementationType == typeof(Retention))); // tests leap for months; it has tests of its own
                registered.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000); // tests sign up by the hundred
                services?.Invoke(registered);
            });
        });
        _ = factory.Server;
        return new TestServer(database, factory, clock);
    }

    /// <summary>A browser-like client: keeps cookies, same origin. Each has an address of its own unless one is given.</summary>
    public HttpClient Browser(string? address = null)
    {
        var client = _factory.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri(BaseUrl), AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var person = Interlocked.Increment(ref _people);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address ?? string.Create(CultureInfo.InvariantCulture, $"198.18.{person >> 8}.{person & 255}"));
        return client;
    }

    /// <summary>Registers somebody (in Development the first one is the administrator); the browser they are signed in with.</summary>
    public async Task<HttpClient> SignUpAsync(string? email = null)
    {
        var browser = Browser();
        await browser.PostAsync("/api/auth/register", new { email = email ?? $"person{_people}@example.com", password = Password }).OkJsonAsync();
        return browser;
    }

    /// <summary>Makes an API key for whoever <paramref name="client"/> is signed in as.</summary>
    public static async Task<string> ApiKeyAsync(HttpClient client, params string[] scopes)
    {
        var made = await client.PostAsync("/api/keys", new { name = "test", scopes }).OkJsonAsync();
        return made.GetProperty("key").GetString()!;
    }

    /// <summary>A program that presents an API key and no cookies.</summary>
    public HttpClient Program(string apiKey)
    {
        var client = _factory.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri(BaseUrl), HandleCookies = false, AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return client;
    }

    /// <summary>The in-memory server, for WebSocket clients.</summary>
    public Microsoft.AspNetCore.TestHost.TestServer Host => _factory.Server;

    /// <summary>Stops the server and leaves its data, for a second one to start on.</summary>
    public async ValueTask StopAsync()
    {
        if (_isStopped) return;
        _isStopped = true;
        var database = Database;
        await _factory.DisposeAsync();
        // The program's own thread disposes of things as well, and may not have come to its end.
        await database.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await Data.DisposeAsync();
    }
}

/// <summary>Every request seems to come through a proxy on this machine, which names the client in X-Forwarded-For.</summary>
internal sealed class BehindLocalProxy : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            context.Connection.RemoteIpAddress = context.Request.Headers.TryGetValue("X-Test-Peer", out var peer) ? IPAddress.Parse(peer.ToString()) : IPAddress.Loopback;
            return following(context);
        });
        next(app);
    };
}

/// <summary>Short forms for JSON over HTTP.</summary>
internal static class HttpJson
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(text.Length > 0, $"{(int)response.StatusCode} with an empty body");
        return JsonDocument.Parse(text).RootElement;
    }

    public static async Task<JsonElement> OkJsonAsync(this Task<HttpResponseMessage> pending)
    {
        using var response = await pending;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object? body) =>
        client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
}
