namespace FocoBot.Http;

/// <summary>What may be fetched.</summary>
/// <param name="MostBytes">Bytes of the body at most, counted as they come.</param>
/// <param name="Time">For all of it, redirects and body included.</param>
internal sealed record FetchRules(long MostBytes, TimeSpan Time)
{
    /// <summary>Whether plain http will do.</summary>
    public bool AllowsHttp { get; init; }

    public IReadOnlyList<int> Ports { get; init; } = [443, 80];
}

/// <summary>Why something is not fetched.</summary>
internal enum FetchRefusal
{
    /// <summary>The address is none, or of a kind that is not allowed.</summary>
    BadUrl,

    /// <summary>It leads to this machine, its network or its provider.</summary>
    Forbidden,

    TooManyRedirects,

    /// <summary>No such name, nobody there, or the connection broke.</summary>
    Unreachable,

    /// <summary>The answer is no file.</summary>
    BadAnswer,

    TooLarge,

    TooSlow,
}

/// <summary>Something was not fetched. The text says neither the address nor what is there.</summary>
internal sealed class FetchRefusedException(FetchRefusal reason, Exception? inner = null) : IOException($"Not fetched: {reason}.", inner)
{
    public FetchRefusal Reason => reason;

    /// <summary>In words for whoever has named the address.</summary>
    public string Detail => reason switch
    {
        FetchRefusal.BadUrl => "The address must begin with https:// and have no user name, password or unusual port.",
        FetchRefusal.Forbidden => "The address is not one of the open internet.",
        FetchRefusal.TooManyRedirects => "The address leads on too many times.",
        FetchRefusal.BadAnswer => "There is no file at the address.",
        FetchRefusal.TooLarge => "The file is too large.",
        FetchRefusal.TooSlow => "The file did not come in time.",
        _ => "The address can't be reached.",
    };
}

/// <summary>An answer whose body is still to be read. Ends the connection when disposed of.</summary>
internal sealed class Fetched : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly FetchTime _time;

    private Fetched(HttpResponseMessage response, FetchTime time, Stream body) => (_response, _time, Body) = (response, time, body);

    /// <summary>What the server calls its type; null when it doesn't say.</summary>
    public string? ContentType => _response.Content.Headers.ContentType?.ToString();

    /// <summary>Where it was found in the end.</summary>
    public Uri Address => _response.RequestMessage!.RequestUri!;

    /// <summary>The body. Reading throws <see cref="FetchRefusedException"/> when it is too much or takes too long.</summary>
    public Stream Body { get; }

    public static async Task<Fetched> OfAsync(HttpResponseMessage response, FetchRules rules, FetchTime time)
    {
        if (response.Content.Headers.ContentLength > rules.MostBytes) throw new FetchRefusedException(FetchRefusal.TooLarge);
        return new Fetched(response, time, new FetchedBody(await response.Content.ReadAsStreamAsync(time.Token).ConfigureAwait(false), rules.MostBytes, time));
    }

    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
        _time.Dispose();
    }

    private sealed class FetchedBody(Stream body, long most, FetchTime time) : ReadStream
    {
        private long _left = most;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await time.GuardAsync(() => body.ReadAsync(buffer, time.Token).AsTask()).ConfigureAwait(false);
            _left -= read;
            return _left >= 0 ? read : throw new FetchRefusedException(FetchRefusal.TooLarge);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) body.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>The time that a fetch has, and what its failures mean.</summary>
internal sealed class FetchTime : IDisposable
{
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _both;
    private readonly CancellationToken _caller;

    public FetchTime(TimeSpan time, TimeProvider clock, CancellationToken caller)
    {
        _caller = caller;
        _limit = new CancellationTokenSource(time, clock);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, caller);
    }

    public CancellationToken Token => _both.Token;

    /// <exception cref="FetchRefusedException">It failed, or took too long.</exception>
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> part)
    {
        try
        {
            return await part().ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is FetchRefusedException refused)
        {
            throw refused;
        }
        catch (OperationCanceledException e) when (!_caller.IsCancellationRequested)
        {
            throw new FetchRefusedException(FetchRefusal.TooSlow, e);
        }
        catch (Exception e) when (e is HttpRequestException or (IOException and not FetchRefusedException))
        {
            throw new FetchRefusedException(FetchRefusal.Unreachable, e);
        }
    }

    public void Dispose()
    {
        _both.Dispose();
        _limit.Dispose();
    }
}
