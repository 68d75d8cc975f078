using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FocoBot.Storage;

namespace FocoBot.Security;

/// <summary>The server's own secrets. Development makes the missing ones once and keeps them; Production refuses to start without them.</summary>
public sealed class Secrets
{
    /// <summary>Shorter secrets can be guessed; all of ours must be at least this long.</summary>
    public const int MinimumLength = 32;

    private const string DeviceKeyName = "WHATSAPP_ENCRYPTION_KEY";
    private const int DeviceKeyLength = 32;

    private static readonly string[] Names = ["FOCOBOT_ENCRYPTION_KEY", "FOCOBOT_FINGERPRINT_SECRET", "FOCOBOT_CRON_SECRET"];

    private Secrets(IReadOnlyDictionary<string, string> values, IReadOnlyList<byte[]> deviceKeys)
    {
        DeviceKeys = deviceKeys;
        var encryption = Encoding.UTF8.GetBytes(values["FOCOBOT_ENCRYPTION_KEY"]);
        MasterKey = Derive(encryption, "focobot master key v1");
        Pepper = Derive(encryption, "focobot code pepper v1");
        Cursors = Derive(encryption, "focobot list cursors v1");
        Fingerprint = Encoding.UTF8.GetBytes(values["FOCOBOT_FINGERPRINT_SECRET"]);
        Cron = values["FOCOBOT_CRON_SECRET"];
    }

    /// <summary>Wraps the data keys (32 bytes).</summary>
    public byte[] MasterKey { get; }

    /// <summary>Keys the hashes of short codes, so that the database alone does not give them away (32 bytes).</summary>
    public byte[] Pepper { get; }

    /// <summary>Keys the tags of list cursors (32 bytes).</summary>
    public byte[] Cursors { get; }

    /// <summary>
    /// Wrap the keys of linked devices (32 bytes each): the one in use, then those it replaces (<c>WHATSAPP_ENCRYPTION_KEY</c>, <c>…_PREVIOUS</c>). Empty when none
    /// was given, in Production.
    /// </summary>
    public IReadOnlyList<byte[]> DeviceKeys { get; }

    /// <summary>Keys the fingerprints of senders.</summary>
    public byte[] Fingerprint { get; }

    /// <summary>What a cron caller must present as its bearer token.</summary>
    public string Cron { get; }

    /// <summary>Takes the secrets from configuration; in Development the missing ones from <c>secrets.json</c> in <paramref name="dataDirectory"/>, made at need.</summary>
    /// <exception cref="StartupException">A secret is missing (Production) or too short.</exception>
    public static Secrets Load(IConfiguration configuration, string dataDirectory, bool development)
    {
        var values = Names.Where(name => configuration[name] is { Length: > 0 }).ToDictionary(name => name, name => configuration[name]!);
        var missing = Names.Except(values.Keys).ToList();
        if (missing.Count > 0 && !development)
            throw new StartupException($"Set {string.Join(", ", missing)} (at least {MinimumLength} random characters each, for example from: openssl rand -base64 48).");
        var deviceKey = configuration[DeviceKeyName];
        if (development && string.IsNullOrEmpty(deviceKey)) missing.Add(DeviceKeyName);
        foreach (var (name, value) in missing.Count == 0 ? [] : Remembered(Path.Combine(dataDirectory, "secrets.json"), missing))
            values[name] = value;
        if (values.Remove(DeviceKeyName, out var made) && string.IsNullOrEmpty(deviceKey)) deviceKey = made;

        foreach (var (name, value) in values)
            if (value.Length < MinimumLength)
                throw new StartupException($"{name} is too short: it needs at least {MinimumLength} characters.");
        return new Secrets(values, ReadDeviceKeys(deviceKey, configuration[DeviceKeyName + "_PREVIOUS"]));
    }

    private static Dictionary<string, string> Remembered(string path, IEnumerable<string> needed)
    {
        var known = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [] : [];
        var added = needed.Where(name => !known.ContainsKey(name)).ToList();
        foreach (var name in added)
            known[name] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(name == DeviceKeyName ? DeviceKeyLength : 48));
        if (added.Count > 0) WritePrivately(path, JsonSerializer.Serialize(known));
        return known;
    }

    private static void WritePrivately(string path, string text)
    {
        DataDirectory.EnsureFor(path);
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static List<byte[]> ReadDeviceKeys(string? key, string? previous)
    {
        var keys = new List<byte[]>();
        if (string.IsNullOrEmpty(key)) return keys;
        keys.Add(ReadDeviceKey(DeviceKeyName, key));
        foreach (var old in (previous ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            keys.Add(ReadDeviceKey(DeviceKeyName + "_PREVIOUS", old));
        return keys;
    }

    private static byte[] ReadDeviceKey(string name, string text)
    {
        var bytes = new byte[DeviceKeyLength + 1];
        if (text.Length == 2 * DeviceKeyLength && Convert.FromHexString(text, bytes, out _, out var length) == System.Buffers.OperationStatus.Done && length == DeviceKeyLength)
            return bytes[..DeviceKeyLength];
        return Convert.TryFromBase64String(text, bytes, out length) && length == DeviceKeyLength
            ? bytes[..DeviceKeyLength]
            : throw new StartupException($"{name} must be {DeviceKeyLength} bytes, as base64 (openssl rand -base64 32) or as {2 * DeviceKeyLength} hex digits (openssl rand -hex 32).");
    }

    private static byte[] Derive(byte[] secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes(purpose));
}

/// <summary>The server can't start as it is configured; the message tells the operator what to do.</summary>
public sealed class StartupException(string message) : Exception(message);
