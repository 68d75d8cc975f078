using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Storage;

public class DeviceStoreTests
{
    private static readonly SignalAddress Somebody = SignalAddress.Of("777000111", SignalDomain.HiddenIdentity, 0);
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly InMemoryDeviceStore store = new();

    [Fact]
    public async Task Writes_are_seen_inside_at_once_and_outside_after_the_commit()
    {
        await using var unit = await store.BeginAsync(default);
        await unit.StoreSessionAsync(Somebody, [1], default);
        await unit.StorePreKeyAsync(7, [2], default);
        Assert.Equal([1], await unit.LoadSessionAsync(Somebody, default));
        await using var other = await store.BeginAsync(default);
        Assert.Null(await other.LoadSessionAsync(Somebody, default));
        await unit.CommitAsync(default);
        Assert.Equal([1], await other.LoadSessionAsync(Somebody, default));
        Assert.Equal([2], await other.LoadPreKeyAsync(7, default));
        Assert.Null(await other.LoadSignedPreKeyAsync(7, default));
    }

    [Fact]
    public async Task What_is_not_committed_never_was()
    {
        await using (var unit = await store.BeginAsync(default))
        {
            await unit.StoreIdentityAsync(Somebody, [1], default);
            await unit.CommitAsync(default);
            await unit.RemoveIdentityAsync(Somebody, default);
            await unit.StoreSenderKeyAsync("g", Somebody, [3], default);
            Assert.Null(await unit.LoadIdentityAsync(Somebody, default));
        }

        await using var after = await store.BeginAsync(default);
        Assert.Equal([1], await after.LoadIdentityAsync(Somebody, default));
        Assert.Null(await after.LoadSenderKeyAsync("g", Somebody, default));
    }

    [Fact]
    public async Task Clearing_removes_all_that_came_before_it()
    {
        await using var unit = await store.BeginAsync(default);
        await unit.StoreSessionAsync(Somebody, [1], default);
        await unit.CommitAsync(default);
        await unit.ClearAsync(default);
        Assert.Null(await unit.LoadSessionAsync(Somebody, default));
        await unit.StorePreKeyAsync(1, [4], default);
        await unit.CommitAsync(default);
        Assert.Null(await unit.LoadSessionAsync(Somebody, default));
        Assert.Equal([4], await unit.LoadPreKeyAsync(1, default));
    }

    [Fact]
    public async Task A_change_that_fails_changes_nothing()
    {
        var device = new DeviceState(store, DeviceCredentials.Create(Random, Now));
        await Assert.ThrowsAsync<InvalidDataException>(() => device.ChangeAsync((_, _) => throw new InvalidDataException(), default));
        Assert.Equal(1u, device.Credentials.NextPreKeyId);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => device.ChangeAsync(d => d with { LoginCounter = d.LoginCounter + 1 }, default))));
        Assert.Equal(50, device.Credentials.LoginCounter);
    }

    [Fact]
    public void Credentials_are_read_as_they_were_written()
    {
        var whole = DeviceCredentials.Create(Random, Now) with
        {
            PhoneJid = Jid.Parse("15550000000:3@s.whatsapp.net"),
            Lid = Jid.Parse("98765000000000:3@lid"),
            Account = [1, 2],
            Platform = "android",
            BusinessName = "B",
            PushName = "P",
            RoutingInfo = [8, 2],
            LoginCounter = 4,
            NextPreKeyId = 51,
        };
        foreach (var device in new[] { whole, DeviceCredentials.Create(Random, Now) })
        {
            var bytes = device.Serialize();
            var read = DeviceCredentials.Deserialize(bytes);
            Assert.Equal(bytes, read.Serialize());
            Assert.Equal((device.PhoneJid, device.Lid, device.PushName, device.IsLinked), (read.PhoneJid, read.Lid, read.PushName, read.IsLinked));
            Assert.Equal(device.SignedPreKey.Made, read.SignedPreKey.Made);
            Assert.Equal(device.Identity.Private.ToArray(), read.Identity.Private.ToArray());
        }
    }

    [Fact]
    public void Damaged_credentials_are_a_format_exception()
    {
        var good = DeviceCredentials.Create(Random, Now).Serialize();
        Assert.Throws<FormatException>(() => DeviceCredentials.Deserialize([2, .. good.AsSpan(1)]));
        foreach (var bad in Mangled.Truncations(good).Concat(Mangled.BitFlips(good)))
        {
            try
            {
                DeviceCredentials.Deserialize(bad);
            }
            catch (FormatException)
            {
                // As promised.
            }
        }
    }

    [Fact]
    public void New_devices_have_fitting_ids_and_say_nothing_of_themselves()
    {
        for (var i = 0; i < 50; i++)
            Assert.InRange(DeviceCredentials.Create(Random, Now).RegistrationId, 1u, 16380u);
        Assert.Equal("DeviceCredentials", DeviceCredentials.Create(Random, Now).ToString());
        Assert.Equal("QrCodeShown", new QrCodeShown("secret", Now).ToString());
    }
}
