using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.SenderKeys;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Storage.Baileys;
using FocoBot.WhatsApp.Tests.Interop;

namespace FocoBot.WhatsApp.Tests.Storage.Baileys;

/// <summary>Whole folders, as Baileys wrote them and as it must not be expected to.</summary>
public sealed class BaileysAuthStateTests : IDisposable
{
    private static readonly JsonElement Recorded = Vectors.Load("baileys-auth-state.json").GetProperty("files");
    private static readonly SignalAddress Peer = SignalAddress.Of("777000111", SignalDomain.HiddenIdentity, 0);
    private static readonly SignalAddress Own = SignalAddress.Of("98765000000000", SignalDomain.HiddenIdentity, 3);
    private const string Group = "120363041234567890@g.us";

    private readonly DirectoryInfo _around = Directory.CreateTempSubdirectory("focobot-import-");
    private readonly InMemoryDeviceStore _store = new();

    private string Folder => Path.Combine(_around.FullName, "auth");

    public void Dispose() => _around.Delete(recursive: true);

    [Fact]
    public async Task A_recorded_folder_is_imported_whole()
    {
        Write(Files());
        await BaileysAuthState.ImportAsync(Folder, _store, isCopy: false, TestContext.Current.CancellationToken);

        await using var units = Stored.Open(_store);
        var unit = new DeviceUnit(units);
        var device = (await unit.LoadCredentialsAsync(default))!;
        Assert.Equal(("15550000000:3@s.whatsapp.net", "98765000000000:3@lid", "android"), (device.PhoneJid.ToString(), device.Lid.ToString(), device.Platform));
        Assert.Equal((121U, 818U, 1U), (device.RegistrationId, device.NextPreKeyId, device.SignedPreKey.Id));
        Assert.Equal("CAIIBQ==", Convert.ToBase64String(device.RoutingInfo));
        Assert.Equal(1795202132, device.SignedPreKey.Made.ToUnixTimeSeconds());
        Assert.NotNull(await unit.LoadSignedPreKeyAsync(1, default));
        Assert.NotNull(await unit.LoadPreKeyAsync(10, default));
        Assert.NotNull(await unit.LoadIdentityAsync(Peer, default));
        Assert.NotNull(await unit.LoadIdentityAsync(Own with { Device = 0 }, default));
        var recorded = JsonDocument.Parse(Files()["session-777000111_1.0.json"]).RootElement.GetProperty("_sessions").EnumerateObject().Count();
        Assert.Equal(recorded, SessionRecord.Deserialize((await unit.LoadSessionAsync(Peer, default))!).States.Length);
        var senderKey = SenderKeyRecord.Deserialize((await unit.LoadSenderKeyAsync(Group, Own, default))!);
        Assert.Equal("777000111", Encoding.UTF8.GetString((await unit.LoadAsync(RecordKind.HiddenIdentity, "15551234567", default))!));
        Assert.Equal("15551234567", Encoding.UTF8.GetString((await unit.LoadAsync(RecordKind.PhoneNumber, "777000111", default))!));
        Assert.Equal((1ul, "BAB42150"), await _store.StateOfAsync("regular_high") is var (version, hash) ? (version, hash[..8]) : default);
        Assert.Single(await _store.ListAsync(RecordKind.AppStateMac, default));
        Assert.Equal(new byte[] { 0, 0, 0, 0, 0, 1 }, (await new KeyRing(unit).NewestAsync(default))!.Id.ToArray());
        Assert.Equal([1, 2, 3, 4, 5], (await PrivacyTokens.FindAsync(unit, Jid.Parse("777000111@lid"), device, DateTimeOffset.FromUnixTimeSeconds(1795202140), default))!.Content.Bytes.ToArray());
        Assert.False(await PrivacyTokens.IsDueAsync(unit, Jid.Parse("777000111@lid"), device, DateTimeOffset.FromUnixTimeSeconds(1795202140), default));
        Assert.True(senderKey.IsOwn);
        Assert.Equal(3U, senderKey.States[0].Chain.Index);
    }

    [Fact]
    public async Task What_is_exported_is_what_was_imported()
    {
        Write(Files());
        await BaileysAuthState.ImportAsync(Folder, _store, isCopy: false, TestContext.Current.CancellationToken);
        var exported = Path.Combine(_around.FullName, "exported");
        await BaileysAuthState.ExportAsync(_store, exported, token: TestContext.Current.CancellationToken);

        foreach (var (name, text) in Files().Where(file => IsKept(file.Key)))
        {
            var written = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(exported, name), TestContext.Current.CancellationToken)).RootElement;
            Assert.Equal(Comparable(name, JsonDocument.Parse(text).RootElement), Comparable(name, written));
        }

        var again = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(exported, again, isCopy: false, TestContext.Current.CancellationToken);
        Assert.Equal(await DumpAsync(_store), await DumpAsync(again));
    }

    [Fact]
    public async Task Files_that_lie_in_no_folder_are_the_same_device()
    {
        Write(Files());
        await BaileysAuthState.ImportAsync(Folder, _store, isCopy: false, TestContext.Current.CancellationToken);
        var loose = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(Loose(Files()), loose, isCopy: false, TestContext.Current.CancellationToken);
        Assert.Equal(await DumpAsync(_store), await DumpAsync(loose));

        var files = await BaileysAuthState.ExportAsync(_store, token: TestContext.Current.CancellationToken);
        Assert.Equal(Files().Keys.Where(IsKept).Append("identity-key-98765000000000_1.0.json").Distinct().Order(StringComparer.Ordinal), files.Keys.Order(StringComparer.Ordinal));
        var again = new InMemoryDeviceStore();
        await BaileysAuthState.ImportAsync(files, again, isCopy: false, TestContext.Current.CancellationToken);
        Assert.Equal(await DumpAsync(_store), await DumpAsync(again));
        Assert.Equal("creds.json is missing.", (await Assert.ThrowsAsync<FormatException>(() => BaileysAuthState.ImportAsync(Loose([]), new InMemoryDeviceStore(), isCopy: false))).Message);
    }

    [Theory]
    [InlineData("creds.json", "registrationId", "\\ud800")]
    [InlineData("creds.json", "advSecretKey", "\\udc00")]
    [InlineData("lid-mapping-15551234567.json", null, "\\ud800")]
    [InlineData("session-777000111_1.0.json", "version", "\\ud800")]
    public async Task Text_that_is_no_Unicode_is_refused(string name, string? property, string escaped)
    {
        var files = Files();
        files[name] = property is null ? $"\"{escaped}\"" : files[name].Replace($"\"{property}\"", $"\"{escaped}\":1,\"{property}\"", StringComparison.Ordinal);
        var refused = await Record.ExceptionAsync(() => BaileysAuthState.ImportAsync(Loose(files), _store, isCopy: false));
        Assert.True(refused is null or FormatException, $"{refused}");
        files[name] = property is null ? $"\"{escaped}\"" : "{\"" + escaped + "\":1}";
        await Assert.ThrowsAsync<FormatException>(() => BaileysAuthState.ImportAsync(Loose(files), new InMemoryDeviceStore(), isCopy: false));
    }

    [Fact]
    public async Task An_exported_folder_is_its_owners_alone_and_never_half_there()
    {
        Write(Files());
        await BaileysAuthState.ImportAsync(Folder, _store, isCopy: false, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IOException>(() => BaileysAuthState.ExportAsync(_store, Folder));
        var exported = Path.Combine(_around.FullName, "exported");
        await BaileysAuthState.ExportAsync(_store, exported + Path.DirectorySeparatorChar, token: TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(exported));
            foreach (var file in Directory.GetFiles(exported)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        await _store.WriteAsync(unit => unit.Store(RecordKind.Session, Peer.ToBaileysName(), [77]));

        await Assert.ThrowsAsync<SignalException>(() => BaileysAuthState.ExportAsync(_store, Path.Combine(_around.FullName, "broken")));
        Assert.Equal(["auth", "exported"], _around.EnumerateDirectories().Select(folder => folder.Name).Order());
    }

    [Fact]
    public async Task Names_that_could_lead_out_of_the_folder_are_left_out()
    {
        Write(Files());
        await BaileysAuthState.ImportAsync(Folder, _store, isCopy: false, TestContext.Current.CancellationToken);
        foreach (var name in (string[])["../../up", "a/b", new string('7', 300), "a\0b", "a\\b"])
        {
            await _store.WriteAsync(unit =>
            {
                unit.Store(RecordKind.Identity, $"{name}.0", new byte[32]);
                unit.Store(RecordKind.SenderKey, $"{name}/{Own.ToBaileysName()}", SenderKeyRecord.Empty.Serialize());
            });
        }

        var exported = Path.Combine(_around.FullName, "exported");
        await BaileysAuthState.ExportAsync(_store, exported, token: TestContext.Current.CancellationToken);
        Assert.Equal(Files().Keys.Where(IsKept).Append("identity-key-98765000000000_1.0.json").Distinct().Order(StringComparer.Ordinal),
            Directory.GetFiles(exported).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Only_an_empty_store_takes_a_device_and_only_one_with_a_device_gives_it()
    {
        Write(Files());
        await Assert.ThrowsAsync<InvalidOperationException>(() => BaileysAuthState.ExportAsync(_store, Path.Combine(_around.FullName, "none")));
        await BaileysAuthState.ImportAsync(Folder, _store, isCopy: false, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => BaileysAuthState.ImportAsync(Folder, _store, isCopy: false));
        await Assert.ThrowsAnyAsync<IOException>(() => BaileysAuthState.ImportAsync(Path.Combine(_around.FullName, "nowhere"), new InMemoryDeviceStore(), isCopy: false));
    }

    [Fact]
    public async Task What_is_no_JSON_is_refused_by_its_files_name_and_nothing_is_kept()
    {
        foreach (var name in Files().Keys.Where(IsKept))
        {
            var text = Files()[name];
            foreach (var bad in (string[])["", text[..(text.Length / 2)], "null", "true", "17", "[]", "{}", "\"/x\"", new string('[', 100_000), "\0\0\0"])
                await AssertRefusedAsync(name, bad);
        }
    }

    [Fact]
    public async Task Every_value_that_is_another_than_it_should_be_is_refused_or_does_no_harm()
    {
        foreach (var name in Files().Keys.Where(IsKept))
        {
            var paths = Paths(JsonNode.Parse(Files()[name])).ToList();
            foreach (var path in paths)
            {
                foreach (var bad in (string[])["null", "true", "-7", "1e300", "[]", "{}", "\"x\"", "\"AAAA\"", "{\"type\":\"Buffer\",\"data\":[256]}"])
                    await AssertHarmlessAsync(name, Replaced(Files()[name], path, bad));
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_far_too_long_is_not_even_read()
    {
        Write(Files());
        using (var file = File.OpenWrite(Path.Combine(Folder, "session-777000111_1.0.json"))) file.SetLength(Limits.ImportedFile + 1);
        var refused = await Assert.ThrowsAsync<FormatException>(() => BaileysAuthState.ImportAsync(Folder, _store, isCopy: false));
        Assert.StartsWith("session-…111_1.0.json", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("session-.json")]
    [InlineData("session-777.json")]
    [InlineData("session-777_1.x.json")]
    [InlineData("session-777_1.256.json")]
    [InlineData("session-7 7_1.0.json")]
    [InlineData("identity-key-_1.0.json")]
    [InlineData("pre-key-x.json")]
    [InlineData("pre-key-4294967296.json")]
    [InlineData("sender-key-group.json")]
    [InlineData("app-state-sync-key-.json")]
    [InlineData("app-state-sync-key-AAA.json")]
    [InlineData("app-state-sync-version-none.json")]
    [InlineData("tctoken-777.json")]
    [InlineData("tctoken-1203@g.us.json")]
    [InlineData("sender-key-group--777_1--x.json")]
    public async Task A_name_that_names_nobody_is_refused(string name)
    {
        var like = Files().First(file => file.Key.StartsWith(name[..8], StringComparison.Ordinal) && IsKept(file.Key)).Value;
        var files = Files();
        files[name] = like;
        Write(files);
        await Assert.ThrowsAsync<FormatException>(() => BaileysAuthState.ImportAsync(Folder, _store, isCopy: false));
        Assert.Empty(await DumpAsync(_store));
    }

    [Fact]
    public async Task Groups_of_old_and_files_of_others_are_no_trouble()
    {
        var files = Files();
        files["sender-key-15550000000-1600000000@g.us--777000111_1--0.json"] = files.First(file => file.Key.StartsWith("sender-key-1", StringComparison.Ordinal)).Value;
        files["notes.json"] = "no JSON at all";
        Write(files);
        await BaileysAuthState.ImportAsync(Folder, _store, isCopy: false, TestContext.Current.CancellationToken);
        Assert.NotNull(await _store.ReadAsync(unit => unit.LoadSenderKeyAsync("15550000000-1600000000@g.us", Peer, default)));
    }

    // The recorded ones; some carry the name of another recording in front.
    private static Dictionary<string, string> Files() => Recorded.EnumerateObject()
        .ToDictionary(file => file.Name[(file.Name.LastIndexOf(' ') + 1)..], file => file.Value.GetString()!)
        .Concat(Tokens).ToDictionary();

    // As Baileys writes them (Utils/tc-token-utils.js); the recorded account had none.
    private static Dictionary<string, string> Tokens { get; } = new()
    {
        ["tctoken-777000111@lid.json"] = """{"token":{"type":"Buffer","data":"AQIDBAU="},"timestamp":"1795202132","senderTimestamp":1795202133}""",
        ["tctoken-15551234567@s.whatsapp.net.json"] = """{"token":{"type":"Buffer","data":""},"senderTimestamp":1795202133}""",
        ["tctoken-__index.json"] = """{"token":{"type":"Buffer","data":"WyI3NzcwMDAxMTFAbGlkIiwiMTU1NTEyMzQ1NjdAcy53aGF0c2FwcC5uZXQiXQ=="}}""",
    };

    private static bool IsKept(string name) =>
        name == "creds.json" || name.StartsWith("pre-key-", StringComparison.Ordinal) || name.StartsWith("session-", StringComparison.Ordinal)
        || name.StartsWith("identity-key-", StringComparison.Ordinal) || name.StartsWith("lid-mapping-", StringComparison.Ordinal) || name.StartsWith("sender-key-1", StringComparison.Ordinal)
        || name.StartsWith("app-state-sync-", StringComparison.Ordinal) || name.StartsWith("tctoken-", StringComparison.Ordinal);

    private static Dictionary<string, ReadOnlyMemory<byte>> Loose(Dictionary<string, string> files) =>
        files.ToDictionary(file => file.Key, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Value));

    private void Write(Dictionary<string, string> files)
    {
        Directory.CreateDirectory(Folder);
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(Folder, name), text, new UTF8Encoding(false));
    }

    private async Task AssertRefusedAsync(string name, string bad)
    {
        var files = Files();
        files[name] = bad;
        Write(files);
        var refused = await Assert.ThrowsAsync<FormatException>(() => BaileysAuthState.ImportAsync(Folder, _store, isCopy: false));
        AssertNamed(name, refused);
        Assert.Null(refused.InnerException);
        Assert.Empty(await DumpAsync(_store));
    }

    private static void AssertNamed(string name, FormatException refused) =>
        Assert.Contains(refused.Message, (string[])[$"{BaileysFile.Masked(name)} is not as Baileys writes it.", "creds.json is of a device that is not linked."]);

    private async Task AssertHarmlessAsync(string name, string bad)
    {
        Write(new() { ["creds.json"] = Files()["creds.json"], [name] = bad });
        foreach (var file in Directory.GetFiles(Folder).Where(file => Path.GetFileName(file) != "creds.json" && Path.GetFileName(file) != name)) File.Delete(file);
        var target = new InMemoryDeviceStore();
        try
        {
            await BaileysAuthState.ImportAsync(Folder, target, isCopy: false);
        }
        catch (FormatException refused)
        {
            AssertNamed(name, refused);
            Assert.Empty(await DumpAsync(target));
            return;
        }

        // Whatever was taken can be read again.
        foreach (var (_, record) in await target.ListAsync(RecordKind.Session, default)) SessionRecord.Deserialize(record);
        foreach (var (_, record) in await target.ListAsync(RecordKind.SenderKey, default)) SenderKeyRecord.Deserialize(record);
        Assert.True((await target.ReadAsync(unit => unit.LoadCredentialsAsync(default)))!.IsLinked);
    }

    // All paths into a JSON value, as lists of names and indices.
    private static IEnumerable<object[]> Paths(JsonNode? node)
    {
        yield return [];
        if (node is JsonObject given)
        {
            foreach (var (name, value) in given)
            {
                foreach (var path in Paths(value)) yield return [name, .. path];
            }
        }
        else if (node is JsonArray array)
        {
            for (var i = 0; i < Math.Min(array.Count, 2); i++)
            {
                foreach (var path in Paths(array[i])) yield return [i, .. path];
            }
        }
    }

    private static string Replaced(string text, object[] path, string bad)
    {
        if (path.Length == 0) return bad;
        var root = JsonNode.Parse(text)!;
        var node = root;
        foreach (var step in path[..^1]) node = step is int index ? node[index]! : node[(string)step]!;
        if (path[^1] is int last) node[last] = JsonNode.Parse(bad);
        else node[(string)path[^1]] = JsonNode.Parse(bad);
        return root.ToJsonString();
    }

    private static string Comparable(string name, JsonElement file)
    {
        if (name.StartsWith("session-", StringComparison.Ordinal)) return BaileysRecordTests.Comparable(file);
        if (name.StartsWith("sender-key-", StringComparison.Ordinal)) return Numbers(file);
        var node = JsonNode.Parse(file.GetRawText())!;
        if (name == "creds.json")
        {
            // Of no meaning for a linked device, or with no place in our store.
            foreach (var lost in (string[])["pairingEphemeralKeyPair", "processedHistoryMessages", "registered", "lastPropHash", "lastAccountSyncTimestamp"])
                node.AsObject().Remove(lost);
        }

        if (name.StartsWith("app-state-sync-key-", StringComparison.Ordinal)) node.AsObject().Remove("fingerprint");
        return BaileysRecordTests.Sorted(node)!.ToJsonString();
    }

    // Sender keys as our own bytes: theirs may be numbers or base64.
    private static string Numbers(JsonElement file) => Convert.ToHexString(BaileysSenderKey.Read("sender-key", new("sender-key", file)).Serialize());

    private static async Task<List<string>> DumpAsync(IDeviceStore store)
    {
        var lines = new List<string>();
        foreach (var kind in Enum.GetValues<RecordKind>())
            lines.AddRange((await store.ListAsync(kind, default)).Select(record => $"{kind} {record.Name} {record.Value.ToHex()}"));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
