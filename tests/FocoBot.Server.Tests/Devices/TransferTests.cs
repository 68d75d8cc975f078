using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FocoBot.Sandbox.Phones;

namespace FocoBot.Tests.Devices;

public sealed class TransferTests
{
    private const string Passphrase = "tres tristes tigres";
    private static readonly string[] Types = ["pre-key", "session", "identity-key", "sender-key", "app-state-sync-key", "app-state-sync-version", "lid-mapping", "tctoken"];

    [Fact]
    public async Task A_device_goes_out_as_a_sealed_file_and_comes_back_without_the_phone_noticing()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var (phone, bob) = (world.AddPhone("Ana"), world.AddPhone("Bob"));
        var device = await world.LinkAsync(ana, phone);
        await TalkAsync(world, device, phone, bob, "antes");
        var companion = Assert.Single(phone.Companions);

        using var exported = await ExportAsync(device, "focobot");
        var file = await BytesAsync(exported);
        Assert.Equal(("application/octet-stream", "attachment", true),
            (exported.Content.Headers.ContentType!.MediaType, exported.Content.Headers.ContentDisposition!.DispositionType, exported.Headers.CacheControl!.NoStore));
        Assert.Equal(0, world.Network.Statistics().Connections);
        Assert.Equal("disconnected", (await device.StatusAsync()).GetProperty("status").GetString());
        await RefusedAsync(await device.SendAsync(new { to = "+" + bob.Number, message = "no" }), 409, "EXPORTED");
        await RefusedAsync(await ImportAsync(ana, file, Passphrase), 409, "DEVICE_ALREADY_LINKED");
        await DeleteAsync(device);

        device = await ImportedAsync(world, ana, await ImportAsync(ana, file, Passphrase, isCopy: false));
        await TalkAsync(world, device, phone, bob, "después");
        Assert.Equal(companion, Assert.Single(phone.Companions));
        Assert.Equal((0, 0), (world.Network.Statistics().Retries, world.Network.Statistics().Undecryptable));
        var listed = Assert.Single((await DeviceWorld.GetAsync(ana, "devices")).GetProperty("devices").EnumerateArray());
        Assert.Equal(("Traída", "active", "+" + phone.Number), (listed.GetProperty("deviceName").GetString(), listed.GetProperty("status").GetString(), listed.GetProperty("phoneNumber").GetString()));
        var audited = await world.Server.Database.AsService("test").ReadAsync(work => work.QueryAsync<string>("SELECT action || CAST(metadata AS text) FROM whatsapp_audit_log WHERE action IN ('export', 'import') ORDER BY action"));
        Assert.Equal(2, audited.Count);
        Assert.All(audited, row => Assert.DoesNotMatch($"{Passphrase}|{TestServer.Password}|{phone.Number}|[A-Za-z0-9+/=]{{24}}", row));
    }

    [Fact]
    public async Task A_folder_of_Baileys_goes_out_as_an_archive_and_in_again_from_a_folder_in_one()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var (phone, bob) = (world.AddPhone("Ana"), world.AddPhone("Bob"));
        var device = await world.LinkAsync(ana, phone);
        await TalkAsync(world, device, phone, bob, "antes");

        using var exported = await ExportAsync(device, "baileys");
        var files = Unzip(await BytesAsync(exported));
        Assert.Equal("application/zip", exported.Content.Headers.ContentType!.MediaType);
        Assert.Equal(phone.Companions[0].ToString(), Json(files["creds.json"])["me"]!["id"]!.GetValue<string>());
        await DeleteAsync(device);

        var packed = Zip([.. files.Select(file => ("auth/" + file.Key, file.Value)), ("auth/.DS_Store", [1]), ("__MACOSX/auth/._creds.json", [1])]);
        device = await ImportedAsync(world, ana, await ImportAsync(ana, packed));
        await TalkAsync(world, device, phone, bob, "después");
        Assert.Single(phone.Companions);
    }

    [Fact]
    public async Task A_session_of_HalloWa_is_taken_over()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var (phone, bob) = (world.AddPhone("Ana"), world.AddPhone("Bob"));
        var device = await world.LinkAsync(ana, phone);
        await TalkAsync(world, device, phone, bob, "antes");
        using var exported = await ExportAsync(device, "baileys");
        var session = SessionOf(Unzip(await BytesAsync(exported)));
        await DeleteAsync(device);

        device = await ImportedAsync(world, ana, await ana.PostAsync(DeviceWorld.PathOf("devices/import"), new { deviceName = "Traída", network = "sandbox", session_data = session }));
        await TalkAsync(world, device, phone, bob, "después");
        Assert.Single(phone.Companions);
        await RefusedAsync(await ana.PostAsync(DeviceWorld.PathOf("devices/import"), new { network = "sandbox", session_data = new { creds = 1, keys = session["keys"] } }), 422, "INVALID");
        await RefusedAsync(await ana.PostAsync(DeviceWorld.PathOf("devices/import"), new { network = "sandbox", session_data = new { creds = session["creds"], keys = new { session = 1 } } }), 422, "INVALID", "keys");
        await RefusedAsync(await ana.PostAsync(DeviceWorld.PathOf("devices/import"), new { network = "sandbox", session_data = new { creds = new { registrationId = 1 }, keys = new { } } }), 422, "INVALID", "not linked");
        using var broken = new StringContent("{\"session_data\":", Encoding.UTF8, "application/json");
        await RefusedAsync(await ana.PostAsync(DeviceWorld.PathOf("devices/import"), broken, TestContext.Current.CancellationToken), 400, "INVALID_JSON");
    }

    [Fact]
    public async Task An_exported_device_stays_off_until_its_owner_takes_it_back_as_a_copy()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var (phone, bob) = (world.AddPhone("Ana"), world.AddPhone("Bob"));
        var device = await world.LinkAsync(ana, phone);
        (await ExportAsync(device, "baileys")).Dispose();
        await world.RestartAsync();
        using var again = await world.SignInAsync();
        device = device with { Browser = again };
        Assert.Equal("disconnected", (await device.StatusAsync()).GetProperty("connectionState").GetString());
        (await ExportAsync(device, "focobot")).Dispose();
        Assert.Equal(0, world.Network.Statistics().Connections);

        using var refreshed = await again.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/refresh"), null);
        Assert.Equal(HttpStatusCode.Accepted, refreshed.StatusCode);
        await device.UntilConnectedAsync();
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).GetProperty("status").GetString() == "active");
        await TalkAsync(world, device, phone, bob, "otra vez");
        Assert.Single(phone.Companions);
    }

    [Fact]
    public async Task Only_its_owner_in_person_exports_a_device()
    {
        await using var world = await DeviceWorld.StartAsync(("WHATSAPP_MAX_DEVICES_PER_USER", "1"));
        var (ana, eva) = (await world.Server.SignUpAsync(), await world.Server.SignUpAsync());
        var device = await world.LinkAsync(ana, world.AddPhone("Ana"));
        await RefusedAsync(await ExportAsync(device, "focobot", password: "not this one"), 403, "WRONG_PASSWORD");
        await RefusedAsync(await ExportAsync(device, "focobot", passphrase: "short"), 422, "INVALID");
        await RefusedAsync(await ExportAsync(device, "other"), 422, "INVALID");
        await RefusedAsync(await ExportAsync(device with { Browser = eva }, "baileys"), 404, "NOT_FOUND");
        using var program = world.Server.Program(await TestServer.ApiKeyAsync(ana, "devices:read", "devices:write"));
        await RefusedAsync(await ExportAsync(device with { Browser = program }, "baileys"), 403, "FORBIDDEN");
        Assert.Equal("connected", (await device.StatusAsync()).GetProperty("connectionState").GetString());

        using var exported = await ExportAsync(device, "focobot");
        var file = await BytesAsync(exported);
        await RefusedAsync(await ImportAsync(eva, file, Passphrase), 409, "DEVICE_ALREADY_LINKED");
        await DeleteAsync(device);
        await world.LinkAsync(eva, world.AddPhone("Eva"));
        await RefusedAsync(await ImportAsync(eva, file, Passphrase), 409, "DEVICE_LIMIT_REACHED");
        await RefusedAsync(await ImportAsync(ana, file, "tres tristes trigos"), 422, "INVALID", "passphrase");
        await RefusedAsync(await ImportAsync(ana, file), 422, "INVALID", "passphrase");
        file[file.Length / 2] ^= 1;
        await RefusedAsync(await ImportAsync(ana, file, Passphrase), 422, "INVALID", "changed");
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_devices WHERE link_method = 'import'"));
    }

    /// <summary>Says something to Bob and hears him.</summary>
    private static async Task TalkAsync(DeviceWorld world, Device device, VirtualPhone phone, VirtualPhone bob, string text)
    {
        await device.SendAsync(new { to = "+" + bob.Number, message = text }).OkJsonAsync();
        await world.AdvanceUntilAsync(DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Any(message => message.Text == text)), () => text));
        await bob.SendTextAsync(phone.Pn, "re: " + text);
        await world.AdvanceUntilAsync(device.MessageAsync("re: " + text));
    }

    private static Task<HttpResponseMessage> ExportAsync(Device device, string format, string password = TestServer.Password, string passphrase = Passphrase) =>
        device.Browser.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/export"), new { password, passphrase, format });

    internal static async Task<HttpResponseMessage> ImportAsync(HttpClient browser, byte[] file, string? passphrase = null, bool? isCopy = null)
    {
        using var form = new MultipartFormDataContent();
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(content, "file", "device.bin");
        form.Add(new StringContent("sandbox"), "network");
        form.Add(new StringContent("Traída"), "deviceName");
        if (passphrase is not null) form.Add(new StringContent(passphrase), "passphrase");
        if (isCopy is not null) form.Add(new StringContent(isCopy.Value ? "true" : "false"), "isCopy");
        return await browser.PostAsync(DeviceWorld.PathOf("devices/import"), form, TestContext.Current.CancellationToken);
    }

    private static async Task<Device> ImportedAsync(DeviceWorld world, HttpClient browser, HttpResponseMessage response)
    {
        using (response)
        {
            var view = await response.JsonAsync();
            Assert.True(response.StatusCode == HttpStatusCode.Created, $"{view}");
            var device = new Device(world, browser, view.GetProperty("id").GetGuid());
            await world.AdvanceUntilAsync(device.UntilConnectedAsync());
            return device;
        }
    }

    private static async Task DeleteAsync(Device device)
    {
        using var gone = await device.Browser.DeleteAsync(DeviceWorld.PathOf($"device/{device.Id}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }

    internal static async Task RefusedAsync(HttpResponseMessage response, int status, string code, string about = "")
    {
        using (response)
        {
            var problem = await response.JsonAsync();
            Assert.Equal((status, code), ((int)response.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains(about, $"{problem}", StringComparison.Ordinal);
        }
    }

    private static async Task<byte[]> BytesAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, byte[]> Unzip(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var bytes = new MemoryStream();
            using var content = entry.Open();
            content.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    internal static byte[] Zip(params IEnumerable<(string Name, byte[] Bytes)> files)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var content = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                content.Write(bytes);
            }
        }

        return zip.ToArray();
    }

    private static JsonNode Json(byte[] bytes) => JsonNode.Parse(bytes)!;

    // As a SignalKeyStore would dump it.
    private static JsonObject SessionOf(Dictionary<string, byte[]> files)
    {
        var keys = new JsonObject();
        foreach (var (name, bytes) in files.Where(file => file.Key != "creds.json"))
        {
            var type = Types.First(type => name.StartsWith(type + "-", StringComparison.Ordinal));
            if (keys[type] is not JsonObject ofType) keys[type] = ofType = [];
            ofType[name[(type.Length + 1)..^".json".Length].Replace("__", "/", StringComparison.Ordinal)] = Json(bytes);
        }

        return new JsonObject { ["creds"] = Json(files["creds.json"]), ["keys"] = keys };
    }
}
