using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>
/// A Node program that takes a command per line, <c>{"id":1,"do":"…",…}</c>, and answers <c>{"id":1,"ok":…}</c> or
/// <c>{"id":1,"error":"…"}</c>, with lines <c>{"event":"…",…}</c> in between. Its end ends every wait, with what it wrote to stderr.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _answers = new();
    private readonly EventQueue<PeerEvent> _events = new();
    private readonly Task _reading;
    private long _lastId;
    private InvalidOperationException? _end;

    private PeerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    /// <summary>The events that nobody waited for yet.</summary>
    public IReadOnlyList<PeerEvent> EventsLeft => _events.Left;

    /// <summary>What it wrote to stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="script">Its file in <c>tests/interop</c>.</param>
    /// <param name="environment">Variables to set for it.</param>
    /// <param name="node">The Node to run it with.</param>
    /// <exception cref="InvalidOperationException">There is no Node.</exception>
    public static PeerProcess Start(string script, IEnumerable<KeyValuePair<string, string>>? environment = null, string node = "node")
    {
        var start = new ProcessStartInfo(node, [Repository.Find("tests", "interop", script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        try
        {
            return new PeerProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"The interop tests need Node 20 or newer; \"{node}\" could not be started.", e);
        }
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <param name="what">Its name.</param>
    /// <param name="arguments">Its other fields.</param>
    /// <param name="patience">How long to wait.</param>
    /// <exception cref="InvalidOperationException">It was answered with an error, or the process ended.</exception>
    /// <exception cref="TimeoutException">It was not answered.</exception>
    public async Task<JsonElement> AskAsync(string what, object arguments, TimeSpan patience)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _answers[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // Whichever comes last, this or the end's own look at _answers, sees the other.
        if (Volatile.Read(ref _end) is { } end) throw end;

        var command = JsonSerializer.SerializeToNode(arguments, Json)!.AsObject();
        command["id"] = id;
        command["do"] = what;
        await WriteAsync(command.ToJsonString(Json));
        try
        {
            return await answer.Task.WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"\"{what}\" was not answered within {patience.TotalSeconds} s. {Said()}");
        }
        finally
        {
            _answers.TryRemove(id, out _);
        }
    }

    /// <inheritdoc cref="EventQueue{TEvent}.WaitForAsync"/>
    public async Task<T> WaitForAsync<T>(Func<T, bool>? fits, TimeSpan patience) where T : PeerEvent
    {
        try
        {
            return await _events.WaitForAsync(fits, patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} {Said()}", e);
        }
    }

    /// <summary>Waits for it to end.</summary>
    public Task EndAsync(TimeSpan patience) => _reading.WaitAsync(patience, TimeProvider.System);

    /// <summary>Kills it; what it said stays.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _reading;
    }

    /// <summary>Kills it.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task WriteAsync(string line)
    {
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended; the answer's wait learns why.
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        string? nonsense = null;
        while (nonsense is null && await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            try
            {
                Take(line);
            }
            catch (JsonException)
            {
                nonsense = line;
                _process.Kill(entireProcessTree: true);
            }
        }

        await _process.WaitForExitAsync();
        var cause = nonsense is null ? $"ended with code {_process.ExitCode}" : $"wrote what is no line of ours, \"{nonsense}\"";
        var end = new InvalidOperationException($"The peer {cause}. {Said()}");
        Volatile.Write(ref _end, end);
        foreach (var answer in _answers.Values) answer.TrySetException(end);
        _events.End(end);
    }

    private void Take(string line)
    {
        if (line.StartsWith("{\"event\":", StringComparison.Ordinal))
        {
            _events.Add(JsonSerializer.Deserialize<PeerEvent>(line, Json)!);
            return;
        }

        var (id, ok, error) = JsonSerializer.Deserialize<Answer>(line, Json) ?? throw new JsonException();
        if (id < 1 || (error is null && ok.ValueKind == JsonValueKind.Undefined)) throw new JsonException();

        // Nobody waits any more for the answer to what took too long.
        if (!_answers.TryGetValue(id, out var answer)) return;
        if (error is null) answer.TrySetResult(ok);
        else answer.TrySetException(new InvalidOperationException($"The peer refused: {error}"));
    }

    private string Said() => Errors is { Length: > 0 } errors ? $"On stderr:\n{errors}" : "Nothing on stderr.";

    private sealed record Answer(long Id, JsonElement Ok, string? Error);
}
