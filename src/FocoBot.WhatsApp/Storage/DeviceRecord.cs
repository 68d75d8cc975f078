namespace FocoBot.WhatsApp.Storage;

/// <summary>What a stored record is. The numbers are part of stored names: they never change.</summary>
public enum RecordKind
{
    /// <summary>The device's credentials; there is one, without a name.</summary>
    Credentials = 1,

    /// <summary>The session with a device.</summary>
    Session = 2,

    /// <summary>The identity key of a device.</summary>
    Identity = 3,

    /// <summary>One of our one-time prekeys.</summary>
    PreKey = 4,

    /// <summary>One of our signed prekeys.</summary>
    SignedPreKey = 5,

    /// <summary>The sender keys of a member of a group.</summary>
    SenderKey = 6,

    /// <summary>A message on its way to the server: the very bytes that leave.</summary>
    Outgoing = 7,

    /// <summary>A message that was sent, for those who can't decrypt it and ask again.</summary>
    Sent = 8,

    /// <summary>The hidden identity of a phone number.</summary>
    HiddenIdentity = 9,

    /// <summary>The phone number of a hidden identity.</summary>
    PhoneNumber = 10,

    /// <summary>The devices that have our sender key of a group.</summary>
    SenderKeyHolders = 11,

    /// <summary>The secret of a poll, with which others vote in it.</summary>
    PollSecret = 12,

    /// <summary>Which polls' secrets are kept, by age.</summary>
    PollSecretPlace = 13,

    /// <summary>How long messages in a chat are there.</summary>
    ChatTimer = 14,

    /// <summary>Which timers are kept, by age.</summary>
    ChatTimerPlace = 15,

    /// <summary>What somebody has given us to show that our messages are welcome, and when we gave it.</summary>
    PrivacyToken = 16,

    /// <summary>Which tokens are kept, by age.</summary>
    PrivacyTokenPlace = 17,

    /// <summary>What the account makes tokens from for those who have given it none; there is one, without a name.</summary>
    ChatTokenSalt = 18,

    /// <summary>A key to the account's shared settings, by its id.</summary>
    AppStateKey = 20,

    /// <summary>How far a collection of shared settings has come; also which key is the newest.</summary>
    AppState = 21,

    /// <summary>What is counted for one shared setting of a collection.</summary>
    AppStateMac = 22,

    /// <summary>A part of the history that the phone has handed over and that was not told to its end.</summary>
    History = 23,

    /// <summary>The secrets of the last messages, with which others add to them: edits, sealed reactions.</summary>
    RecentSecrets = 24,
}

/// <summary>The name of a stored record.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one: up to some hundred characters of ASCII, as a rule; may hold a phone number.</param>
public readonly record struct RecordKey(RecordKind Kind, string Name)
{
    /// <summary>The kind only: the name may be private.</summary>
    /// <returns>The kind.</returns>
    public override string ToString() => Kind.ToString();
}

/// <summary>A stored record.</summary>
/// <param name="Name">Which one of its kind.</param>
/// <param name="Value">What is in it: secret.</param>
public readonly record struct DeviceRecord(string Name, byte[] Value)
{
    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(DeviceRecord);
}

/// <summary>What is to be stored at once. Clients build it; whoever writes a store of his own builds some for its tests.</summary>
public sealed class DeviceChanges
{
    private readonly Dictionary<RecordKey, byte[]?> _records = [];
    private readonly List<ClientEvent> _events = [];

    /// <summary>Whether all records there are go first.</summary>
    public bool ClearsAll { get; private set; }

    /// <summary>New values; null where a record goes. They are not changed any more once they are here.</summary>
    public IReadOnlyDictionary<RecordKey, byte[]?> Records => _records;

    /// <summary>
    /// What these changes mean to the reader of <see cref="WhatsAppClient.Events"/>, who gets them afterwards. A store that keeps messages puts
    /// them down together with the records, and so never loses one: a message is decrypted once only.
    /// </summary>
    public IReadOnlyList<ClientEvent> Events => _events;

    internal bool IsEmpty => !ClearsAll && _records.Count == 0 && _events.Count == 0;

    /// <summary>Adds or replaces a record.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">What is in it, not to be changed any more; null to remove it.</param>
    public void Set(RecordKey key, byte[]? value) => _records[key] = value;

    /// <summary>Adds what the reader of events gets once all is stored.</summary>
    /// <param name="happened">What happened.</param>
    public void Tell(ClientEvent happened) => _events.Add(happened);

    /// <summary>Removes all records that there are; what is set afterwards stays.</summary>
    public void Clear()
    {
        ClearsAll = true;
        _records.Clear();
    }

    /// <summary>Adds what comes afterwards.</summary>
    internal void Add(DeviceChanges later)
    {
        if (later.ClearsAll)
            Clear();
        foreach (var (key, value) in later._records)
            _records[key] = value;
        _events.AddRange(later._events);
    }

    /// <summary>Adds the names of records that these changes make, and takes away those that go.</summary>
    internal void ApplyTo(HashSet<string> names, RecordKind kind)
    {
        if (ClearsAll)
            names.Clear();
        foreach (var (key, value) in _records.Where(record => record.Key.Kind == kind))
        {
            if (value is null)
                names.Remove(key.Name);
            else
                names.Add(key.Name);
        }
    }

    /// <summary>The value of a record after these changes, if they say anything of it.</summary>
    internal bool TryGet(RecordKey key, out byte[]? value) => _records.TryGetValue(key, out value) || ClearsAll;
}
