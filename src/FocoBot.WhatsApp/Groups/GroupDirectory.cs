namespace FocoBot.WhatsApp.Groups;

/// <summary>The groups that were written to on this connection, until the server says that they have changed.</summary>
internal sealed class GroupDirectory(GroupRequests requests)
{
    private readonly Dictionary<Jid, Group> _known = [];

    public async ValueTask<Group> GetAsync(Jid jid, CancellationToken token)
    {
        lock (_known)
        {
            if (_known.TryGetValue(jid, out var found))
                return found;
        }

        var group = await requests.GetAsync(jid, token);
        lock (_known)
        {
            if (_known.Count >= Limits.KnownGroups)
                _known.Clear();
            _known[jid] = group;
        }

        return group;
    }

    public void Forget(Jid group)
    {
        lock (_known)
            _known.Remove(group);
    }
}
