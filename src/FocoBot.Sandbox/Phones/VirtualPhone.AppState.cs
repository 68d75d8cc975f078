using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;
using Operation = FocoBot.WhatsApp.Proto.SyncdMutation.Types.Operation;

namespace FocoBot.Sandbox.Phones;

// Settings that all devices of the account share: the phone holds their keys, changes some, and reads what companions change.
public sealed partial class VirtualPhone
{
    private const int StateKeyBytes = 32;

    private readonly PhoneAppState _state = new();

    /// <summary>The settings, by collection and index.</summary>
    public IReadOnlyList<PhoneSetting> State
    {
        get
        {
            lock (_state) return [.. _state.Settings.Select(setting => new PhoneSetting(setting.Collection, setting.Index, setting.Value.ToString()))];
        }
    }

    /// <summary>Whom the owner has given a name.</summary>
    public IReadOnlyDictionary<Jid, string> Contacts
    {
        get
        {
            lock (_state)
            {
                return _state.Settings.Where(setting => setting.Value.ContactAction is not null)
                    .Select(setting => (Settings.ReadIndex(System.Text.Encoding.UTF8.GetBytes(setting.Index)), setting.Value.ContactAction.FullName))
                    .ToDictionary(contact => Jid.Parse(contact.Item1![1]), contact => contact.FullName);
            }
        }
    }

    /// <summary>How many changes by companions it did not believe.</summary>
    public int StateRefused
    {
        get
        {
            lock (_state) return _state.Refused;
        }
    }

    /// <summary>How far a collection has come, and its hash in hex: the same on all devices that are up to date.</summary>
    public (ulong Version, string Hash) StateOf(string collection)
    {
        lock (_state) return (_state[collection].Version, Convert.ToHexString(_state[collection].Hash.Span));
    }

    /// <summary>Mutes a chat, for ever unless told otherwise, or ends that.</summary>
    public void SetMuted(Jid chat, bool muted, DateTimeOffset? until = null) => Write(CollectionNames.RegularHigh,
        new Setting(["mute", chat.ToString()], new SyncActionValue { MuteAction = new MuteAction { Muted = muted, MuteEndTimestamp = muted ? until?.ToUnixTimeMilliseconds() ?? -1 : 0 } }, 2));

    /// <summary>Pins a chat, or ends that.</summary>
    public void SetPinned(Jid chat, bool pinned) => Write(CollectionNames.RegularLow, new Setting(["pin_v1", chat.ToString()], new SyncActionValue { PinAction = new PinAction { Pinned = pinned } }, 5));

    /// <summary>Archives a chat, or brings it back.</summary>
    public void SetArchived(Jid chat, bool archived) => Write(CollectionNames.RegularLow, new Setting(["archive", chat.ToString()], new SyncActionValue { ArchiveChatAction = new ArchiveChatAction { Archived = archived } }, 3));

    /// <summary>Marks a chat as read or unread.</summary>
    public void SetRead(Jid chat, bool read) => Write(CollectionNames.RegularLow, new Setting(["markChatAsRead", chat.ToString()], new SyncActionValue { MarkChatAsReadAction = new MarkChatAsReadAction { Read = read } }, 3));

    /// <summary>Stars a message, or ends that.</summary>
    public void SetStarred(Jid chat, string messageId, bool fromMe, bool starred) => Write(CollectionNames.RegularHigh,
        new Setting(["star", chat.ToString(), messageId, fromMe ? "1" : "0", "0"], new SyncActionValue { StarAction = new StarAction { Starred = starred } }, 2));

    /// <summary>Deletes a message for the owner alone.</summary>
    public void DeleteForMe(Jid chat, string messageId, bool fromMe) => Write(CollectionNames.RegularHigh,
        new Setting(["deleteMessageForMe", chat.ToString(), messageId, fromMe ? "1" : "0", "0"], new SyncActionValue { DeleteMessageForMeAction = new DeleteMessageForMeAction { MessageTimestamp = _network.Clock.GetUtcNow().ToUnixTimeSeconds() } }, 3));

    /// <summary>Gives somebody a name; none takes it away.</summary>
    public void SetContact(Jid contact, string? name) => Write(CollectionNames.CriticalUnblockLow, name is null
        ? new Setting(["contact", contact.ToString()], new SyncActionValue { ContactAction = new ContactAction() }, 2, Operation.Remove)
        : new Setting(["contact", contact.ToString()], new SyncActionValue { ContactAction = new ContactAction { FullName = name, FirstName = name.Split(' ')[0] } }, 2));

    /// <summary>Tells the companions <see cref="ChatTokenSalt"/>, or that there is none any more.</summary>
    public void ShareChatTokenSalt()
    {
        var salt = ByteString.CopyFrom(ChatTokenSalt.Span);
        Write(CollectionNames.RegularHigh, new Setting(
            ["nct_salt_sync"], new SyncActionValue { NctSaltSyncAction = new NctSaltSyncAction { Salt = salt } }, 1, salt.Length > 0 ? Operation.Set : Operation.Remove));
    }

    /// <summary>Makes a new key for what it writes from now on, as phones do when a companion was removed.</summary>
    /// <param name="share">Whether the companions get it; otherwise they have to ask.</param>
    public async Task RotateStateKeyAsync(bool share)
    {
        lock (_state) AddStateKey();
        List<Device> companions;
        lock (_network.Gate) companions = [.. _account.Devices.Values.Where(device => device != _device)];
        if (!share) return;
        foreach (var companion in companions) await InTurnAsync(() => ShareStateKeysAsync(companion)).ConfigureAwait(false);
    }

    private void Write(string collection, Setting setting)
    {
        setting.Value.Timestamp = _network.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_state)
        {
            if (_state.Keys.Count == 0) AddStateKey();
            // What companions have written comes first, and nobody comes in between.
            lock (_network.Gate)
            {
                Fetch(collection);
                var built = _state.Build(collection, [setting], _keys.RandomBytes);
                var answer = Ask(collection, new Node("patch", built.Patch.ToByteArray()));
                if (answer["type"] == "error") throw new SandboxException("STATE_BROKEN", "The phone could not follow what its companions wrote.");
                _state.Taken(built);
            }
        }
    }

    private Task SynchroniseAsync(Node notification)
    {
        lock (_state)
        {
            lock (_network.Gate)
            {
                foreach (var collection in notification.ChildrenOf("collection")) Fetch(collection.Require("name"));
            }
        }

        return Task.CompletedTask;
    }

    private void Fetch(string collection)
    {
        Node answer;
        do
        {
            var before = _state[collection].Version;
            answer = Ask(collection, patch: null);
            foreach (var patch in answer.Child("patches")?.ChildrenOf("patch") ?? []) _state.Apply(collection, patch.Content.Bytes.Span);
            if (_state[collection].Version == before) return;
        }
        while (answer["has_more_patches"] == "true");
    }

    private Node Ask(string collection, Node? patch) => _network.Ask(_device, new Node("iq", [("to", Jid.Service), ("type", "set"), ("xmlns", "w:sync:app:state"), ("id", _network.NewId())],
        new Node("sync", new Node("collection", [("name", collection), ("version", _state[collection].Version.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("return_snapshot", "false")], patch))))!
        .RequireChild("sync").RequireChild("collection");

    private async Task ShareStateKeysAsync(Device companion)
    {
        var share = new AppStateSyncKeyShare();
        lock (_state)
        {
            if (_state.Keys.Count == 0) AddStateKey();
            share.Keys.Add(_state.Keys);
        }

        await SendPeerAsync(companion, new ProtocolMessage { Type = ProtocolMessage.Types.Type.AppStateSyncKeyShare, AppStateSyncKeyShare = share }).ConfigureAwait(false);
    }

    private void AddStateKey() => _state.AddKey(_keys.RandomBytes(StateKeyBytes), _network.Clock.GetUtcNow(), _keys.RegistrationId, _account.LastKeyIndex);
}

/// <summary>A setting as a phone keeps it.</summary>
/// <param name="Collection">Where it belongs.</param>
/// <param name="Index">Which it is: a JSON array.</param>
/// <param name="Value">What it is set to, as JSON.</param>
public sealed record PhoneSetting(string Collection, string Index, string Value);
