namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>
/// What later messages need of earlier ones: the secrets that votes and other additions are sealed with, and the timers of chats. Chats and
/// authors are hidden identities where those are known, without devices. Must be safe to use from several threads. What it throws on a
/// received message ends the connection.
/// </summary>
public interface IChatMemory
{
    /// <summary>Keeps a message's secret, in place of an earlier one of the same message.</summary>
    ValueTask KeepSecretAsync(MessageSecret secret, CancellationToken token);

    /// <summary>The secret of a message; null when it is not known (any more).</summary>
    ValueTask<MessageSecret?> FindSecretAsync(Jid author, string id, CancellationToken token);

    /// <summary>Keeps the timer of a chat; null when its messages stay.</summary>
    ValueTask KeepTimerAsync(Jid chat, ChatTimer? timer, CancellationToken token);

    /// <summary>The timer of a chat; null when its messages stay, or nothing is known.</summary>
    ValueTask<ChatTimer?> FindTimerAsync(Jid chat, CancellationToken token);
}

/// <summary>The secret of a message, which all who could read it have.</summary>
/// <param name="Author">Who wrote the message.</param>
/// <param name="Id">Its id.</param>
/// <param name="Secret">The secret, 32 bytes.</param>
/// <param name="PollOptions">What can be voted for, if it is a poll: votes name only the options' hashes.</param>
public sealed record MessageSecret(Jid Author, string Id, ReadOnlyMemory<byte> Secret, IReadOnlyList<string> PollOptions)
{
    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(MessageSecret);
}

/// <summary>How long messages in a chat are there.</summary>
/// <param name="Duration">So long; more than nothing.</param>
/// <param name="SetAt">Since when that is so, as far as it is known.</param>
public sealed record ChatTimer(TimeSpan Duration, DateTimeOffset? SetAt);
