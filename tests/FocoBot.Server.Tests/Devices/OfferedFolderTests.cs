using System.IO.Compression;
using FocoBot.Tests.Accounts;

namespace FocoBot.Tests.Devices;

/// <summary>Folders of Baileys' auth state on the server, offered for import.</summary>
public sealed class OfferedFolderTests : IDisposable
{
    private const string Setting = "WHATSAPP_BAILEYS_AUTH_DIR";

    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory();

    public void Dispose() => _place.Delete(recursive: true);

    [Fact]
    public async Task An_administrator_takes_over_what_lies_in_a_folder_and_nothing_is_written_there()
    {
        await using var world = await DeviceWorld.StartAsync((Setting, _place.FullName));
        var (admin, ana) = (await world.Server.SignUpAsync(), await world.Server.SignUpAsync());
        var phone = world.AddPhone("Ana");
        var folder = await LeaveAsync(world, admin, phone, "sesión");
        Directory.CreateDirectory(Path.Combine(_place.FullName, "vacía"));
        var before = Snapshot(folder);
        Assert.Equal(["sesión"], await NamesAsync(admin));

        await ana.GetPathAsync(DeviceWorld.PathOf("devices/import/folders")).RefusedAsync(403, "FORBIDDEN");
        await ImportAsync(ana, "sesión").RefusedAsync(403, "FORBIDDEN");
        await ImportAsync(world.Server.Program(await TestServer.ApiKeyAsync(admin, "devices:write")), "sesión").RefusedAsync(403, "FORBIDDEN");
        var view = await ImportAsync(admin, "sesión").OkJsonAsync();

        var device = new Device(world, admin, view.GetProperty("id").GetGuid());
        await device.UntilConnectedAsync();
        Assert.Single(phone.Companions);
        Assert.Equal(before, Snapshot(folder));
    }

    [Fact]
    public async Task What_leads_elsewhere_or_is_too_large_is_not_read()
    {
        await using var world = await DeviceWorld.StartAsync((Setting, _place.FullName));
        var admin = await world.Server.SignUpAsync();
        using var elsewhere = new OfferedFolderTests();
        var real = await LeaveAsync(world, admin, world.AddPhone("Ana"), "real", elsewhere._place.FullName);
        Directory.CreateSymbolicLink(Path.Combine(_place.FullName, "enlace"), real);
        var mixed = Directory.CreateDirectory(Path.Combine(_place.FullName, "mezcla"));
        File.CreateSymbolicLink(Path.Combine(mixed.FullName, "creds.json"), Path.Combine(real, "creds.json"));
        var large = Directory.CreateDirectory(Path.Combine(_place.FullName, "grande"));
        await using (var file = File.Create(Path.Combine(large.FullName, "creds.json"))) file.SetLength(20 * 1024 * 1024);
        var hidden = Directory.CreateDirectory(Path.Combine(_place.FullName, "texto"));
        await File.WriteAllTextAsync(Path.Combine(hidden.FullName, "creds.json"), "no", TestContext.Current.CancellationToken);

        Assert.Equal(["grande", "texto"], await NamesAsync(admin));
        foreach (var name in new[] { "enlace", "mezcla", "grande", "texto", "", ".", "..", "../" + Path.GetFileName(elsewhere._place.FullName) + "/real", real, "no hay" })
            await ImportAsync(admin, name).RefusedAsync(422, "INVALID");
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices"));
    }

    // As Baileys would leave the session of a device.
    private async Task<string> LeaveAsync(DeviceWorld world, HttpClient browser, Sandbox.Phones.VirtualPhone phone, string name, string? place = null)
    {
        var device = await world.LinkAsync(browser, phone);
        using var exported = await browser.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/export"), new { password = TestServer.Password, format = "baileys" });
        Assert.True(exported.IsSuccessStatusCode);
        var folder = Path.Combine(place ?? _place.FullName, name);
        using var zip = new ZipArchive(await exported.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await zip.ExtractToDirectoryAsync(folder, TestContext.Current.CancellationToken);
        // It is gone from here, and still linked on the phone.
        await world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("DELETE FROM whatsapp_devices WHERE id = @Id", new { device.Id }));
        return folder;
    }

    private static Task<HttpResponseMessage> ImportAsync(HttpClient browser, string folder) => browser.PostAsync(DeviceWorld.PathOf("devices/import"), new { folder, network = "sandbox" });

    private static async Task<List<string?>> NamesAsync(HttpClient admin) => [.. (await DeviceWorld.GetAsync(admin, "devices/import/folders")).GetProperty("items").EnumerateArray().Select(name => name.GetString())];

    private static string Snapshot(string folder) => string.Join('\n', Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))} {File.GetLastWriteTimeUtc(file):O}"));
}
