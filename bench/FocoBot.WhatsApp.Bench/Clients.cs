using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// Our clients in a process of their own, told what to do by JSON lines; <c>baileys-clients.mjs</c> does the same with Baileys.
/// <code>
/// {"do":"qr","url","root","count"}                    → {"milliseconds":[…]}   from connecting to the first QR code
/// {"do":"link","sandbox","url","root","numbers","folder"?} → {}                new devices; kept in memory without a folder
/// {"do":"open","url","root","numbers","folder"}       → {"milliseconds"}       devices that were linked before
/// {"do":"send","to","count","atOnce"}                 → {"milliseconds"}       from the first client
/// {"do":"each","to","count","pause"}                   → {"milliseconds"}       from each client to the number of the same place; Baileys only
/// {"do":"received","count"}                           → {}                     when so many more messages have come
/// {"do":"collect"}                                    → {}                     after a full garbage collection
/// </code>
/// </summary>
internal sealed class Clients
{
    private readonly ConcurrentBag<WhatsAppClient> _open = [];
    private readonly SemaphoreSlim _received = new(0);
    private readonly HttpClient _http = new();
    private SqliteDeviceDatabase? _database;

    public static async Task<int> RunAsync()
    {
        var clients = new Clients();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            object answer;
            try
            {
                answer = await clients.DoAsync(JsonSerializer.Deserialize<JsonElement>(line));
            }
            catch (Exception failed)
            {
                answer = new { error = failed.ToString() };
            }

            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(answer));
            await Console.Out.FlushAsync();
        }

        if (clients._database is { } file)
        {
            await Task.WhenAll(clients._open.Select(client => client.DisposeAsync().AsTask()));
            await file.DisposeAsync();
        }

        return 0;
    }

    private async Task<object> DoAsync(JsonElement command)
    {
        string Text(string name) => command.GetProperty(name).GetString()!;
        string[] Texts(string name) => [.. command.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
        int Number(string name) => command.GetProperty(name).GetInt32();
        var start = Stopwatch.GetTimestamp();
        switch (Text("do"))
        {
            case "qr":
                var times = new double[Number("count")];
                for (var i = 0; i < times.Length; i++)
                    times[i] = await QrAsync(Text("url"), Text("root"));
                return new { milliseconds = times };
            case "link":
                var folder = command.TryGetProperty("folder", out var given) ? given.GetString() : null;
                // A few at once: that many phones can scan at the same time.
                await Parallel.ForEachAsync(Texts("numbers"), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
                    await LinkAsync(Text("sandbox"), number, Make(Text("url"), Text("root"), folder, number)));
                return new { };
            case "open":
                await Task.WhenAll(Texts("numbers").Select(number => OpenAsync(Make(Text("url"), Text("root"), Text("folder"), number))));
                return new { milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
            case "send":
                await SendAsync(Text("to") is var to && to.Contains('@') ? Jid.Parse(to) : new Jid(to, JidServer.User), Number("count"), Number("atOnce"));
                return new { milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
            case "received":
                for (var left = Number("count"); left > 0; left--)
                    await _received.WaitAsync();
                return new { };
            case "collect":
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                return new { };
            case var unknown:
                throw new ArgumentException($"There is no command {unknown}.");
        }
    }

    private WhatsAppClient Make(string url, string root, string? folder, string number) => new(new WhatsAppClientOptions
    {
        Uri = new(url),
        RootKey = Convert.FromBase64String(root),
        Store = folder is null ? new InMemoryDeviceStore() : (_database ??= new(Path.Combine(folder, "devices.db"))).Of(number),
    });

    private async Task<double> QrAsync(string url, string root)
    {
        await using var client = Make(url, root, null, "");
        var start = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource();
        var linking = client.LinkByQrAsync(stop.Token);
        var time = 0.0;
        await foreach (var happened in client.Events)
        {
            if (happened is QrCodeShown)
            {
                time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                break;
            }
        }

        await stop.CancelAsync();
        await linking.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return time;
    }

    private async Task LinkAsync(string sandbox, string number, WhatsAppClient client)
    {
        _open.Add(client);
        _ = ReadAsync(client, async qr =>
        {
            using var answer = await _http.PostAsJsonAsync($"{sandbox}sandbox/phones/{number}/scan", new { qr });
            answer.EnsureSuccessStatusCode();
        });
        await client.LinkByQrAsync();
    }

    private async Task OpenAsync(WhatsAppClient client)
    {
        _open.Add(client);
        _ = ReadAsync(client, _ => Task.CompletedTask);
        await client.ConnectAsync();
    }

    private async Task ReadAsync(WhatsAppClient client, Func<string, Task> scanAsync)
    {
        await foreach (var happened in client.Events)
        {
            switch (happened)
            {
                case QrCodeShown qr:
                    await scanAsync(qr.Text);
                    break;
                case MessageReceived:
                    _received.Release();
                    break;
            }
        }
    }

    private async Task SendAsync(Jid to, int count, int atOnce)
    {
        var from = _open.First();
        var left = count;
        async Task SendSomeAsync()
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var number)
                await from.SendTextAsync(to, $"{number:D8} El mensaje de prueba, con su texto de siempre");
        }

        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => SendSomeAsync()));
    }
}
