namespace FocoBot.WhatsApp.Signal.Storage;

/// <summary>
/// What <see cref="SignalSessions"/> keeps. All calls for one message belong to one unit of work of the caller, who commits it
/// together with the message, and who lets no two units work on one address at once. Writes come last, after everything
/// that can fail for the message's sake. Values are secret bytes to be kept as they are.
/// </summary>
internal interface ISignalStore : ISessionStore, IIdentityStore, IPreKeyStore, ISignedPreKeyStore, ISenderKeyStore;

/// <summary>The sessions with each device, as <see cref="Sessions.SessionRecord.Serialize"/> gives them.</summary>
internal interface ISessionStore
{
    ValueTask<byte[]?> LoadSessionAsync(SignalAddress address, CancellationToken token);

    ValueTask StoreSessionAsync(SignalAddress address, byte[] record, CancellationToken token);

    ValueTask RemoveSessionAsync(SignalAddress address, CancellationToken token);
}

/// <summary>The identity key of each device, 32 bytes, trusted on first use.</summary>
internal interface IIdentityStore
{
    ValueTask<byte[]?> LoadIdentityAsync(SignalAddress address, CancellationToken token);

    ValueTask StoreIdentityAsync(SignalAddress address, byte[] identity, CancellationToken token);

    ValueTask RemoveIdentityAsync(SignalAddress address, CancellationToken token);
}

/// <summary>Our one-time prekeys, as private ‖ public, 64 bytes.</summary>
internal interface IPreKeyStore
{
    ValueTask<byte[]?> LoadPreKeyAsync(uint id, CancellationToken token);

    ValueTask RemovePreKeyAsync(uint id, CancellationToken token);
}

/// <summary>Our signed prekeys, the current one and those before it, as private ‖ public, 64 bytes.</summary>
internal interface ISignedPreKeyStore
{
    ValueTask<byte[]?> LoadSignedPreKeyAsync(uint id, CancellationToken token);
}

/// <summary>The sender keys of each member of each group, as <see cref="SenderKeys.SenderKeyRecord.Serialize"/> gives them.</summary>
internal interface ISenderKeyStore
{
    ValueTask<byte[]?> LoadSenderKeyAsync(string group, SignalAddress sender, CancellationToken token);

    ValueTask StoreSenderKeyAsync(string group, SignalAddress sender, byte[] record, CancellationToken token);
}
