namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>What goes with a message beside its content.</summary>
public sealed record MessageContext
{
    /// <summary>Nothing at all.</summary>
    public static MessageContext None { get; } = new();

    /// <summary>What the message replies to.</summary>
    public QuotedMessage? Quoted { get; init; }

    /// <summary>Who is mentioned; of absurdly many only the first.</summary>
    public IReadOnlyList<Jid> Mentions { get; init; } = [];

    /// <summary>How often it was forwarded on its way, as far as the sender says; WhatsApp shows "many times" from five on.</summary>
    public int ForwardingScore { get; init; }

    /// <summary>Whether it was forwarded.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>How long after being read or sent it shall disappear; null when it stays.</summary>
    public TimeSpan? Timer { get; init; }

    /// <summary>Whether it may be looked at only once.</summary>
    public bool IsViewOnce { get; init; }
}

/// <summary>A message that another one replies to, as the sender of the reply tells it: nothing proves that it ever was so.</summary>
/// <param name="Message">Which message; its author is null when that is not told.</param>
/// <param name="Content">What was in it, without what that one replied to; null when it is not told.</param>
public sealed record QuotedMessage(MessageReference Message, MessageContent? Content)
{
    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(QuotedMessage);
}
