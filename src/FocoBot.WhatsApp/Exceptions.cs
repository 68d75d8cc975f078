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
