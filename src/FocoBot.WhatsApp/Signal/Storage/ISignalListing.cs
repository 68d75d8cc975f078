namespace FocoBot.WhatsApp.Signal.Storage;

/// <summary>
/// What a unit of work offers beside <see cref="ISignalStore"/> if its store can be exported, or restored from a copy: the names of all there
/// is, with the unit's own writes. While the names of one kind are read, nothing of that kind may be written.
/// </summary>
public interface ISignalListing
{
    /// <summary>The devices that there are sessions with.</summary>
    IAsyncEnumerable<SignalAddress> ListSessionsAsync(CancellationToken token);

    /// <summary>The devices whose identity is known.</summary>
    IAsyncEnumerable<SignalAddress> ListIdentitiesAsync(CancellationToken token);

    /// <summary>The ids of our one-time prekeys.</summary>
    IAsyncEnumerable<uint> ListPreKeysAsync(CancellationToken token);

    /// <summary>The groups and members that there are sender keys of.</summary>
    IAsyncEnumerable<(string Group, SignalAddress Sender)> ListSenderKeysAsync(CancellationToken token);
}
