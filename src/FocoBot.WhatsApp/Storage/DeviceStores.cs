using System.Text;

namespace FocoBot.WhatsApp.Storage;

/// <summary>What can be done to a device's store while no client uses it.</summary>
public static class DeviceStores
{
    /// <summary>
    /// Marks a store as a copy: a backup that was restored, or one of two places that the same device was in. What the device sent since the copy was
    /// made is unknown here, and each key used a second time gives messages away. The client, before it is online again, makes sure that none is: sessions
    /// only read what is under way and new ones are started, groups get new sender keys, the server gets new prekeys. To be called after every
    /// restoration, before a client uses the store; a mark too many costs some messages that have to be asked for again.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the mark is stored.</returns>
    /// <exception cref="InvalidOperationException">The store has no linked device.</exception>
    /// <exception cref="FormatException">Its credentials are damaged, or of a later version of this library.</exception>
    /// <exception cref="DeviceTakenOverException">Somebody else owns the device by now.</exception>
    public static async Task MarkRestoredAsync(IDeviceStore store, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var name = new RecordKey(RecordKind.Credentials, "");
        if (await store.LoadAsync(name, token) is not { } stored || DeviceCredentials.Deserialize(stored) is not { IsLinked: true } device)
            throw new InvalidOperationException("The store has no linked device.");
        var changes = new DeviceChanges();
        changes.Set(name, (device with { IsRestored = true }).Serialize());
        await store.CommitAsync(changes);
    }

    /// <summary>The other address of somebody, phone number or hidden identity, as far as the device has learnt it. A client may use the store meanwhile.</summary>
    /// <param name="store">The store.</param>
    /// <param name="user">Who.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>The address; null when it is not known, or there is none.</returns>
    public static async Task<Jid?> FindAlternateAsync(IDeviceStore store, Jid user, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (user.Server is not (JidServer.User or JidServer.Lid))
            return null;
        if (await store.LoadAsync(new(RecordKind.Credentials, ""), token) is { } own && DeviceCredentials.Deserialize(own) is { PhoneJid: { } phone, Lid: { } lid })
        {
            if (user.WithoutDevice() == phone.WithoutDevice())
                return lid.WithoutDevice();
            if (user.WithoutDevice() == lid.WithoutDevice())
                return phone.WithoutDevice();
        }

        var (kind, server) = user.Server == JidServer.User ? (RecordKind.HiddenIdentity, JidServer.Lid) : (RecordKind.PhoneNumber, JidServer.User);
        return await store.LoadAsync(new(kind, user.User), token) is { } stored ? new Jid(Encoding.UTF8.GetString(stored), server) : null;
    }
}
