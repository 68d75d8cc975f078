using System.Globalization;
using FocoBot.WhatsApp;

namespace FocoBot.Sandbox.Directory;

/// <summary>All groups of the network.</summary>
internal sealed class Groups
{
    private const long FirstId = 120_363_000_000_000_000;

    private readonly Dictionary<string, Group> _byId = new(StringComparer.Ordinal);

    public Group Add(string subject, Account creator, DateTimeOffset now)
    {
        var group = new Group((FirstId + _byId.Count + 1).ToString(CultureInfo.InvariantCulture), subject, creator, now);
        _byId.Add(group.Jid.User, group);
        return group;
    }

    public Group? Find(Jid jid) => jid.Server == JidServer.Group ? _byId.GetValueOrDefault(jid.User) : null;

    public Group? FindInvite(string code) => code.Length == 0 ? null : _byId.Values.FirstOrDefault(group => group.InviteCode == code);

    public IEnumerable<Group> Of(Account member) => _byId.Values.Where(group => group.Members.ContainsKey(member));
}
