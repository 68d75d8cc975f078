using System.Globalization;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Storage;

/// <summary>
/// A unit of work: it sees its own writes and those of all units before it, and takes effect as a whole or not at all. What is told, and
/// what is done afterwards, waits until everything is stored.
/// </summary>
/// <param name="units">The units it is one of; null for one that stands on nothing and is never stored.</param>
/// <param name="outer">The unit that it is a part of.</param>
internal sealed partial class DeviceUnit(DeviceUnits? units, DeviceUnit? outer = null) : ISignalStore
{
    private readonly List<Func<Task>> _followers = [];

    public DeviceChanges Changes { get; } = new();

    public IReadOnlyList<Func<Task>> Followers => _followers;

    /// <summary>Is called when the unit has come to its end, and units to come see its changes.</summary>
    public Action? Accepted { get; set; }

    private DeviceUnit? Outer => outer;

    /// <summary>Does a part of the work, which may fail without the rest: what throws leaves no trace.</summary>
    public async Task<T> TryAsync<T>(Func<DeviceUnit, Task<T>> part)
    {
        var inner = new DeviceUnit(units, this);
        var result = await part(inner);
        Changes.Add(inner.Changes);
        _followers.AddRange(inner._followers);
        Accepted += inner.Accepted;
        return result;
    }

    /// <summary>Lets the reader of events know, once it is stored.</summary>
    public void Tell(ClientEvent happened) => Changes.Tell(happened);

    /// <summary>Does something once all is stored and told, in the order of all units.</summary>
    public void Then(Func<Task> follower) => _followers.Add(follower);

    /// <summary>The sessions, to be used within this unit.</summary>
    public SignalSessions Sessions(DeviceCredentials device, RandomNumberGenerator random) =>
        new(new(device.Identity, device.RegistrationId), this, random);

    public ValueTask<byte[]?> LoadAsync(RecordKind kind, string name, CancellationToken token)
    {
        var key = new RecordKey(kind, name);
        for (var unit = this; unit is not null; unit = unit.Outer)
        {
            if (unit.Changes.TryGet(key, out var value))
                return new(value);
        }

        return units?.LoadAsync(key, token) ?? default;
    }

    /// <summary>The names of all records of a kind.</summary>
    public async Task<HashSet<string>> NamesAsync(RecordKind kind, CancellationToken token)
    {
        var names = await (Outer?.NamesAsync(kind, token) ?? units?.NamesAsync(kind, token) ?? Task.FromResult(new HashSet<string>(StringComparer.Ordinal)));
        Changes.ApplyTo(names, kind);
        return names;
    }

    /// <summary>Adds or replaces a record; null removes it.</summary>
    public void Store(RecordKind kind, string name, byte[]? value) => Changes.Set(new(kind, name), value);

    /// <summary>Removes everything.</summary>
    public void Clear() => Changes.Clear();

    public async ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken token) =>
        await LoadAsync(RecordKind.Credentials, "", token) is { } bytes ? DeviceCredentials.Deserialize(bytes) : null;

    public void StoreCredentials(DeviceCredentials credentials) => Store(RecordKind.Credentials, "", credentials.Serialize());

    public ValueTask<byte[]?> LoadSessionAsync(SignalAddress address, CancellationToken token) => LoadAsync(RecordKind.Session, Name(address), token);

    public ValueTask StoreSessionAsync(SignalAddress address, byte[] record, CancellationToken token) => Set(RecordKind.Session, Name(address), record);

    public ValueTask RemoveSessionAsync(SignalAddress address, CancellationToken token) => Set(RecordKind.Session, Name(address), null);

    public ValueTask<byte[]?> LoadIdentityAsync(SignalAddress address, CancellationToken token) => LoadAsync(RecordKind.Identity, Name(address), token);

    public ValueTask StoreIdentityAsync(SignalAddress address, byte[] identity, CancellationToken token) => Set(RecordKind.Identity, Name(address), identity);

    public ValueTask RemoveIdentityAsync(SignalAddress address, CancellationToken token) => Set(RecordKind.Identity, Name(address), null);

    public ValueTask<byte[]?> LoadPreKeyAsync(uint id, CancellationToken token) => LoadAsync(RecordKind.PreKey, Name(id), token);

    public ValueTask StorePreKeyAsync(uint id, byte[] pair, CancellationToken token) => Set(RecordKind.PreKey, Name(id), pair);

    public ValueTask RemovePreKeyAsync(uint id, CancellationToken token) => Set(RecordKind.PreKey, Name(id), null);

    public ValueTask<byte[]?> LoadSignedPreKeyAsync(uint id, CancellationToken token) => LoadAsync(RecordKind.SignedPreKey, Name(id), token);

    public ValueTask StoreSignedPreKeyAsync(uint id, byte[] pair, CancellationToken token) => Set(RecordKind.SignedPreKey, Name(id), pair);

    public ValueTask<byte[]?> LoadSenderKeyAsync(string group, SignalAddress sender, CancellationToken token) =>
        LoadAsync(RecordKind.SenderKey, Name(group, sender), token);

    public ValueTask StoreSenderKeyAsync(string group, SignalAddress sender, byte[] record, CancellationToken token) =>
        Set(RecordKind.SenderKey, Name(group, sender), record);

    /// <summary>The device that a session or an identity is stored for.</summary>
    public static SignalAddress ParseAddress(string name)
    {
        var dot = name.LastIndexOf('.');
        return new(name[..dot], int.Parse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>The member of a group that a sender key is stored for.</summary>
    public static (string Group, SignalAddress Sender) ParseMember(string name)
    {
        var slash = name.IndexOf('/');
        return (name[..slash], ParseAddress(name[(slash + 1)..]));
    }

    private static string Name(SignalAddress address) => string.Create(CultureInfo.InvariantCulture, $"{address.Name}.{address.Device}");

    /// <summary>The name under which a prekey is stored.</summary>
    internal static string Name(uint id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Name(string group, SignalAddress sender) => string.Create(CultureInfo.InvariantCulture, $"{group}/{sender.Name}.{sender.Device}");

    private ValueTask Set(RecordKind kind, string name, byte[]? value)
    {
        Store(kind, name, value);
        return default;
    }
}
