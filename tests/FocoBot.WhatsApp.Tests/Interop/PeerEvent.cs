using System.Text.Json;
using System.Text.Json.Serialization;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>What <c>tests/interop/peer.mjs</c> reports. Times are Unix seconds; bytes inside messages are base64, as in the proto JSON.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(QrShown), "qr")]
[JsonDerivedType(typeof(CodeShown), "code")]
[JsonDerivedType(typeof(Paired), "paired")]
[JsonDerivedType(typeof(Opened), "open")]
[JsonDerivedType(typeof(CaughtUp), "caughtUp")]
[JsonDerivedType(typeof(Closed), "close")]
[JsonDerivedType(typeof(MessageSeen), "message")]
[JsonDerivedType(typeof(MessageUpdated), "update")]
[JsonDerivedType(typeof(ReceiptSeen), "receipt")]
[JsonDerivedType(typeof(ReactionSeen), "reaction")]
[JsonDerivedType(typeof(HistoryArrived), "history")]
[JsonDerivedType(typeof(GroupChanged), "group")]
[JsonDerivedType(typeof(OtherEvent), "other")]
[JsonDerivedType(typeof(PeerFault), "error")]
internal abstract record PeerEvent;

/// <summary>A QR code to scan; the text in it.</summary>
internal sealed record QrShown(string Qr) : PeerEvent;

/// <summary>The eight characters to type on the phone.</summary>
internal sealed record CodeShown(string Code) : PeerEvent;

/// <summary>The phone has linked it; the server asks for a new connection next.</summary>
internal sealed record Paired(PeerUser Me) : PeerEvent;

/// <summary>It is logged in.</summary>
internal sealed record Opened(PeerUser Me) : PeerEvent;

/// <summary>The server said that nothing from the time offline is left; only now does Baileys let message events out.</summary>
internal sealed record CaughtUp : PeerEvent;

/// <summary>The connection is over.</summary>
/// <param name="Status">Baileys' DisconnectReason (401 logged out, 408 lost or timed out, 428 closed, 440 replaced, 515 restart); null after a wish of its own.</param>
/// <param name="Reason">In words.</param>
/// <param name="Restarting">Whether it connects again by itself, as applications do after 515.</param>
internal sealed record Closed(int? Status, string? Reason, bool Restarting) : PeerEvent;

/// <summary>A message came, or left (<see cref="MessageKey.FromMe"/>).</summary>
/// <param name="Key">Which.</param>
/// <param name="Text">Its text or caption.</param>
/// <param name="Message">The decrypted message as proto JSON; null for what is none, see <paramref name="Stub"/>.</param>
/// <param name="PushName">What the sender is called.</param>
/// <param name="Timestamp">When it was sent.</param>
/// <param name="Type"><c>notify</c> for a new one, <c>append</c> for one from the time offline or of its own.</param>
/// <param name="Stub">WebMessageInfo.StubType: 2 for a message that could not be decrypted, 20 and more for what happened in a group.</param>
internal sealed record MessageSeen(MessageKey Key, string? Text, JsonElement? Message, string? PushName, long? Timestamp, string Type, int? Stub = null) : PeerEvent;

/// <summary>A message changed.</summary>
/// <param name="Key">Which.</param>
/// <param name="Status">WebMessageInfo.Status: 0 error, 1 pending, 2 at the server, 3 delivered, 4 read, 5 played.</param>
/// <param name="Update">All that changed.</param>
internal sealed record MessageUpdated(MessageKey Key, int? Status, JsonElement Update) : PeerEvent;

/// <summary>A member of a group got or read a message.</summary>
internal sealed record ReceiptSeen(MessageKey Key, JsonElement Receipt) : PeerEvent;

/// <summary>Somebody reacted; with no text, took the reaction back.</summary>
/// <param name="Key">The message reacted to.</param>
/// <param name="Text">The emoji.</param>
/// <param name="By">The message that is the reaction.</param>
internal sealed record ReactionSeen(MessageKey Key, string? Text, MessageKey? By) : PeerEvent;

/// <summary>A part of the history came from the phone.</summary>
internal sealed record HistoryArrived(JsonElement[] Chats, JsonElement[] Contacts, HistoryMessage[] Messages, int? SyncType, int? Progress, bool? IsLatest) : PeerEvent;

/// <summary>A message out of the history.</summary>
internal sealed record HistoryMessage(MessageKey Key, string? Text, JsonElement? Message, string? PushName, long? Timestamp);

/// <summary>A group changed.</summary>
/// <param name="Id">Its JID.</param>
/// <param name="Change"><c>new</c>, <c>update</c>, or what happened to participants (<c>add</c>, <c>remove</c>, <c>promote</c>, <c>demote</c>, <c>modify</c>).</param>
/// <param name="Data">Baileys' event.</param>
internal sealed record GroupChanged(string Id, string Change, JsonElement Data) : PeerEvent;

/// <summary>Any other event of Baileys, such as <c>presence.update</c> or <c>contacts.update</c>.</summary>
internal sealed record OtherEvent(string Name, JsonElement Data) : PeerEvent;

/// <summary>An exception that nothing in Baileys caught.</summary>
internal sealed record PeerFault(string Message, string? Stack) : PeerEvent;

/// <summary>Who the client is logged in as.</summary>
internal sealed record PeerUser(string Id, string? Lid, string? Name);

/// <summary>Baileys' name for a message; <c>Alt</c> is the same person's or chat's other address (LID or phone number).</summary>
internal sealed record MessageKey(string RemoteJid, string Id, bool FromMe = false, string? Participant = null, string? RemoteJidAlt = null, string? ParticipantAlt = null);
