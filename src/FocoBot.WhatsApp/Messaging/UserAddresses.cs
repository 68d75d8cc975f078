using System.Text;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Which hidden identity belongs to which phone number, as far as the server has told: sessions are kept under the former.
/// </summary>
internal static class UserAddresses
{
    /// <summary>Takes note of a user's two addresses, in any order; other addresses mean nothing here.</summary>
    public static async ValueTask LearnAsync(this DeviceUnit unit, Jid? one, Jid? other, CancellationToken token)
    {
        if (one is { Server: JidServer.Lid } && other is { Server: JidServer.User })
            (one, other) = (other, one);
        if (one is not { Server: JidServer.User, User: var phone } || other is not { Server: JidServer.Lid, User: var lid })
            return;
        if (await LoadAsync(unit, RecordKind.HiddenIdentity, phone, token) == lid && await LoadAsync(unit, RecordKind.PhoneNumber, lid, token) == phone)
            return;
        unit.Store(RecordKind.HiddenIdentity, phone, Encoding.UTF8.GetBytes(lid));
        unit.Store(RecordKind.PhoneNumber, lid, Encoding.UTF8.GetBytes(phone));
    }

    /// <summary>The device by its hidden identity if that is known, else as given.</summary>
    public static async ValueTask<Jid> ResolveAsync(this DeviceUnit unit, Jid device, DeviceCredentials self, CancellationToken token)
    {
        if (device.Server != JidServer.User)
            return device;
        var lid = device.User == self.PhoneJid?.User ? self.Lid?.User : await LoadAsync(unit, RecordKind.HiddenIdentity, device.User, token);
        return lid is null ? device : new Jid(lid, JidServer.Lid).WithDevice(device.Device);
    }

    /// <summary>A device of a hidden identity by its phone number, if that is known.</summary>
    public static async ValueTask<Jid?> PhoneOfAsync(this DeviceUnit unit, Jid device, DeviceCredentials self, CancellationToken token)
    {
        if (device.Server != JidServer.Lid)
            return null;
        var phone = device.User == self.Lid?.User ? self.PhoneJid?.User : await LoadAsync(unit, RecordKind.PhoneNumber, device.User, token);
        return phone is null ? null : new Jid(phone, JidServer.User).WithDevice(device.Device);
    }

    /// <summary>
    /// The device under whose name its session is kept: by hidden identity if that is known. What is kept under its phone number moves there,
    /// unless there is something already.
    /// </summary>
    public static async ValueTask<Jid> SessionOwnerAsync(this DeviceUnit unit, Jid device, DeviceCredentials self, CancellationToken token)
    {
        var owner = await unit.ResolveAsync(device, self, token);
        if (await unit.PhoneOfAsync(owner, self, token) is { } phone)
            await MigrateAsync(unit, phone.ToAddress(), owner.ToAddress(), token);
        return owner;
    }

    /// <summary>The name under which a device's session is kept.</summary>
    /// <exception cref="ProtocolException">This JID names no device with sessions.</exception>
    public static SignalAddress ToAddress(this Jid device) => device.Domain is { } domain
        ? SignalAddress.Of(device.User, (SignalDomain)domain, device.Device)
        : throw new ProtocolException("Such a JID has no sessions.");

    /// <summary>Whether this is the account's own user, on any device.</summary>
    public static bool Owns(this DeviceCredentials self, Jid user) =>
        user.WithoutDevice() is var bare && (bare == self.PhoneJid?.WithoutDevice() || bare == self.Lid?.WithoutDevice());

    private static async ValueTask MigrateAsync(DeviceUnit unit, SignalAddress from, SignalAddress to, CancellationToken token)
    {
        if (await unit.LoadSessionAsync(from, token) is not { } session)
            return;
        if (await unit.LoadSessionAsync(to, token) is null)
        {
            await unit.StoreSessionAsync(to, session, token);
            if (await unit.LoadIdentityAsync(from, token) is { } identity)
                await unit.StoreIdentityAsync(to, identity, token);
        }

        await unit.RemoveSessionAsync(from, token);
        await unit.RemoveIdentityAsync(from, token);
    }

    private static async ValueTask<string?> LoadAsync(DeviceUnit unit, RecordKind kind, string user, CancellationToken token) =>
        await unit.LoadAsync(kind, user, token) is { } stored ? Encoding.UTF8.GetString(stored) : null;
}
