using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Pairing;

namespace FocoBot.WhatsApp;

/// <summary>What the caller can do about a failure.</summary>
public enum Recovery
{
    /// <summary>The connection is fine: the operation may be tried again.</summary>
    Retry,

    /// <summary>The connection is lost or unusable: connect anew.</summary>
    Reconnect,

    /// <summary>The credentials are dead: link the device again.</summary>
    LinkAgain,

    /// <summary>Somebody else has taken over: leave it to them.</summary>
    Leave,

    /// <summary>A fault of this library or of its use; doing the same again fails again.</summary>
    Bug,
}

/// <summary>The root of what this library throws on its own account. Messages never hold keys, phone numbers or message text.</summary>
/// <param name="message">What happened.</param>
/// <param name="recovery">What the caller can do.</param>
/// <param name="inner">The cause.</param>
public abstract class WhatsAppException(string message, Recovery recovery, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the caller can do.</summary>
    public Recovery Recovery { get; } = recovery;
}

/// <summary>A peer sent bytes that break the protocol: the only thing that peer input can lead to.</summary>
/// <param name="message">Which rule was broken.</param>
/// <param name="inner">The cause.</param>
public sealed class ProtocolException(string message, Exception? inner = null) : WhatsAppException(message, Recovery.Reconnect, inner);

/// <summary>The connection has ended, or ended before the operation was done.</summary>
/// <param name="end">How it ended, and what follows from that.</param>
public sealed class ConnectionEndedException(ConnectionEnd end)
    : WhatsAppException($"The connection has ended: {end.Cause} ({end.Code}).", end.Reaction is EndReaction.LinkAgain ? Recovery.LinkAgain : Recovery.Reconnect)
{
    /// <summary>How it ended, and what follows from that.</summary>
    public ConnectionEnd End { get; } = end;
}

/// <summary>The server did not answer a request in time.</summary>
public sealed class RequestTimeoutException() : WhatsAppException("The server did not answer a request in time.", Recovery.Retry);

/// <summary>The server refused a request.</summary>
/// <param name="code">As in HTTP: 400 bad request, 401 not authorized, 404 not found, 429 too many, 500 internal error…; -1 for <see cref="RefusalReason.EndsConnections"/>.</param>
/// <param name="text">The server's word for it, e.g. <c>item-not-found</c>.</param>
public sealed class RequestRefusedException(int code, string? text) : WhatsAppException($"The server refused a request: {code} {text}.", Recovery.Retry)
{
    /// <summary>As in HTTP: 400 bad request, 401 not authorized, 404 not found, 429 too many, 500 internal error…; -1 for <see cref="RefusalReason.EndsConnections"/>.</summary>
    public int Code { get; } = code;

    /// <summary>What that means to the caller.</summary>
    public RefusalReason Reason => Code == 0 ? RefusalReason.Other : Refusals.Of(Code);
}

/// <summary>The store failed. What was not stored never was: the connection ends, and the next one goes on from what is stored.</summary>
/// <param name="inner">What the store said.</param>
public sealed class StoreFailedException(Exception inner)
    : WhatsAppException("The device's store failed.", inner is WhatsAppException { Recovery: var known } ? known : Recovery.Reconnect, inner);

/// <summary>Thrown by stores: somebody else owns the device by now, and this client may store nothing more.</summary>
public sealed class DeviceTakenOverException() : WhatsAppException("Somebody else owns the device by now.", Recovery.Leave);

/// <summary>The device could not be linked.</summary>
/// <param name="failure">Why.</param>
/// <param name="inner">The cause.</param>
public sealed class LinkingException(LinkingFailure failure, Exception? inner = null)
    : WhatsAppException($"The device could not be linked: {failure}.", Recovery.LinkAgain, inner)
{
    /// <summary>Why.</summary>
    public LinkingFailure Failure { get; } = failure;
}
