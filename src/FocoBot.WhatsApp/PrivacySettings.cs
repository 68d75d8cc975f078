using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp;

/// <summary>What the owner of an account decides about.</summary>
public enum PrivacySetting
{
    /// <summary>Who sees when one was last there: everybody, contacts, some of them, nobody.</summary>
    LastSeen,

    /// <summary>Who sees that one is there: everybody, or those who see when one was last.</summary>
    Online,

    /// <summary>Who sees the picture: everybody, contacts, some of them, nobody.</summary>
    Picture,

    /// <summary>Who sees the about text: everybody, contacts, some of them, nobody.</summary>
    About,

    /// <summary>Whether others are told that their messages were read: everybody or nobody.</summary>
    ReadReceipts,

    /// <summary>Who may add one to groups: everybody, contacts, some of them, nobody.</summary>
    Groups,

    /// <summary>Who may call: everybody, or those one knows.</summary>
    Calls,

    /// <summary>Who may write: everybody or contacts.</summary>
    Messages,
}

/// <summary>For whom something is.</summary>
public enum PrivacyAudience
{
    /// <summary>For everybody.</summary>
    Everybody,

    /// <summary>For the contacts.</summary>
    Contacts,

    /// <summary>For the contacts without some.</summary>
    ContactsExcept,

    /// <summary>For nobody.</summary>
    Nobody,

    /// <summary>For those who see <see cref="PrivacySetting.LastSeen"/>.</summary>
    AsLastSeen,

    /// <summary>For those one has had to do with.</summary>
    Known,
}

/// <summary>An account's privacy settings; those that the server did not tell, or in words that came after this library, are missing.</summary>
public sealed class PrivacySettings
{
    private static readonly (PrivacySetting Setting, string Name)[] Names =
    [
        (PrivacySetting.LastSeen, "last"), (PrivacySetting.Online, "online"), (PrivacySetting.Picture, "profile"), (PrivacySetting.About, "status"),
        (PrivacySetting.ReadReceipts, "readreceipts"), (PrivacySetting.Groups, "groupadd"), (PrivacySetting.Calls, "calladd"), (PrivacySetting.Messages, "messages"),
    ];

    private static readonly (PrivacyAudience Audience, string Name)[] Audiences =
    [
        (PrivacyAudience.Everybody, "all"), (PrivacyAudience.Contacts, "contacts"), (PrivacyAudience.ContactsExcept, "contact_blacklist"),
        (PrivacyAudience.Nobody, "none"), (PrivacyAudience.AsLastSeen, "match_last_seen"), (PrivacyAudience.Known, "known"),
    ];

    private readonly Dictionary<PrivacySetting, PrivacyAudience> _values = [];

    private PrivacySettings()
    {
    }

    /// <summary>For whom something is; null when that is not known.</summary>
    /// <param name="setting">What.</param>
    public PrivacyAudience? this[PrivacySetting setting] => _values.TryGetValue(setting, out var audience) ? audience : null;

    // <privacy><category name value/>…</privacy>
    internal static PrivacySettings Read(Node privacy)
    {
        var settings = new PrivacySettings();
        foreach (var category in privacy.ChildrenOf("category").Take(Limits.NotifiedChanges))
        {
            var setting = Array.FindIndex(Names, known => known.Name == category["name"]);
            var audience = Array.FindIndex(Audiences, known => known.Name == category["value"]);
            if (setting >= 0 && audience >= 0)
                settings._values[Names[setting].Setting] = Audiences[audience].Audience;
        }

        return settings;
    }

    internal static Node Write(PrivacySetting setting, PrivacyAudience audience) => new(
        "privacy",
        new Node("category", [("name", Array.Find(Names, known => known.Setting == setting).Name), ("value", Array.Find(Audiences, known => known.Audience == audience).Name)]));
}
