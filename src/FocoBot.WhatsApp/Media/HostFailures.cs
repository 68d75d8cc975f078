namespace FocoBot.WhatsApp.Media;

/// <summary>What went wrong at each host, and what the caller is told when all have failed.</summary>
internal sealed class HostFailures
{
    private readonly List<int> _statuses = [];
    private Exception? _last;

    /// <summary>Whether a failure is the host's, so that the next one may do better.</summary>
    public static bool IsOne(Exception failure, CancellationToken token) =>
        failure is HttpRequestException or IOException or ProtocolException || (failure is OperationCanceledException && !token.IsCancellationRequested);

    public void Add(int status) => _statuses.Add(status);

    public void Add(Exception failure) => _last = failure;

    public bool Any(Func<int, bool> fits) => _statuses.Any(fits);

    /// <summary>What to throw: a broken rule tells more than that nobody has the file, unless it can be had again.</summary>
    public Exception Exception(string message, bool isGone) => _last is ProtocolException broken && !isGone
        ? new ProtocolException(broken.Message, broken)
        : new MediaUnavailableException(message, _statuses.Count > 0 ? _statuses[^1] : null, isGone, _last);
}
