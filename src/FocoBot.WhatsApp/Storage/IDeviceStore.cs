using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Storage;

/// <summary>Keeps everything of one device: its credentials and the state of its encryption. At most one client may use it at a time.</summary>
public interface IDeviceStore
{
    /// <summary>Begins a unit of work. Several may be under way at once, though never two that touch the same thing.</summary>
    ValueTask<IDeviceUnit> BeginAsync(CancellationToken token);
}

/// <summary>
/// A unit of work: it sees its own writes, and others see them all at once when it is committed. Disposing of it without a commit
/// leaves everything as it was.
/// </summary>
public interface IDeviceUnit : ISignalStore, IAppStateStore, IAsyncDisposable
{
    /// <summary>The device's credentials; null when the device is not linked.</summary>
    ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken token);

    /// <summary>Adds or replaces the credentials.</summary>
    ValueTask StoreCredentialsAsync(DeviceCredentials credentials, CancellationToken token);

    /// <summary>Removes everything: credentials, keys, sessions.</summary>
    ValueTask ClearAsync(CancellationToken token);

    /// <summary>Makes the writes last. Only after this may anybody be told of them.</summary>
    ValueTask CommitAsync(CancellationToken token);
}
