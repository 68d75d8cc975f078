namespace FocoBot.Messages;

/// <summary>How many chats may be begun with strangers. WhatsApp restricts accounts over it, and new companions first of all: what nobody has asked for is what gets reported.</summary>
internal static class NewChatLimits
{
    /// <summary>Chats a day once a device has been linked for a week: no more than a person begins.</summary>
    public const int ADay = 20;

    /// <summary>In the days since it was linked, the first one first.</summary>
    private static readonly int[] FirstDays = [3, 5, 8, 10, 12, 15, 18];

    /// <summary>For so long a new chat counts: a day, wherever its owner lives.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>How long none is begun after WhatsApp has refused one, unless it says until when: each further try counts against the account.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromDays(1);

    /// <summary>How many a device may begin in a day.</summary>
    public static int Of(DateTimeOffset? linkedAt, DateTimeOffset now)
    {
        var days = linkedAt is { } linked ? (int)Math.Clamp((now - linked) / Day, 0, FirstDays.Length) : 0;
        return days < FirstDays.Length ? FirstDays[days] : ADay;
    }
}
