namespace FocoBot.WhatsApp.AppState;

/// <summary>What outlives connections: one work on the collections at a time, and which keys were asked for when.</summary>
internal sealed class AppStateMemory
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromDays(1);

    private readonly Dictionary<string, DateTimeOffset> _asked = new(StringComparer.Ordinal);

    /// <summary>Whoever reads or writes collections has it meanwhile: what was begun on one connection may end after the next has come.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Whether a missing key is to be asked for: each once a day.</summary>
    public bool MayAsk(byte[] id, DateTimeOffset now)
    {
        lock (_asked)
        {
            foreach (var (old, _) in _asked.Where(entry => now - entry.Value >= AskAgainAfter).ToArray())
                _asked.Remove(old);
            return _asked.Count < Limits.AppStateKeysAsked && _asked.TryAdd(Convert.ToHexString(id), now);
        }
    }
}
