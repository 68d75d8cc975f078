namespace FocoBot.WhatsApp.Signal;

/// <summary>Why a message could not be encrypted or decrypted.</summary>
public enum SignalError
{
    /// <summary>The bytes are no message of the Signal protocol.</summary>
    Malformed,

    /// <summary>There is no session with this device.</summary>
    NoSession,

    /// <summary>No session of this device has the message's authentication code.</summary>
    BadMac,

    /// <summary>The key of this message was used before, or is too old to be kept: the message came twice.</summary>
    DuplicateMessage,

    /// <summary>Too many messages before this one are missing.</summary>
    FutureMessage,

    /// <summary>The device's identity key is not the one known of it.</summary>
    UntrustedIdentity,

    /// <summary>The one-time prekey is unknown, as it is after its first use.</summary>
    UnknownPreKey,

    /// <summary>The signed prekey is unknown.</summary>
    UnknownSignedPreKey,

    /// <summary>The signature of a signed prekey or of a group message is wrong.</summary>
    BadSignature,

    /// <summary>A public key with which no secret can be agreed on.</summary>
    InvalidKey,

    /// <summary>The sender key of this group message is unknown: its distribution message is missing.</summary>
    NoSenderKey,

    /// <summary>A stored record is damaged, or of a later version.</summary>
    DamagedRecord,
}

/// <summary>A message that could not be encrypted or decrypted. The connection and every stored state are as they were before.</summary>
/// <param name="reason">What stood against it.</param>
/// <param name="message">The same in words.</param>
public sealed class SignalException(SignalError reason, string message) : WhatsAppException(message, Recovery.Retry)
{
    /// <summary>What stood against it.</summary>
    public SignalError Reason { get; } = reason;

    internal static SignalException Malformed(string message) => new(SignalError.Malformed, message);
}
