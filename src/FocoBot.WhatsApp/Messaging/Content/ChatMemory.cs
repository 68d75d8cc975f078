using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>
/// What later messages need of earlier ones: the secrets that votes and other additions are sealed with, and the timers of chats. Chats and
/// authors are hidden identities where those are known, without devices.
/// </summary>
internal static class ChatMemory
{
    private static readonly BoundedRecords Polls = new(RecordKind.PollSecret, RecordKind.PollSecretPlace, Limits.PollSecrets);
    private static readonly BoundedRecords Timers = new(RecordKind.ChatTimer, RecordKind.ChatTimerPlace, Limits.ChatTimers);

    /// <summary>Keeps a message's secret, in place of an earlier one of the same message.</summary>
    public static async ValueTask KeepSecretAsync(this DeviceUnit unit, Jid author, string id, MessageSecret secret, CancellationToken token)
    {
        // Ids are the sender's choice, and part of a record's name.
        if (id.Length is 0 or > Limits.MessageIdChars || id.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return;
        if (secret.PollOptions.Count == 0)
        {
            await RecentSecrets.KeepAsync(unit, Name(author, id), secret.Secret, token);
            return;
        }

        // People vote for days.
        var stored = new StoredPollSecret { Secret = ByteString.CopyFrom(secret.Secret.Span) };
        stored.PollOptions.Add(secret.PollOptions);
        await Polls.StoreAsync(unit, Name(author, id), stored.ToByteArray(), token);
    }

    /// <summary>The secret of a message; null when it is not known (any more).</summary>
    public static async ValueTask<MessageSecret?> FindSecretAsync(this DeviceUnit unit, Jid author, string id, CancellationToken token)
    {
        if (await Polls.LoadAsync(unit, Name(author, id), token) is { } poll)
        {
            var stored = StoredPollSecret.Parser.ParseFrom(poll);
            return new(stored.Secret.Memory, stored.PollOptions);
        }

        return await RecentSecrets.FindAsync(unit, Name(author, id), token) is { } secret ? new(secret, []) : null;
    }

    /// <summary>Keeps the timer of a chat; null when its messages stay.</summary>
    public static ValueTask KeepTimerAsync(this DeviceUnit unit, Jid chat, ChatTimer? timer, CancellationToken token)
    {
        var stored = new StoredTimer { Seconds = timer?.Seconds ?? 0 };
        if (timer?.SetAt is { } since)
            stored.SetAt = since.ToUnixTimeSeconds();
        return Timers.StoreAsync(unit, chat.ToString(), stored.ToByteArray(), token);
    }

    /// <summary>What is known of a chat's timer, if anything is; no timer when its messages stay.</summary>
    public static async ValueTask<(bool IsKnown, ChatTimer? Timer)> FindTimerAsync(this DeviceUnit unit, Jid chat, CancellationToken token)
    {
        if (await Timers.LoadAsync(unit, chat.ToString(), token) is not { } bytes)
            return default;
        var stored = StoredTimer.Parser.ParseFrom(bytes);
        DateTimeOffset? since = stored.HasSetAt ? DateTimeOffset.FromUnixTimeSeconds(stored.SetAt) : null;
        return (true, stored.Seconds > 0 ? new(TimeSpan.FromSeconds(stored.Seconds), since) : null);
    }

    private static string Name(Jid author, string id) => $"{author} {id}";
}

/// <summary>The secret of a message, 32 bytes, which all who could read it have; and what can be voted for, if it is a poll: votes name only hashes.</summary>
internal sealed record MessageSecret(ReadOnlyMemory<byte> Secret, IReadOnlyList<string> PollOptions)
{
    /// <summary>Nothing of what is inside.</summary>
    public override string ToString() => nameof(MessageSecret);
}

/// <summary>How long messages in a chat are there: more than nothing; and since when that is so, as far as it is known.</summary>
internal sealed record ChatTimer(TimeSpan Duration, DateTimeOffset? SetAt)
{
    /// <summary>The duration as messages name it.</summary>
    public uint Seconds => (uint)Math.Min(Duration.TotalSeconds, uint.MaxValue);
}
