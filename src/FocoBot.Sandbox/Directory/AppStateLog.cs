using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.Sandbox.Directory;

/// <summary>A collection of an account's settings as the server keeps it: numbered patches that it can't read.</summary>
internal sealed class AppStateLog
{
    private readonly List<byte[]> _patches = [];
    private readonly Dictionary<string, SyncdRecord> _records = new(StringComparer.Ordinal);
    private SyncdPatch? _last;

    public ulong Version => (ulong)_patches.Count;

    /// <summary>Numbers a patch and adds it.</summary>
    public void Add(SyncdPatch patch)
    {
        patch.Version = new SyncdVersion { Version = Version + 1 };
        foreach (var mutation in patch.Mutations)
        {
            var index = mutation.Record.Index.Blob.ToBase64();
            if (mutation.Operation == SyncdMutation.Types.Operation.Set) _records[index] = mutation.Record;
            else _records.Remove(index);
        }

        _last = patch;
        _patches.Add(patch.ToByteArray());
    }

    /// <summary>Up to so many patches after a version.</summary>
    public IReadOnlyList<byte[]> After(ulong version, int most) => [.. _patches.Skip((int)version).Take(most)];

    /// <summary>All that the patches come to: who wrote the last one has signed it.</summary>
    public SyncdSnapshot Snapshot() => new()
    {
        Version = new SyncdVersion { Version = Version },
        Records = { _records.Values },
        Mac = _last!.SnapshotMac,
        KeyId = _last.KeyId,
    };

    /// <summary>Replaces a patch, as a server that lies would.</summary>
    public void Falsify(int number, Func<SyncdPatch, SyncdPatch> change) => _patches[number] = change(SyncdPatch.Parser.ParseFrom(_patches[number])).ToByteArray();
}
