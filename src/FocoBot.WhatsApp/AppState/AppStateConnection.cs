using System.Globalization;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.AppState;

/// <summary>
/// All of app state on one connection: hears what is outdated and fetches it beside the stanzas that come, takes the phone's keys, and
/// pushes own changes.
/// <code>
/// &lt;notification type="server_sync"&gt;&lt;collection name version/&gt;…&lt;/notification&gt;
/// &lt;collection name version return_snapshot="false"&gt;&lt;patch&gt;SyncdPatch&lt;/patch&gt;&lt;/collection&gt;     → a push, answered as a fetch is
/// </code>
/// </summary>
internal sealed class AppStateConnection
{
    private readonly DeviceState _state;
    private readonly AppStateMemory _memory;
    private readonly PeerMessages _peers;
    private readonly WhatsAppClientOptions _options;
    private readonly AppStateSync _sync;
    private readonly HashSet<string> _outdated = new(StringComparer.Ordinal);
    private readonly WorkQueue _queue;
    private bool _isFetchWaiting;

    public AppStateConnection(
        StanzaConnection connection, DeviceState state, AppStateMemory memory, PeerMessages peers, MediaTransfer media, WhatsAppClientOptions options)
    {
        _state = state;
        _memory = memory;
        _peers = peers;
        _options = options;
        _queue = new("App state", connection, options.Logger);
        _sync = new(connection, state, media, options.Logger, AskForKeyAsync);
    }

    /// <summary>Notes that some collections have changed; those that are none are left out.</summary>
    public void Outdated(IEnumerable<string> names)
    {
        lock (_outdated)
        {
            _outdated.UnionWith(names.Where(name => CollectionNames.All.Contains(name)));
            // One that waits fetches all that are outdated by then.
            if (!_isFetchWaiting)
                _queue.Add(token => InTurnAsync(() => FetchAsync(token), token));
            _isFetchWaiting = true;
        }
    }

    /// <summary>Hears of changes by other devices.</summary>
    public void HandleNotification(Node notification)
    {
        if (notification["type"] == "server_sync")
            Outdated(notification.ChildrenOf("collection").Select(collection => collection["name"] ?? ""));
    }

    /// <summary>Stores keys of the phone within a unit of work; afterwards what waited for them is fetched.</summary>
    /// <exception cref="ProtocolException">One of them is none.</exception>
    public async Task AddKeysAsync(DeviceUnit unit, AppStateSyncKeyShare share, CancellationToken token)
    {
        await new KeyRing(unit).AddAsync(share, token);
        unit.Then(() =>
        {
            Outdated(CollectionNames.All);
            return Task.CompletedTask;
        });
    }

    /// <summary>Begins to fetch what is outdated, until it is told to end.</summary>
    public void Start(CancellationToken token) => _queue.Start(token);

    public Task EndAsync() => _queue.EndAsync();

    /// <summary>Changes settings of one collection, all together.</summary>
    /// <exception cref="AppStateException">There is no key, or other devices were faster again and again, or the collection can't be verified.</exception>
    /// <exception cref="RequestRefusedException">The server refused it.</exception>
    public Task WriteAsync(string name, IReadOnlyList<Setting> settings, CancellationToken token) => InTurnAsync(
        async () =>
        {
            for (var attempt = 0; attempt < Limits.AppStatePushes; attempt++)
            {
                if (await PushAsync(name, settings, token))
                    return;
            }

            throw new AppStateException("The settings can't be brought up to date.");
        },
        token);

    private async Task InTurnAsync(Func<Task> work, CancellationToken token)
    {
        await _memory.Turn.WaitAsync(token);
        try
        {
            await work();
        }
        finally
        {
            _memory.Turn.Release();
        }
    }

    private async Task FetchAsync(CancellationToken token)
    {
        lock (_outdated)
            _isFetchWaiting = false;
        // Right after linking the key is on its way, and all is fetched when it has come. Later on it may be lost: then the first patch asks for it.
        if (_state.Credentials.LoginCounter <= 1 && await NewestKeyAsync(token) is null)
            return;
        string[] names;
        lock (_outdated)
        {
            names = [.. CollectionNames.All.Where(_outdated.Contains)];
            _outdated.Clear();
        }

        await _sync.FetchAsync(names, token);
    }

    private async Task<AppStateKeys?> NewestKeyAsync(CancellationToken token) =>
        (await _state.Units.BeginAsync(unit => new KeyRing(unit).NewestAsync(token), token)).Result;

    private async Task<bool> PushAsync(string name, IReadOnlyList<Setting> settings, CancellationToken token)
    {
        var built = await BuildAsync(name, settings, token);
        var push = new Node(
            "collection",
            [("name", name), ("version", (built.State.Version - 1).ToString(CultureInfo.InvariantCulture)), ("return_snapshot", "false")],
            new Node("patch", built.Patch.ToByteArray()));
        var answer = (await _sync.AskAsync([push], token)).GetValueOrDefault(name) ?? throw new AppStateException("A push was not answered.");
        if (answer.Error is { } error and not CollectionAnswer.Conflict)
            throw new RequestRefusedException(error, text: null);
        if (answer.Error is null && (answer.Version ?? built.State.Version) == built.State.Version)
        {
            // The server has it: whoever gives up now must not leave the store behind.
            await _state.Units.RunAsync(unit => new StoredCollections(unit).StoreAsync(built, CancellationToken.None), CancellationToken.None);
            return true;
        }

        // Another device was faster. What it wrote comes along, or is fetched.
        if (answer.Patches.Count == 0 || await _sync.TakeAsync(answer, anew: false, initial: false, token) is not Progress.Done)
            await _sync.FetchAsync([name], token);
        return false;
    }

    private async Task<BuiltPatch> BuildAsync(string name, IReadOnlyList<Setting> settings, CancellationToken token)
    {
        var (built, _) = await _state.Units.BeginAsync(
            async unit =>
            {
                var keys = await new KeyRing(unit).NewestAsync(token) ?? throw new AppStateException("The phone has not shared its key yet.");
                var collections = new StoredCollections(unit);
                var mutations = settings.Select(setting => MutationCodec.Encode(
                    keys, setting.Operation, setting.IndexJson, setting.Value, setting.ActionVersion, _options.Random.Take(16))).ToArray();
                return await collections.BuildAsync(await collections.LoadAsync(name, token) ?? CollectionState.Empty(name), keys, mutations, token);
            },
            token);
        return built;
    }

    private async Task AskForKeyAsync(byte[] id, CancellationToken token)
    {
        if (!_memory.MayAsk(id, _options.Clock.GetUtcNow()))
            return;
        await _peers.SendAsync(
            new()
            {
                Type = ProtocolMessage.Types.Type.AppStateSyncKeyRequest,
                AppStateSyncKeyRequest = new() { KeyIds = { new AppStateSyncKeyId { KeyId = ByteString.CopyFrom(id) } } },
            },
            token);
    }
}
