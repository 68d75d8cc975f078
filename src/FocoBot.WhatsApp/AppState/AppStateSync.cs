using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.AppState;

/// <summary>What came of an answer for a collection.</summary>
internal enum Progress
{
    /// <summary>It is up to date.</summary>
    Done,

    /// <summary>There is more to be fetched.</summary>
    More,

    /// <summary>It can't be verified; nothing has changed.</summary>
    Broken,

    /// <summary>It can't be read now; nothing has changed.</summary>
    Blocked,
}

/// <summary>
/// Brings collections up to date: each answer is verified and stored in one unit of work, together with what it tells. A collection that can't be verified
/// is fetched again from its beginning, and stays at what was verified before when that fails, too.
/// <code>
/// &lt;iq xmlns="w:sync:app:state" type="set"&gt;&lt;sync&gt;&lt;collection name version return_snapshot/&gt;…&lt;/sync&gt;&lt;/iq&gt;
/// </code>
/// </summary>
/// <remarks>Not safe from several threads; <see cref="AppStateMemory.Turn"/> sees to it.</remarks>
internal sealed class AppStateSync(
    StanzaConnection connection, DeviceState state, MediaTransfer media, ILogger log, Func<byte[], CancellationToken, Task> askForKey)
{
    private readonly Dictionary<string, int> _resyncs = new(StringComparer.Ordinal);

    /// <summary>Fetches what is new in collections.</summary>
    public async Task FetchAsync(IEnumerable<string> names, CancellationToken token)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        HashSet<string> anew = [], initial = [];
        for (var page = 0; wanted.Count > 0 && page < Limits.AppStatePages; page++)
        {
            var versions = await VersionsAsync(wanted, anew, token);
            initial.UnionWith(wanted.Where(name => versions[name] is null));
            var answers = await AskAsync(wanted.Select(name => Question(name, versions[name] ?? 0)), token);
            foreach (var name in wanted.ToArray())
            {
                if (!answers.TryGetValue(name, out var answer) || answer.Error is not null)
                {
                    Log.AppStateGivenUp(log, name, answer?.Error);
                    wanted.Remove(name);
                    continue;
                }

                var progress = await TakeAsync(answer, anew.Contains(name), initial.Contains(name), token);
                if (progress is Progress.Broken && MayResync(name))
                    anew.Add(name);
                else if (progress is Progress.More)
                    anew.Remove(name);
                else
                    wanted.Remove(name);
            }
        }
    }

    /// <summary>Applies what the server has answered.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="anew">Whether it stands for all there was before.</param>
    /// <param name="initial">Whether it is told as what there was all along.</param>
    /// <param name="token">Gives up.</param>
    public async Task<Progress> TakeAsync(CollectionAnswer answer, bool anew, bool initial, CancellationToken token)
    {
        try
        {
            var parts = await ReadAsync(answer, token);
            var moved = await state.Units.RunAsync(unit => ApplyAsync(unit, answer.Name, parts, anew, initial, token), token);
            return answer.HasMore && moved ? Progress.More : Progress.Done;
        }
        catch (ProtocolException broken)
        {
            Log.AppStateBroken(log, broken, answer.Name);
            return Progress.Broken;
        }
        catch (MediaUnavailableException gone)
        {
            Log.StepFailed(log, gone, "App state");
            return Progress.Blocked;
        }
        catch (AppStateKeyMissingException missing)
        {
            Log.AppStateKeyMissing(log, answer.Name);
            await askForKey(missing.KeyId, token);
            return Progress.Blocked;
        }
    }

    /// <summary>Asks the server about collections.</summary>
    public async Task<Dictionary<string, CollectionAnswer>> AskAsync(IEnumerable<Node> collections, CancellationToken token) =>
        CollectionAnswer.Read(await connection.RequestAsync("w:sync:app:state", "set", new Node("sync", collections.ToArray()), token));

    private static Node Question(string name, ulong version) =>
        new("collection", [("name", name), ("version", version.ToString(null, null)), ("return_snapshot", version == 0 ? "true" : "false")]);

    private async Task<Dictionary<string, ulong?>> VersionsAsync(IEnumerable<string> names, HashSet<string> anew, CancellationToken token)
    {
        var (versions, _) = await state.Units.BeginAsync(
            async unit =>
            {
                var versions = new Dictionary<string, ulong?>(StringComparer.Ordinal);
                foreach (var name in names)
                    versions[name] = anew.Contains(name) ? null : (await new StoredCollections(unit).LoadAsync(name, token))?.Version;
                return versions;
            },
            token);
        return versions;
    }

    private bool MayResync(string name) => (_resyncs[name] = _resyncs.GetValueOrDefault(name) + 1) <= Limits.AppStateResyncs;

    private sealed record Parts(SyncdSnapshot? Snapshot, IReadOnlyList<(SyncdPatch Patch, SyncdMutations? External)> Patches);

    // All that has to be fetched is fetched before the unit of work begins.
    private async Task<Parts> ReadAsync(CollectionAnswer answer, CancellationToken token)
    {
        var snapshot = answer.Snapshot is { } reference ? await DownloadAsync<SyncdSnapshot>(ProtoReader.Parse<ExternalBlobReference>(reference.Span), token) : null;
        var patches = new List<(SyncdPatch, SyncdMutations?)>();
        foreach (var bytes in answer.Patches)
        {
            var patch = ProtoReader.Parse<SyncdPatch>(bytes.Span);
            patches.Add((patch, patch.ExternalMutations is { } file ? await DownloadAsync<SyncdMutations>(file, token) : null));
        }

        return new(snapshot, patches);
    }

    private async Task<T> DownloadAsync<T>(ExternalBlobReference blob, CancellationToken token)
        where T : class, Google.Protobuf.IMessage<T>, new()
    {
        if (blob.FileSizeBytes > Limits.ProtoBytes)
            throw new ProtocolException("A file of app state is too long.");
        var file = MediaReference.Create(MediaKind.AppState, blob.MediaKey, blob.FileSha256, blob.FileEncSha256, blob.FileSizeBytes, blob.DirectPath);
        using var plain = new MemoryStream();
        await media.DownloadAsync(file, plain, token);
        return ProtoReader.Parse<T>(plain.GetBuffer().AsSpan(0, (int)plain.Length));
    }

    // Whether it has got on.
    private async Task<bool> ApplyAsync(DeviceUnit unit, string name, Parts parts, bool anew, bool initial, CancellationToken token)
    {
        var collections = new StoredCollections(unit);
        var stored = await collections.LoadAsync(name, token);
        if (anew && stored is not null)
            await unit.RemoveValueMacsAsync(name, token);
        var current = anew || stored is null ? CollectionState.Empty(name) : stored;
        var begin = current.Version;
        if (parts.Snapshot is { } snapshot)
        {
            if (snapshot.Version?.Version is not { } version || version < begin)
                throw new ProtocolException("A snapshot is older than what is known.");
            Take(await collections.ApplyAsync(name, snapshot, token));
        }

        // A patch may come twice, when it was on its way as another device asked.
        foreach (var (patch, external) in parts.Patches.Where(part => part.Patch.Version is null || part.Patch.Version.Version > current.Version))
            Take(await collections.ApplyAsync(current, patch, external, token));

        await collections.StoreAsync(current, token);
        return current.Version > begin;

        void Take(AppliedMutations applied)
        {
            current = applied.State;
            foreach (var mutation in applied.Mutations)
            {
                if (Settings.ReadSalt(mutation) is { } salt)
                    PrivacyTokens.KeepSalt(unit, salt.Span);
                if (Settings.Describe(mutation) is { } told)
                    Tell(unit, told with { IsInitial = initial });
            }
        }
    }

    private void Tell(DeviceUnit unit, AppStateEvent happened)
    {
        if (happened is PushNameChanged changed && changed.Name != state.Credentials.PushName)
            state.Change(unit, device => device with { PushName = changed.Name });
        unit.Tell(happened);
    }
}
