using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FocoBot.Tests;

/// <summary>The whole server in this process, on a database of its own, with a clock that the test moves.</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string BaseUrl = "https://bot.example.com";

    private readonly WebApplicationFactory<ServerOptions> _factory;

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

    /// <summary>Starts a server. <paramref name="settings"/> are environment settings by name.</summary>
    public static async Task<TestServer> StartAsync(Dictionary<string, string>? settings = null, string environment = "Development", TestDatabase? data = null, Action<IServiceCollection>? services = null)
    {
        var database = data ?? await TestDatabase.CreateAsync();
        var clock = new FakeClock();
#pragma warning disable CA2000 // Owned by the TestServer.
        var factory = new WebApplicationFactory<ServerOptions>().WithWebHostBuilder(builder =>
#pragma warning restore CA2000
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("FOCOBOT_DATA_DIR", database.Directory);
            builder.UseSetting("FOCOBOT_BASE_URL", BaseUrl);
            if (database.Postgres is not null) builder.UseSetting("ConnectionStrings:Postgres", database.Postgres);
            foreach (var (name, value) in settings ?? [])
                builder.UseSetting(name.Replace("__", ":", StringComparison.Ordinal), value);
            builder.ConfigureTestServices(registered =>
            {
                registered.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                services?.Invoke(registered);
            });
        });
        _ = factory.Server;
        return new TestServer(database, factory, clock);
    }

    /// <summary>A browser-like client: keeps cookies, same origin.</summary>
    public HttpClient Browser()
    {
        var client = _factory.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri(BaseUrl), AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
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

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await Data.DisposeAsync();
    }
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
