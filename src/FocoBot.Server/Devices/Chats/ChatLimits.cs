namespace FocoBot.Devices.Chats;

/// <summary>Bounds of chats, groups and contacts.</summary>
internal static class ChatLimits
{
    /// <summary>Characters of an address in a request: real ones have at most about fifty.</summary>
    public const int Address = 128;

    /// <summary>Chats of a device for which its owner may have chosen: more than anybody has.</summary>
    public const int Choices = 10_000;

    /// <summary>Lists of groups in memory at once.</summary>
    public const int GroupLists = 64;

    /// <summary>How long a list of groups is good: each asks WhatsApp for all groups with their members, and pages of one list belong together.</summary>
    public static readonly TimeSpan GroupsKept = TimeSpan.FromSeconds(30);
}
