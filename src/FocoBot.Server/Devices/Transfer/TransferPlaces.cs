namespace FocoBot.Devices.Transfer;

/// <summary>Devices that are moved in or out right now: one an account and a few in all, since each is in memory as a whole and its passphrase keeps a processor busy.</summary>
internal sealed class TransferPlaces
{
    private readonly HashSet<Guid> _taken = [];

    /// <summary>A place, given back on dispose; null when there is none.</summary>
    public IDisposable? Take(Guid account)
    {
        lock (_taken) return _taken.Count < DeviceLimits.TransfersAtOnce && _taken.Add(account) ? new Place(this, account) : null;
    }

    private void GiveBack(Guid account)
    {
        lock (_taken) _taken.Remove(account);
    }

    private sealed class Place(TransferPlaces places, Guid account) : IDisposable
    {
        public void Dispose() => places.GiveBack(account);
    }
}
