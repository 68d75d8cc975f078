using System.Collections.Immutable;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Signal.Sessions;

/// <summary>
/// All sessions with one device: the one to send with, and earlier ones whose messages may still be under way. Immutable:
/// an operation that fails has changed nothing, one that succeeds gives a new record to store.
/// </summary>
internal sealed class SessionRecord
{
    private const byte Version = 1;

    private SessionRecord(ImmutableArray<SessionState> states, bool isOpen)
    {
        States = states;
        IsOpen = isOpen;
    }

    public static SessionRecord Empty { get; } = new([], false);

    /// <summary>The session to send with, if there is one, and then the archived ones, latest use first.</summary>
    public ImmutableArray<SessionState> States { get; }

    private bool IsOpen { get; }

    public SessionState? Current => IsOpen ? States[0] : null;

    /// <summary>A record of states that another client has kept, in this order; those beyond the limit are left out.</summary>
    public static SessionRecord Of(ImmutableArray<SessionState> states, bool isOpen) =>
        new([.. states.Take(Limits.ArchivedSessions + (isOpen ? 1 : 0))], isOpen);

    /// <summary>Puts a state in front: a new session, or what became of the one at <paramref name="replaced"/>.</summary>
    public SessionRecord WithCurrent(SessionState state, int? replaced = null)
    {
        var others = replaced is { } index ? States.RemoveAt(index) : States;
        if (others.Length > Limits.ArchivedSessions)
            others = others.RemoveRange(Limits.ArchivedSessions, others.Length - Limits.ArchivedSessions);
        return new(Bounded(others.Insert(0, state)), true);
    }

    /// <summary>Closes the current session: nothing more is sent with it, but what is under way can still be read.</summary>
    public SessionRecord Archive() =>
        new(States.Length > Limits.ArchivedSessions ? States.RemoveAt(Limits.ArchivedSessions) : States, false);

    /// <summary>Puts what became of an archived state in its place.</summary>
    public SessionRecord WithArchived(SessionState state, int index) => new(Bounded(States.SetItem(index, state)), IsOpen);

    /// <summary>Archives all sessions, and closes their sending chains: whichever of them goes on must do so with new keys.</summary>
    public SessionRecord Detach()
    {
        var archived = Archive();
        return new([.. archived.States.Select(state => state with { SendingChain = MessageChain.Closed(), Pending = null })], false);
    }

    // A peer that skips messages in each chain of each session could make every later message of its cost megabytes.
    private static ImmutableArray<SessionState> Bounded(ImmutableArray<SessionState> states)
    {
        var left = Limits.SessionSkippedKeys;
        var count = 0;
        foreach (var state in states)
            count += state.SkippedCount;
        if (count <= left)
            return states;
        var bounded = states.ToBuilder();
        for (var i = 0; i < bounded.Count; i++)
        {
            bounded[i] = bounded[i].KeepSkipped(left);
            left -= bounded[i].SkippedCount;
        }
        return bounded.MoveToImmutable();
    }

    // version u8 ‖ open u8 ‖ count u8 ‖ states
    public byte[] Serialize()
    {
        var writer = new RecordWriter();
        writer.Byte(Version);
        writer.Byte(IsOpen ? (byte)1 : (byte)0);
        writer.Byte((byte)States.Length);
        foreach (var state in States)
            state.Write(writer);
        return writer.ToArray();
    }

    /// <exception cref="SignalException">These bytes are no record.</exception>
    public static SessionRecord Deserialize(ReadOnlyMemory<byte> source)
    {
        var reader = new RecordReader(source);
        if (reader.Byte() != Version)
            throw RecordReader.Damaged();
        var isOpen = reader.Byte(1) == 1;
        var count = reader.Byte(Limits.ArchivedSessions + (isOpen ? 1 : 0));
        if (isOpen && count == 0)
            throw RecordReader.Damaged();
        var states = ImmutableArray.CreateBuilder<SessionState>(count);
        for (var i = 0; i < count; i++)
            states.Add(SessionState.Read(ref reader));
        reader.End();
        return new(states.MoveToImmutable(), isOpen);
    }
}
