using System.Security.Cryptography;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Storage;

public class DeviceStoreTests
{
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly InMemoryDeviceStore _store = new();

    [Fact]
    public async Task A_change_that_fails_changes_nothing()
    {
        await using var units = Stored.Open(_store);
        var device = new DeviceState(units, DeviceCredentials.Create(Random, Now));
        await Assert.ThrowsAsync<InvalidDataException>(() => device.ChangeAsync(_ => throw new InvalidDataException(), default));
        await Assert.ThrowsAsync<InvalidDataException>(() => units.RunAsync(
            unit =>
            {
                device.Change(unit, d => d with { LoginCounter = 7 });
                throw new InvalidDataException();
            },
            default));
        Assert.Equal(0, device.Credentials.LoginCounter);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => device.ChangeAsync(d => d with { LoginCounter = d.LoginCounter + 1 }, default))));
        Assert.Equal(50, device.Credentials.LoginCounter);
        Assert.Equal(50, (await _store.ReadAsync(unit => unit.LoadCredentialsAsync(default)))!.LoginCounter);
    }

    [Fact]
    public async Task Whoever_writes_a_store_can_build_changes_to_test_it_with()
    {
        var changes = new DeviceChanges();
        changes.Set(new(RecordKind.Sent, "a"), [1]);
        changes.Set(new(RecordKind.Sent, "b"), [2]);
        changes.Tell(new OfflineDelivered());
        Assert.Equal((2, 1, false), (changes.Records.Count, changes.Events.Count, changes.ClearsAll));
        await _store.CommitAsync(changes);
        var next = new DeviceChanges();
        next.Clear();
        next.Set(new(RecordKind.Sent, "b"), [3]);
        Assert.True(next.ClearsAll);
        await _store.CommitAsync(next);
        Assert.Equal([3], Assert.Single(await _store.ListAsync(RecordKind.Sent, default)).Value);
    }

    [Fact]
    public async Task An_owner_from_whom_the_device_was_taken_stores_nothing_more()
    {
        await _store.WriteAsync(unit => unit.Store(RecordKind.Sent, "a", [1]));
        var taken = _store.TakeOver();
        await using var units = Stored.Open(_store);
        var failed = await Assert.ThrowsAsync<StoreFailedException>(() => units.RunAsync(unit => unit.Store(RecordKind.Sent, "a", [2]), default));
        Assert.IsType<DeviceTakenOverException>(failed.InnerException);
        Assert.Equal(Recovery.Leave, failed.Recovery);
        Assert.Equal([1], await taken.ReadAsync(unit => unit.LoadAsync(RecordKind.Sent, "a", default)));
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
            IsRestored = true,
        };
        foreach (var device in new[] { whole, DeviceCredentials.Create(Random, Now) })
        {
            var bytes = device.Serialize();
            var read = DeviceCredentials.Deserialize(bytes);
            Assert.Equal(bytes, read.Serialize());
            Assert.Equal((device.PhoneJid, device.Lid, device.PushName, device.IsLinked, device.IsRestored), (read.PhoneJid, read.Lid, read.PushName, read.IsLinked, read.IsRestored));
            Assert.Equal(device.SignedPreKey.Made, read.SignedPreKey.Made);
            Assert.Equal(device.Identity.Private.ToArray(), read.Identity.Private.ToArray());
        }
    }

    [Fact]
    public void Credentials_from_before_there_were_marks_have_none()
    {
        byte[] mark = [18 << 3 & 0x7F | 0x80, 18 >> 4, 1];
        var marked = (DeviceCredentials.Create(Random, Now) with { IsRestored = true }).Serialize();
        Assert.Equal(mark, marked[^3..]);
        Assert.False(DeviceCredentials.Deserialize(marked.AsSpan(..^3)).IsRestored);
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
