using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Pairing;

namespace FocoBot.WhatsApp;

/// <summary>Something that a <see cref="WhatsAppClient"/> has to tell.</summary>
public abstract record ClientEvent
{
    /// <summary>The kind of event only: what is inside may be secret or private.</summary>
    /// <returns>The name of the type.</returns>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A QR code to be shown and scanned. It replaces the one before. Who sees it can link the account: only its owner may.</summary>
/// <param name="Text">What the QR code holds.</param>
/// <param name="ExpiresAt">When the next one comes, or linking ends.</param>
public sealed record QrCodeShown(string Text, DateTimeOffset ExpiresAt) : ClientEvent;

/// <summary>A code to be typed into the phone. It replaces the one before.</summary>
/// <param name="Code">The code as <c>XXXX-XXXX</c>.</param>
/// <param name="ExpiresAt">Until when it can be typed in.</param>
public sealed record LinkCodeShown(string Code, DateTimeOffset ExpiresAt) : ClientEvent;

/// <summary>The server asks for a passkey of the account before it lets the device be linked. This cannot be answered yet, and linking will time out.</summary>
/// <param name="Options">What to ask the passkey: WebAuthn's <c>PublicKeyCredentialRequestOptions</c> as JSON.</param>
public sealed record PasskeyRequested(string Options) : ClientEvent;

/// <summary>The device is linked, and its credentials are stored; it now logs in.</summary>
/// <param name="PhoneJid">The device's address by phone number.</param>
/// <param name="Lid">The device's address by hidden identity.</param>
public sealed record DeviceLinked(Jid PhoneJid, Jid? Lid) : ClientEvent;

/// <summary>The device was not linked.</summary>
/// <param name="Failure">Why.</param>
/// <param name="End">How the connection ended, if that was the cause.</param>
public sealed record DeviceNotLinked(LinkingFailure Failure, ConnectionEnd? End = null) : ClientEvent;

/// <summary>The client is logged in and ready.</summary>
public sealed record Connected : ClientEvent;

/// <summary>The connection has ended.</summary>
/// <param name="End">How.</param>
/// <param name="RetryIn">When the client connects again; null when it does not.</param>
public sealed record Disconnected(ConnectionEnd End, TimeSpan? RetryIn) : ClientEvent;

/// <summary>How much had come while this device was away, and is delivered now.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Receipts">Receipts.</param>
/// <param name="Notifications">Notifications.</param>
public sealed record OfflineAnnounced(int Messages, int Receipts, int Notifications) : ClientEvent;

/// <summary>All that had come while this device was away has been delivered.</summary>
public sealed record OfflineDelivered : ClientEvent;

/// <summary>Something changed while this device was away and should be fetched again.</summary>
/// <param name="Kind">In the server's words: <c>account_sync</c>, <c>groups</c>, <c>syncd_app_state</c>…</param>
public sealed record StateOutdated(string Kind) : ClientEvent;
