using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp;

/// <summary>Which part of the history something belongs to. A phone sends several after linking, and one for each request.</summary>
/// <param name="Kind">What the phone calls it.</param>
/// <param name="Order">Its place among the parts of its kind.</param>
/// <param name="Percent">How much of its kind has come with it, of 100; null when that is not said.</param>
/// <param name="RequestId">What <see cref="WhatsAppClient.RequestHistoryAsync"/> returned; null for what was not asked for.</param>
public sealed record HistoryPart(HistorySyncType Kind, int Order, int? Percent, string? RequestId)
{
    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(HistoryPart);
}

/// <summary>
/// A chat out of the history, or a further part of it. Told one by one, as they are read; a part that was interrupted is told again from its
/// beginning after the next login.
/// </summary>
/// <param name="Part">The part of the history it came with.</param>
/// <param name="Chat">The chat.</param>
/// <param name="Messages">Its messages, as a rule the latest first; maybe none.</param>
public sealed record HistoryReceived(HistoryPart Part, Jid Chat, IReadOnlyList<HistoryMessage> Messages) : ClientEvent
{
    /// <summary>The chat's other address (phone number or hidden identity), if it is given.</summary>
    public Jid? ChatAlternate { get; init; }

    /// <summary>What the chat is called: a group's subject, or a contact's name.</summary>
    public string? Name { get; init; }

    /// <summary>How many messages are unread.</summary>
    public int UnreadCount { get; init; }

    /// <summary>Whether the chat was marked as unread.</summary>
    public bool IsMarkedUnread { get; init; }

    /// <summary>Whether the chat is archived.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Whether the chat is pinned to the top.</summary>
    public bool IsPinned { get; init; }

    /// <summary>Until when the chat is muted; null when it is not.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>When something last happened in the chat.</summary>
    public DateTimeOffset? LastActivity { get; init; }

    /// <summary>After which time messages disappear; zero for never.</summary>
    public TimeSpan Expiration { get; init; }

    /// <summary>Whether the phone has nothing older of this chat; null when that is not said.</summary>
    public bool? IsComplete { get; init; }
}

/// <summary>A message out of the history.</summary>
/// <param name="Id">Its id, unique together with chat and sender.</param>
/// <param name="Sender">Who wrote it.</param>
/// <param name="FromMe">Whether the account's owner did.</param>
/// <param name="Time">When.</param>
/// <param name="Content">What is in it; null for what happened in a group and the like.</param>
public sealed record HistoryMessage(string Id, Jid Sender, bool FromMe, DateTimeOffset Time, Message? Content)
{
    /// <summary>What the sender calls himself.</summary>
    public string? PushName { get; init; }

    /// <summary>How far it has come: 0 failed, 1 not sent, 2 at the server, 3 delivered, 4 read, 5 played; null when that is not said.</summary>
    public int? Status { get; init; }

    /// <summary>Whether it is starred.</summary>
    public bool IsStarred { get; init; }

    /// <summary>What happened, by WhatsApp's number; 0 for messages.</summary>
    public int StubType { get; init; }

    /// <summary>Whom or what that concerns.</summary>
    public IReadOnlyList<string> StubParameters { get; init; } = [];

    /// <summary>The type alone: what is inside is private.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(HistoryMessage);
}

/// <summary>What people call themselves, out of the history.</summary>
/// <param name="Part">The part of the history it came with.</param>
/// <param name="Names">The names, by person.</param>
public sealed record HistoryNamesReceived(HistoryPart Part, IReadOnlyList<KeyValuePair<Jid, string>> Names) : ClientEvent;

/// <summary>Which hidden identities belong to which phone numbers, out of the history.</summary>
/// <param name="Part">The part of the history it came with.</param>
/// <param name="Addresses">The hidden identities, by phone number.</param>
public sealed record HistoryAddressesReceived(HistoryPart Part, IReadOnlyList<KeyValuePair<Jid, Jid>> Addresses) : ClientEvent;

/// <summary>A part of the history has been read.</summary>
/// <param name="Part">Which.</param>
/// <param name="Chats">How many <see cref="HistoryReceived"/> there were.</param>
/// <param name="Messages">How many messages in them.</param>
/// <param name="IsWhole">Whether all of it could be fetched and read.</param>
public sealed record HistoryPartEnded(HistoryPart Part, int Chats, int Messages, bool IsWhole) : ClientEvent;
