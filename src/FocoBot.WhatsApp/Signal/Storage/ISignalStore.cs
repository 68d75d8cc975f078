namespace FocoBot.WhatsApp.Signal.Storage;

/// <summary>
/// What the encryption keeps. All calls for one message belong to one unit of work of the caller, who commits it
/// together with the message, and who lets no two units work on one address at once. Writes come last, after everything
/// that can fail for the message's sake. Values are secret bytes to be kept as they are.
/// </summary>
internal interface ISignalStore : ISessionStore, IIdentityStore, IPreKeyStore, ISignedPreKeyStore, ISenderKeyStore;

/// <summary>The sessions with each device: opaque records.</summary>
internal interface ISessionStore
{
    /// <summary>The record of a device; null when there is none.</summary>
    ValueTask<byte[]?> LoadSessionAsync(SignalAddress address, CancellationToken token);

    /// <summary>Adds or replaces the record of a device.</summary>
    ValueTask StoreSessionAsync(SignalAddress address, byte[] record, CancellationToken token);

    /// <summary>Removes the record of a device, if there is one.</summary>
    ValueTask RemoveSessionAsync(SignalAddress address, CancellationToken token);
}

/// <summary>The identity key of each device, 32 bytes, trusted on first use.</summary>
internal interface IIdentityStore
{
    /// <summary>The key of a device; null when there is none.</summary>
    ValueTask<byte[]?> LoadIdentityAsync(SignalAddress address, CancellationToken token);

    /// <summary>Adds or replaces the key of a device.</summary>
    ValueTask StoreIdentityAsync(SignalAddress address, byte[] identity, CancellationToken token);

    /// <summary>Removes the key of a device, if there is one.</summary>
    ValueTask RemoveIdentityAsync(SignalAddress address, CancellationToken token);
}

/// <summary>Our one-time prekeys, as private ‖ public, 64 bytes.</summary>
internal interface IPreKeyStore
{
    /// <summary>The prekey of an id; null when it is unknown or used up.</summary>
    ValueTask<byte[]?> LoadPreKeyAsync(uint id, CancellationToken token);

    /// <summary>Adds or replaces a prekey.</summary>
    ValueTask StorePreKeyAsync(uint id, byte[] pair, CancellationToken token);

    /// <summary>Removes a prekey that was used.</summary>
    ValueTask RemovePreKeyAsync(uint id, CancellationToken token);
}

/// <summary>Our signed prekeys, the current one and those before it, as private ‖ public, 64 bytes.</summary>
internal interface ISignedPreKeyStore
{
    /// <summary>The signed prekey of an id; null when it is unknown.</summary>
    ValueTask<byte[]?> LoadSignedPreKeyAsync(uint id, CancellationToken token);

    /// <summary>Adds a signed prekey.</summary>
    ValueTask StoreSignedPreKeyAsync(uint id, byte[] pair, CancellationToken token);
}

/// <summary>The sender keys of each member of each group: opaque records.</summary>
internal interface ISenderKeyStore
{
    /// <summary>The record of a member of a group; null when there is none.</summary>
    ValueTask<byte[]?> LoadSenderKeyAsync(string group, SignalAddress sender, CancellationToken token);

    /// <summary>Adds or replaces the record of a member of a group.</summary>
    ValueTask StoreSenderKeyAsync(string group, SignalAddress sender, byte[] record, CancellationToken token);
}
