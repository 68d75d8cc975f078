using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;

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

/// <summary>
/// The server asks for a passkey of the account before it lets the device be linked: answer with <see cref="WhatsAppClient.AnswerPasskey"/>. It
/// may ask again, and what was asked before is then of no use.
/// </summary>
/// <param name="Options">What to ask the passkey, which belongs to <c>web.whatsapp.com</c>: WebAuthn's <c>PublicKeyCredentialRequestOptions</c> as JSON.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record PasskeyRequested(string Options, DateTimeOffset ExpiresAt) : ClientEvent;

/// <summary>A code that the phone shows as well: say with <see cref="WhatsAppClient.ConfirmPasskey"/> whether it is the same.</summary>
/// <param name="Code">The code as <c>XXXX-XXXX</c>.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record PasskeyCodeShown(string Code, DateTimeOffset ExpiresAt) : ClientEvent;

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

/// <summary>A message in a chat, from somebody else or from another device of the account.</summary>
/// <param name="Id">Its id, unique together with chat and sender.</param>
/// <param name="Chat">The group, or the person it is exchanged with, by hidden identity where the server gives that; the own account for notes to oneself.</param>
/// <param name="Sender">The device that sent it.</param>
/// <param name="FromMe">Whether the account's owner sent it, from another device.</param>
/// <param name="Time">When the server took it.</param>
/// <param name="Content">What is in it, without the wrapping of copies to own devices.</param>
public sealed record MessageReceived(string Id, Jid Chat, Jid Sender, bool FromMe, DateTimeOffset Time, Message Content) : ClientEvent
{
    /// <summary>Names this message, to reply to it, react to it or mark it as read.</summary>
    public MessageReference Reference => new(Chat, Id, Sender.WithoutDevice(), FromMe);

    /// <summary>The chat's other address (phone number or hidden identity), if the server gives it.</summary>
    public Jid? ChatAlternate { get; init; }

    /// <summary>The sending device's other address (phone number or hidden identity), if the server gives it.</summary>
    public Jid? SenderAlternate { get; init; }

    /// <summary>What the sender calls himself.</summary>
    public string? PushName { get; init; }

    /// <summary>Whether it had come while this device was away.</summary>
    public bool IsOffline { get; init; }

    /// <summary>What it is about, out of all its wrapping; votes and other sealed additions are opened where their secret is known. Null for a message that a caller has built.</summary>
    public MessageContent? Described { get; init; }
}

/// <summary>The server has taken a message that this client sent, or refused it, or it was given up. Comes also for those sent before a restart.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Chat">Whom it was for.</param>
/// <param name="Time">When the server took it, if it says so.</param>
/// <param name="Error">Why it was refused, in the server's numbers; 0 when it was taken, -1 when it was given up.</param>
public sealed record MessageAcknowledged(string Id, Jid Chat, DateTimeOffset? Time, int Error) : ClientEvent
{
    /// <summary>What the error means; <see cref="RefusalReason.None"/> when the message was taken.</summary>
    public RefusalReason Reason => Refusals.Of(Error);
}

/// <summary>Something from the account's phone to this device alone, which is part of no chat: history, keys, answers to requests.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Time">When the server took it.</param>
/// <param name="Content">What is in it.</param>
public sealed record PeerMessageReceived(string Id, DateTimeOffset Time, Message Content) : ClientEvent;

/// <summary>A device has another identity key than before: WhatsApp was installed anew there, as a rule, or somebody else now has the number.</summary>
/// <param name="Device">The device.</param>
public sealed record IdentityChanged(Jid Device) : ClientEvent;
