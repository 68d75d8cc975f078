using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace FocoBot.WhatsApp.Bench;

/// <summary>The offline network as a process of its own.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _draining;
    private readonly HttpClient _http;
    private long _lastNumber = 5215500000000;

    private SandboxProcess(Process process, Task draining, HttpClient http, JsonElement info)
    {
        _process = process;
        _draining = draining;
        _http = http;
        WebSocketUrl = info.GetProperty("webSocketUrl").GetString()!;
        RootKey = info.GetProperty("rootPublicKey").GetString()!;
    }

    public string Url => _http.BaseAddress!.ToString();

    public string WebSocketUrl { get; }

    /// <summary>In base64.</summary>
    public string RootKey { get; }

    /// <summary>How many devices are connected.</summary>
    public async Task<int> ConnectionsAsync() => (await StatisticsAsync()).GetProperty("connections").GetInt32();

    /// <summary>What has happened so far.</summary>
    public Task<JsonElement> StatisticsAsync() => _http.GetFromJsonAsync<JsonElement>("sandbox/stats");

    /// <summary>Processor time so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="certificate">A PEM file with a certificate and its key, for connections over TLS; null for plain ones.</param>
    public static async Task<SandboxProcess> StartAsync(string? certificate = null)
    {
        var program = Environment.GetEnvironmentVariable("FOCOBOT_BENCH_SANDBOX") ?? throw new InvalidOperationException("FOCOBOT_BENCH_SANDBOX names no sandbox: use bench.sh.");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", certificate is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(program)!,
        };
        if (certificate is not null) start.Environment["Kestrel__Certificates__Default__Path"] = start.Environment["Kestrel__Certificates__Default__KeyPath"] = certificate;
        var process = Process.Start(start)!;
        try
        {
            const string Listening = "Now listening on: ";
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.IndexOf(Listening, StringComparison.Ordinal) is var at && at < 0)
                    continue;
                // Whatever else it says must not fill the pipe.
                var draining = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                var http = new HttpClient { BaseAddress = new(line[(at + Listening.Length)..].Trim()) };
                return new(process, draining, http, await http.GetFromJsonAsync<JsonElement>("sandbox/info"));
            }

            throw new InvalidOperationException("The sandbox has not started.");
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Adds people with phones.</summary>
    /// <returns>Their numbers.</returns>
    public async Task<string[]> AddPhonesAsync(int count)
    {
        var numbers = new string[count];
        foreach (ref var number in numbers.AsSpan())
            number = $"{++_lastNumber}";
        foreach (var number in numbers)
        {
            using var answer = await _http.PostAsJsonAsync("sandbox/phones", new { phoneNumber = number, pushName = "P" + number[^4..] });
            answer.EnsureSuccessStatusCode();
        }

        return numbers;
    }

    /// <summary>Has the first of them make a group of all.</summary>
    /// <returns>Its JID.</returns>
    public async Task<string> MakeGroupAsync(string[] numbers)
    {
        using var answer = await _http.PostAsJsonAsync($"sandbox/phones/{numbers[0]}/groups", new { subject = "Todos", members = numbers[1..] });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jid").GetString()!;
    }

    /// <summary>Takes phones off the network; their devices stay.</summary>
    public async Task SwitchOffAsync(string[] numbers)
    {
        foreach (var number in numbers)
        {
            using var answer = await _http.PostAsync($"sandbox/phones/{number}/offline", content: null);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Has a worker link a device to each of these phones, kept below a folder or in memory.</summary>
    public Task LinkAsync(Worker worker, string[] numbers, string? folder) =>
        worker.AskAsync(new { @do = "link", sandbox = Url, url = WebSocketUrl, root = RootKey, numbers, folder });

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        await _draining;
        _process.Dispose();
    }
}
