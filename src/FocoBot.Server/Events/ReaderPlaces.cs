namespace FocoBot.Events;

/// <summary>Counts an account's waiting readers, so that one account can't hold all of the server's connections.</summary>
public sealed class ReaderPlaces
{
    private readonly Dictionary<Guid, int> _taken = [];

    /// <summary>A place to wait, given back on dispose; null when all of the account's are taken.</summary>
    public IDisposable? Take(Guid accountId)
    {
        lock (_taken)
        {
            var count = _taken.GetValueOrDefault(accountId);
            if (count >= EventLimits.Readers) return null;
            _taken[accountId] = count + 1;
        }

        return new Place(this, accountId);
    }

    private void GiveBack(Guid accountId)
    {
        lock (_taken)
        {
            if (--_taken[accountId] == 0) _taken.Remove(accountId);
        }
    }

    private sealed class Place(ReaderPlaces places, Guid accountId) : IDisposable
    {
        private int _givenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _givenBack, 1) == 0) places.GiveBack(accountId);
        }
    }
}
