namespace FocoBot.WhatsApp;

/// <summary>The servers of a <see cref="Jid"/>: the part after the <c>@</c>, which says what kind of thing the JID names.</summary>
public static class JidServer
{
    /// <summary>A user by phone number; with an empty user the WhatsApp server itself.</summary>
    public const string User = "s.whatsapp.net";

    /// <summary>A user by hidden identity (LID).</summary>
    public const string Lid = "lid";

    /// <summary>A group; with an empty user the group service.</summary>
    public const string Group = "g.us";

    /// <summary>A broadcast list, or the status broadcast.</summary>
    public const string Broadcast = "broadcast";

    /// <summary>A channel.</summary>
    public const string Newsletter = "newsletter";

    /// <summary>The call service.</summary>
    public const string Call = "call";

    /// <summary>A device that Meta hosts for a phone-number user.</summary>
    public const string Hosted = "hosted";

    /// <summary>A device that Meta hosts for a LID user.</summary>
    public const string HostedLid = "hosted.lid";

    /// <summary>A bot.</summary>
    public const string Bot = "bot";

    /// <summary>A Messenger user.</summary>
    public const string Messenger = "msgr";

    /// <summary>A user of another messenger, behind an integrator.</summary>
    public const string Interop = "interop";

    /// <summary>The old name of <see cref="User"/>, still met in a few queries and ids.</summary>
    public const string LegacyUser = "c.us";
}
