namespace FocoBot.WhatsApp.Connection;

/// <summary>Why a connection ended.</summary>
public enum EndCause
{
    /// <summary>This side wanted it.</summary>
    Stopped,

    /// <summary>The network failed, or the server fell silent.</summary>
    Lost,

    /// <summary>The server could not prove who it is, or does not speak the protocol.</summary>
    HandshakeFailed,

    /// <summary>The server sent what breaks the protocol.</summary>
    ProtocolBroken,

    /// <summary>Something failed on this side, such as the store.</summary>
    Internal,

    /// <summary>Another owner of the device's store has taken it over.</summary>
    TakenOver,

    /// <summary>More events wait to be read than may.</summary>
    EventsUnread,

    /// <summary>The server ended the stream without a reason, or closed the socket.</summary>
    ServerClosed,

    /// <summary>The server wants a new connection, as after linking.</summary>
    Restart,

    /// <summary>The same device connected a second time: with two owners of one state, messages get lost.</summary>
    Replaced,

    /// <summary>The device was unlinked, from the phone or by the server. Its credentials are dead.</summary>
    LoggedOut,

    /// <summary>The account is banned for a time.</summary>
    TemporarilyBanned,

    /// <summary>The account is locked; the server's text says more.</summary>
    AccountLocked,

    /// <summary>The account is banned.</summary>
    Banned,

    /// <summary>The server takes no client as old as the version given in the options.</summary>
    ClientOutdated,

    /// <summary>The server does not know such a client.</summary>
    ClientRefused,

    /// <summary>The phone's app has no linked devices.</summary>
    NoLinkedDevices,

    /// <summary>Too many connections or requests.</summary>
    RateLimited,

    /// <summary>The server is restarting or overloaded.</summary>
    Unavailable,

    /// <summary>The server misses the acknowledgement of a stanza.</summary>
    AckMissing,

    /// <summary>The server refused the login without saying why.</summary>
    LoginRefused,

    /// <summary>Anything else.</summary>
    ServerError,
}

/// <summary>What follows from the end of a connection.</summary>
public enum EndReaction
{
    /// <summary>Nothing: this side wanted it.</summary>
    None,

    /// <summary>Connect again at once.</summary>
    ReconnectNow,

    /// <summary>Connect again after a pause that grows.</summary>
    Reconnect,

    /// <summary>Connect again, after minutes.</summary>
    ReconnectSlowly,

    /// <summary>Connect again at <see cref="ConnectionEnd.Until"/>.</summary>
    Wait,

    /// <summary>Only a person can decide on what next.</summary>
    Stop,

    /// <summary>The device must be linked again.</summary>
    LinkAgain,

    /// <summary>A newer version of this library, or of the version in its options, is needed.</summary>
    UpdateClient,
}

/// <summary>How a connection ended. The first cause counts: what fails afterwards follows from it.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Code">The server's number: the code of a stream error or the reason of a failure; 0 for none.</param>
/// <param name="Until">When a ban ends.</param>
/// <param name="BanCode">Why there is a ban: 101 sent to too many people, 102 blocked by users, 103 created too many groups, 104 the same message too often, 106 broadcast list.</param>
/// <param name="Text">What the server has to say to the user, in the user's language.</param>
public sealed record ConnectionEnd(EndCause Cause, int Code = 0, DateTimeOffset? Until = null, int? BanCode = null, string? Text = null)
{
    /// <summary>What follows from it.</summary>
    public EndReaction Reaction => Cause switch
    {
        EndCause.Stopped => EndReaction.None,
        EndCause.Restart => EndReaction.ReconnectNow,
        EndCause.Replaced or EndCause.TakenOver or EndCause.AccountLocked or EndCause.Banned or EndCause.NoLinkedDevices => EndReaction.Stop,
        EndCause.LoggedOut => EndReaction.LinkAgain,
        EndCause.TemporarilyBanned => EndReaction.Wait,
        EndCause.ClientOutdated or EndCause.ClientRefused => EndReaction.UpdateClient,
        EndCause.RateLimited or EndCause.LoginRefused => EndReaction.ReconnectSlowly,
        _ => EndReaction.Reconnect,
    };

    /// <summary>Whether the client stays disconnected until it is told otherwise.</summary>
    public bool IsFinal => Reaction is EndReaction.None or EndReaction.Stop or EndReaction.LinkAgain or EndReaction.UpdateClient;

    /// <summary>Cause and code.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Code == 0 ? $"{Cause}" : $"{Cause} ({Code})";
}
