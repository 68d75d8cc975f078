using System.Buffers.Binary;
using System.Text;
using FocoBot.Devices;
using FocoBot.Devices.Transfer;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Tests.Devices;

public sealed class HostileImportTests
{
    private const string Passphrase = "tres tristes tigres";
    private static readonly byte[] Creds = "{\"registrationId\":1}"u8.ToArray();

    [Fact]
    public async Task What_is_no_device_is_refused_and_nothing_is_kept()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        foreach (var (file, about) in Files())
            await TransferTests.RefusedAsync(await TransferTests.ImportAsync(ana, file, Passphrase), 422, "INVALID", about);
        await TransferTests.RefusedAsync(await TransferTests.ImportAsync(ana, new byte[DeviceLimits.ImportBytes]), 413, "BODY_TOO_LARGE");
        using var empty = new MultipartFormDataContent { { new StringContent("x"), "other" } };
        await TransferTests.RefusedAsync(await ana.PostAsync(DeviceWorld.PathOf("devices/import"), empty, TestContext.Current.CancellationToken), 422, "INVALID", "file");
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices"));
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_records"));
    }

    [Fact]
    public void An_archive_with_any_byte_changed_is_read_or_refused()
    {
        var zip = TransferTests.Zip(("auth/creds.json", Creds), ("auth/pre-key-1.json", Encoding.UTF8.GetBytes(new string('x', 500))));
        for (var at = 0; at < zip.Length; at++)
        {
            foreach (var flip in (byte[])[0x01, 0x80, 0xff])
            {
                var changed = (byte[])zip.Clone();
                changed[at] ^= flip;
                var refused = Record.Exception(() => AuthFiles.OfZip(changed));
                Assert.True(refused is null or FormatException, $"{at}: {refused}");
            }
        }
    }

    [Fact]
    public void A_bundle_opens_with_its_passphrase_and_unchanged_only()
    {
        var bundle = DeviceBundle.Seal(Records((RecordKind.Session, "777_1.0", [1, 2, 3])), Passphrase);
        var record = Assert.Single(DeviceBundle.Open(bundle, Passphrase)!.Records);
        Assert.Equal((RecordKind.Session, "777_1.0", "010203"), (record.Key.Kind, record.Key.Name, Convert.ToHexString(record.Value!)));
        Assert.Null(DeviceBundle.Open(bundle, Passphrase + "."));
        Assert.NotEqual(bundle, DeviceBundle.Seal(Records((RecordKind.Session, "777_1.0", [1, 2, 3])), Passphrase));

        // The ends of each part: version, salt, nonce, ciphertext, tag.
        foreach (var at in (int[])[14, 15, 30, 31, 42, 43, bundle.Length - 17, bundle.Length - 16, bundle.Length - 1])
        {
            var changed = (byte[])bundle.Clone();
            changed[at] ^= 0x10;
            if (at == 14) Assert.Throws<FormatException>(() => DeviceBundle.Open(changed, Passphrase));
            else Assert.Null(DeviceBundle.Open(changed, Passphrase));
        }

        var other = (byte[])bundle.Clone();
        other[3] ^= 0x10;
        Assert.False(DeviceBundle.IsOne(other));
        Assert.Null(DeviceBundle.Open(bundle.AsSpan(..^1), Passphrase));
        Assert.Throws<FormatException>(() => DeviceBundle.Open(bundle.AsSpan(..40), Passphrase));
    }

    private static IEnumerable<(byte[] File, string About)> Files()
    {
        var zeros = new byte[DeviceLimits.ImportedFile + 1];
        yield return ([1, 2, 3], "neither");
        yield return (TransferTests.Zip(("creds.json", Creds))[..^30], "neither");
        yield return (TransferTests.Zip(("notes.txt", Creds)), "creds.json is missing");
        yield return (TransferTests.Zip(("creds.json", Creds)), "not linked");
        yield return (TransferTests.Zip(("creds.json", "{\"me\":"u8.ToArray())), "creds.json is not");
        yield return (TransferTests.Zip(("creds.json", Encoding.UTF8.GetBytes(new string('[', 100_000)))), "creds.json is not");
        yield return (TransferTests.Zip(("a/b/creds.json", Creds)), "one folder");
        yield return (TransferTests.Zip(("a/creds.json", Creds), ("b/creds.json", Creds)), "one folder");
        yield return (TransferTests.Zip(("creds.json", Creds), ("b/session-1.0.json", Creds)), "one folder");
        yield return (TransferTests.Zip(("../creds.json", Creds)), "one folder");
        yield return (TransferTests.Zip(("/creds.json", Creds)), "one folder");
        yield return (TransferTests.Zip(("..\\creds.json", Creds)), "one folder");
        yield return (TransferTests.Zip(("C:creds.json", Creds)), "one folder");
        yield return (TransferTests.Zip(("creds\0.json", Creds)), "name");
        yield return (TransferTests.Zip((new string('a', 300) + ".json", Creds)), "name");
        yield return (TransferTests.Zip(("creds.json", Creds), ("creds.json", Creds)), "twice");
        yield return (TransferTests.Zip(("creds.json", zeros)), "too large");
        yield return (Lying(TransferTests.Zip(("creds.json", zeros))), "");
        yield return (TransferTests.Zip([.. Enumerable.Range(0, 5).Select(i => ($"pre-key-{i}.json", zeros[..^1]))]), "too large");
        yield return (TransferTests.Zip(Enumerable.Range(0, DeviceLimits.ImportedRecords + 1).Select(i => ($"{i}.json", Array.Empty<byte>()))), "too many");
        yield return (DeviceBundle.Seal(Records((RecordKind.Credentials, "", [1, 2, 3])), Passphrase), "damaged");
        yield return (DeviceBundle.Seal(Records((RecordKind.Session, "777_1.0", [1])), Passphrase), "no linked device");
        yield return (DeviceBundle.Seal(Records(((RecordKind)999, "x", [1])), Passphrase), "no device");
    }

    // All sizes of the uncompressed data, in the directory and before the data, become one byte.
    private static byte[] Lying(byte[] zip)
    {
        foreach (var (signature, offset) in new (uint, int)[] { (0x02014b50, 24), (0x04034b50, 22), (0x08074b50, 12) })
        {
            for (var at = 0; at + offset + 4 <= zip.Length; at++)
                if (BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at)) == signature) BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(at + offset), 1);
        }

        return zip;
    }

    private static DeviceChanges Records(params (RecordKind Kind, string Name, byte[] Value)[] records)
    {
        var changes = new DeviceChanges();
        foreach (var (kind, name, value) in records) changes.Set(new RecordKey(kind, name), value);
        return changes;
    }
}
