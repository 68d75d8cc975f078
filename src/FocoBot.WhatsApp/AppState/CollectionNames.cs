namespace FocoBot.WhatsApp.AppState;

/// <summary>The collections that settings belong to, as the server names them.</summary>
internal static class CollectionNames
{
    public const string CriticalBlock = "critical_block";
    public const string CriticalUnblockLow = "critical_unblock_low";
    public const string RegularHigh = "regular_high";
    public const string RegularLow = "regular_low";
    public const string Regular = "regular";

    /// <summary>All, in the order in which clients synchronise them first.</summary>
    public static IReadOnlyList<string> All { get; } = [CriticalBlock, CriticalUnblockLow, RegularHigh, RegularLow, Regular];
}
