using System.Text.RegularExpressions;
using FocoBot.WhatsApp.Signal;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// The names of the files in a folder of Baileys: <c>{kind}-{id}.json</c>, with <c>__</c> for a slash and <c>-</c> for a colon in the id.
/// </summary>
internal static partial class BaileysFile
{
    public const string Credentials = "creds.json";
    public const string PreKey = "pre-key-";
    public const string Session = "session-";
    public const string Identity = "identity-key-";
    public const string SenderKey = "sender-key-";
    public const string SenderKeyMemory = "sender-key-memory-";

    public const string HiddenIdentity = "lid-mapping-";
    public const string Reverse = "_reverse";
    public const string AppStateKey = "app-state-sync-key-";
    public const string Collection = "app-state-sync-version-";
    public const string PrivacyToken = "tctoken-";

    private const string End = ".json";
    private const int LongestName = 200;

    /// <summary>The file of a record; null when it has a name that could not be a file's, which no real one has.</summary>
    public static string? Of(string kind, string name) => Checked($"{kind}{name}{End}");

    /// <summary>The file of a member of a group, who is stored as <c>group/user.device</c>; null as above.</summary>
    public static string? OfMember(string name) => name.Split('/') is [var group, var sender] && ParseDevice(sender) is { } device
        ? Checked($"{SenderKey}{group}--{device.Name}--{device.Device}{End}")
        : null;

    /// <summary>The file of a key of the shared settings.</summary>
    public static string? OfKey(byte[] id) => Of(AppStateKey, Convert.ToBase64String(id).Replace("/", "__", StringComparison.Ordinal));

    /// <summary>The id in a file's name; null when it is of another kind.</summary>
    public static string? Id(string name, string kind) =>
        name.StartsWith(kind, StringComparison.Ordinal) && name.EndsWith(End, StringComparison.Ordinal) ? name[kind.Length..^End.Length] : null;

    /// <summary>Reads <c>user_domain.device</c>.</summary>
    public static SignalAddress? ParseDevice(string id) => id.LastIndexOf('.') is > 0 and var dot ? Parse(id[..dot], id[(dot + 1)..]) : null;

    /// <summary>Reads <c>group--user_domain--device</c>; the id of an old group has a dash in itself.</summary>
    public static (string Group, SignalAddress Sender)? ParseMember(string id)
    {
        var device = id.LastIndexOf("--", StringComparison.Ordinal);
        var user = device > 0 ? id.LastIndexOf("--", device - 1, StringComparison.Ordinal) : -1;
        return user > 0 && Parse(id[(user + 2)..device], id[(device + 2)..]) is { } sender ? (id[..user], sender) : null;
    }

    /// <summary>A user without domain or server; null when it is none.</summary>
    public static string? ParseUser(string user) => AddressName().IsMatch(user) && !user.Contains('_') ? user : null;

    /// <summary>A file's name without what may be somebody's number.</summary>
    public static string Masked(string name) => Numbers().Replace(name, "…$1");

    private static SignalAddress? Parse(string name, string device) =>
        AddressName().IsMatch(name) && byte.TryParse(device, System.Globalization.NumberStyles.None, null, out var number) ? new(name, number) : null;

    private static string? Checked(string name) => name.Length <= LongestName && FileName().IsMatch(name) ? name : null;

    [GeneratedRegex("^[0-9A-Za-z]{1,64}(_[0-9]{1,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex AddressName();

    [GeneratedRegex("^[0-9A-Za-z_@.+=-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();

    [GeneratedRegex("[0-9]{4,}([0-9]{3})", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
