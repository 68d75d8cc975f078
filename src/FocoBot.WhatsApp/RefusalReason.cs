namespace FocoBot.WhatsApp;

/// <summary>Why the server refused something, as far as a caller can act on it. The server's own number stands beside it.</summary>
public enum RefusalReason
{
    /// <summary>It did not refuse.</summary>
    None,

    /// <summary>Something else: see the number.</summary>
    Other,

    /// <summary>The account may not do that (401, 403).</summary>
    NotAllowed,

    /// <summary>There is no such person, group or thing (404).</summary>
    NotFound,

    /// <summary>There was too much of it (429): wait.</summary>
    TooMuch,

    /// <summary>The server could not do it (500 and more as in HTTP): try again later.</summary>
    ServerFault,

    /// <summary>
    /// The group's members are addressed otherwise by now (421). Messages are encrypted and sent once more by themselves; this is told when that
    /// was refused again.
    /// </summary>
    AddressingOutdated,

    /// <summary>
    /// The other one has shown in no way that messages are welcome (463): a first message to a stranger, or from an account that WhatsApp has
    /// restricted. Not to be tried again before the other one has written: each attempt counts.
    /// </summary>
    ContactNotEstablished,

    /// <summary>The account has begun too many new chats for now (475).</summary>
    NewChatLimit,

    /// <summary>
    /// The server has not said so: it ended one connection after the other with an error once the message had left, which was then given up.
    /// A fault of this library, or of what the message says.
    /// </summary>
    EndsConnections,

    /// <summary>The server did not like how the request was put (400, 479): a fault of this library.</summary>
    Malformed,
}

internal static class Refusals
{
    /// <summary>None of the server's numbers, which are not negative: <see cref="RefusalReason.EndsConnections"/>.</summary>
    public const int EndsConnections = -1;

    /// <summary>The server's numbers (protocol reference: NACKs), which are those of HTTP and some of its own.</summary>
    public static RefusalReason Of(int code) => code switch
    {
        0 => RefusalReason.None,
        EndsConnections => RefusalReason.EndsConnections,
        400 or 479 => RefusalReason.Malformed,
        401 or 403 => RefusalReason.NotAllowed,
        404 => RefusalReason.NotFound,
        421 => RefusalReason.AddressingOutdated,
        429 => RefusalReason.TooMuch,
        463 => RefusalReason.ContactNotEstablished,
        475 => RefusalReason.NewChatLimit,
        >= 500 and < 600 => RefusalReason.ServerFault,
        _ => RefusalReason.Other,
    };
}
