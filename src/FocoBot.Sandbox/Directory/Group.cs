using System.Globalization;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Directory;

/// <summary>What somebody may do in a group.</summary>
internal enum GroupRole
{
    Member,
    Admin,
    SuperAdmin,
}

/// <summary>A group and its members.</summary>
internal sealed class Group(string id, string subject, Account creator, DateTimeOffset created)
{
    public Jid Jid { get; } = new(id, JidServer.Group);

    public string Subject { get; set; } = subject;

    public string? Description { get; set; }

    public string? DescriptionId { get; set; }

    public bool Announcement { get; set; }

    public bool Locked { get; set; }

    public int Expiration { get; set; }

    public string InviteCode { get; set; } = "";

    public Dictionary<Account, GroupRole> Members { get; } = new() { [creator] = GroupRole.SuperAdmin };

    /// <summary>The group as its members see it.</summary>
    public Node ToNode()
    {
        var children = Members.Select(member => new Node("participant",
            [("jid", member.Key.Lid), ("phone_number", member.Key.Pn), ("type", member.Value switch { GroupRole.SuperAdmin => "superadmin", GroupRole.Admin => "admin", _ => null })])).ToList();
        if (Description is { } text) children.Add(new Node("description", [("id", DescriptionId), ("t", Seconds)], new Node("body", System.Text.Encoding.UTF8.GetBytes(text))));
        if (Announcement) children.Add(new Node("announcement"));
        if (Locked) children.Add(new Node("locked"));
        if (Expiration > 0) children.Add(new Node("ephemeral", [("expiration", Expiration.ToString(CultureInfo.InvariantCulture))]));
        return new Node("group",
        [
            ("id", Jid.User), ("subject", Subject), ("s_t", Seconds), ("s_o", creator.Lid), ("creation", Seconds), ("creator", creator.Lid), ("creator_pn", creator.Pn),
            ("size", Members.Count.ToString(CultureInfo.InvariantCulture)), ("addressing_mode", "lid"),
        ], children.ToArray());
    }

    private string Seconds => created.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
