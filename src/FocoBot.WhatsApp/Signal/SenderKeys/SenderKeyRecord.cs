using System.Collections.Immutable;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Signal.SenderKeys;

/// <summary>The sender keys of one sender in one group, newest first. Immutable, as <see cref="Sessions.SessionRecord"/> is.</summary>
internal sealed class SenderKeyRecord
{
    private const byte Version = 1;

    private SenderKeyRecord(ImmutableArray<SenderKeyState> states) => States = states;

    public static SenderKeyRecord Empty { get; } = new([]);

    public ImmutableArray<SenderKeyState> States { get; }

    /// <summary>A record of states that another client has kept, newest first; those beyond the limit are left out.</summary>
    public static SenderKeyRecord Of(IEnumerable<SenderKeyState> states) => new([.. states.Take(Limits.SenderKeyStates)]);

    /// <summary>Whether this is a record of our own.</summary>
    public bool IsOwn => States is [{ Signing: not null }, ..];

    public SenderKeyState? Find(uint id)
    {
        foreach (var state in States)
        {
            if (state.Id == id)
                return state;
        }
        return null;
    }

    /// <summary>Puts a state in front, in place of one with the same id.</summary>
    public SenderKeyRecord Add(SenderKeyState state)
    {
        var others = States.RemoveAll(other => other.Id == state.Id);
        if (others.Length == Limits.SenderKeyStates)
            others = others.RemoveAt(others.Length - 1);
        return new(others.Insert(0, state));
    }

    /// <summary>Puts what became of a state in its place.</summary>
    public SenderKeyRecord Replace(SenderKeyState old, SenderKeyState state) => new(States.Replace(old, state));

    // version u8 ‖ count u8 ‖ states
    public byte[] Serialize()
    {
        var writer = new RecordWriter();
        writer.Byte(Version);
        writer.Byte((byte)States.Length);
        foreach (var state in States)
            state.Write(writer);
        return writer.ToArray();
    }

    /// <exception cref="SignalException">These bytes are no record.</exception>
    public static SenderKeyRecord Deserialize(ReadOnlyMemory<byte> source)
    {
        var reader = new RecordReader(source);
        if (reader.Byte() != Version)
            throw RecordReader.Damaged();
        var count = reader.Byte(Limits.SenderKeyStates);
        var states = ImmutableArray.CreateBuilder<SenderKeyState>(count);
        for (var i = 0; i < count; i++)
            states.Add(SenderKeyState.Read(ref reader));
        reader.End();
        return new(states.MoveToImmutable());
    }
}
