namespace FocoBot.WhatsApp.Pairing;

/// <summary>Why a device was not linked.</summary>
public enum LinkingFailure
{
    /// <summary>No QR code was scanned in time. Link again to get new ones.</summary>
    QrExpired,

    /// <summary>The code was not typed in in time, or the server dropped it. Link again to get a new one.</summary>
    CodeExpired,

    /// <summary>The server gave no code: the number has no WhatsApp account, or linking is not possible for it.</summary>
    CodeRefused,

    /// <summary>The server gave no code because there were too many requests: wait a minute or more.</summary>
    RateLimited,

    /// <summary>The account's passkey was not asked, or its code not confirmed, in time; or the phone did not go on.</summary>
    PasskeyExpired,

    /// <summary>The server or the phone did not accept the answer of the passkey.</summary>
    PasskeyRefused,

    /// <summary>The caller said that the phone shows another code: somebody may stand between.</summary>
    PasskeyNotConfirmed,

    /// <summary>The phone vouched for this device without knowing its secret: somebody may stand between.</summary>
    HmacMismatch,

    /// <summary>The phone's signature is wrong: somebody may stand between.</summary>
    SignatureMismatch,

    /// <summary>The server or the phone broke the protocol.</summary>
    ProtocolBroken,

    /// <summary>The connection ended, or the server did not answer.</summary>
    ConnectionEnded,
}
