namespace FocoBot.Devices.Chats;

/// <summary>
/// Lists of groups that were fetched a moment ago. Each costs WhatsApp all groups with all their members, and clients that ask often are conspicuous; a list of several pages
/// needs one. Only the last few are in memory.
/// </summary>
internal sealed class RecentGroups(TimeProvider clock)
{
    private readonly Queue<(Guid Device, DateTimeOffset Until, IReadOnlyList<GroupView> Groups)> _lists = new();

    /// <summary>The list of a device; null when there is none that is still good.</summary>
    public IReadOnlyList<GroupView>? Find(Guid device)
    {
        lock (_lists) return _lists.LastOrDefault(list => list.Device == device && list.Until > clock.GetUtcNow()).Groups;
    }

    public IReadOnlyList<GroupView> Add(Guid device, IReadOnlyList<GroupView> groups)
    {
        lock (_lists)
        {
            if (_lists.Count == ChatLimits.GroupLists) _lists.Dequeue();
            _lists.Enqueue((device, clock.GetUtcNow() + ChatLimits.GroupsKept, groups));
        }

        return groups;
    }
}
