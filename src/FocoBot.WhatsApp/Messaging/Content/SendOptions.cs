using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>What goes with a message that is sent.</summary>
public sealed record SendOptions
{
    /// <summary>The message to reply to.</summary>
    public Quote? ReplyTo { get; init; }

    /// <summary>Who is mentioned; in the text they stand as <c>@</c> and the user part of their address.</summary>
    public IReadOnlyList<Jid> Mentions { get; init; } = [];

    /// <summary>How long the message is there: null for what is known of the chat, zero for ever.</summary>
    public TimeSpan? Timer { get; init; }

    /// <summary>Whether it may be looked at only once; for pictures, videos and voice messages.</summary>
    public bool ViewOnce { get; init; }

    /// <summary>An id of one's own, the same for a message that is tried again; null to have one made.</summary>
    public string? Id { get; init; }
}

/// <summary>A message to reply to.</summary>
/// <param name="Reference">Which one.</param>
/// <param name="Content">What is in it.</param>
public sealed record Quote(MessageReference Reference, Message Content)
{
    /// <summary>A received message.</summary>
    /// <param name="message">The message.</param>
    public static implicit operator Quote(MessageReceived message) => Of(message);

    /// <summary>A received message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>What to give as <see cref="SendOptions.ReplyTo"/>.</returns>
    public static Quote Of(MessageReceived message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new(message.Reference, message.Content);
    }

    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(Quote);
}
