namespace FocoBot.WhatsApp.Groups;

/// <summary>The groups that were written to on this connection, until the server says that they have changed.</summary>
internal sealed class GroupDirectory(GroupRequests requests)
{
    private readonly Dictionary<Jid, Group> known = [];

    public async ValueTask<Group> GetAsync(Jid jid, CancellationToken token)
    {
        lock (known)
        {
            if (known.TryGetValue(jid, out var found))
                return found;
        }

        var group = await requests.GetAsync(jid, token);
        lock (known)
        {
            if (known.Count >= Limits.KnownGroups)
                known.Clear();
            known[jid] = group;
        }

        return group;
    }

    public void Forget(Jid group)
    {
        lock (known)
            known.Remove(group);
    }
}
