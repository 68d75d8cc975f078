using System.Collections.Concurrent;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>
/// Which hidden identity belongs to which phone number, as far as it has been told since the start: messages name people by one or the other. Safe
/// to use from several threads.
/// </summary>
internal sealed class AddressBook
{
    private readonly ConcurrentDictionary<Jid, Jid> lids = new(), phones = new();

    /// <summary>Takes note of a user's two addresses, in any order; other addresses mean nothing here.</summary>
    public void Learn(Jid? one, Jid? other)
    {
        if (one is { Server: JidServer.Lid } && other is { Server: JidServer.User })
            (one, other) = (other, one);
        if (one is not { Server: JidServer.User } phone || other is not { Server: JidServer.Lid } lid)
            return;
        // To forget costs a look-up; to grow without bound costs memory.
        if (lids.Count >= Limits.KnownAddresses)
        {
            lids.Clear();
            phones.Clear();
        }

        lids[phone.WithoutDevice()] = lid.WithoutDevice();
        phones[lid.WithoutDevice()] = phone.WithoutDevice();
    }

    /// <summary>The device by its hidden identity if that is known, else as given.</summary>
    public Jid Resolve(Jid device, DeviceCredentials self)
    {
        if (device.Server != JidServer.User)
            return device;
        var user = device.WithoutDevice();
        var lid = user == self.PhoneJid?.WithoutDevice() ? self.Lid : lids.TryGetValue(user, out var known) ? known : null;
        return lid?.WithDevice(device.Device) ?? device;
    }

    /// <summary>A device of a hidden identity by its phone number, if that is known.</summary>
    public Jid? PhoneOf(Jid device, DeviceCredentials self)
    {
        if (device.Server != JidServer.Lid)
            return null;
        var user = device.WithoutDevice();
        var phone = user == self.Lid?.WithoutDevice() ? self.PhoneJid : phones.TryGetValue(user, out var known) ? known : null;
        return phone?.WithDevice(device.Device);
    }
}
