using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace FocoBot.Devices.Transfer;

/// <summary>The files of Baileys' auth state, in and out of a zip archive, and out of the JSON that HalloWa keeps. What is in them is the protocol library's business.</summary>
internal static class AuthFiles
{
    private const string Json = ".json";

    // What macOS puts beside the files of an archive.
    private const string Resources = "__MACOSX/";

    private static ReadOnlySpan<byte> DirectoryEntry => "PK\x01\x02"u8;

    /// <summary>The JSON files of an archive, at its root or in one folder. Nothing that the archive says of sizes is believed: what comes out is counted.</summary>
    /// <exception cref="FormatException">It is no archive, or not one of such a folder; the message says why.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> OfZip(byte[] zip)
    {
        // Before the directory becomes objects, of which there may be hundreds of thousands.
        if (zip.AsSpan().Count(DirectoryEntry) > DeviceLimits.ImportedRecords) throw TooMany();
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip, writable: false), ZipArchiveMode.Read);
            return Read(archive);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException)
        {
            throw new FormatException("The file is neither a whole zip archive nor an export of FocoBot.");
        }
    }

    /// <summary>An archive of files.</summary>
    public static byte[] ToZip(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, DateTimeOffset now)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                var entry = archive.CreateEntry(name);
                entry.LastWriteTime = now;
                using var content = entry.Open();
                content.Write(bytes.Span);
            }
        }

        return zip.ToArray();
    }

    /// <summary>What a <c>SignalKeyStore</c> of Baileys holds by type and id, under the names that its folder would give it.</summary>
    /// <exception cref="FormatException">There is too much, or it has another shape.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> OfSession(JsonElement creds, JsonElement keys)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { ["creds" + Json] = Bytes(creds) };
        try
        {
            var all = keys.EnumerateObject().SelectMany(type => type.Value.EnumerateObject().Select(key => (Name: $"{type.Name}-{key.Name}{Json}", key.Value)));
            // Null is what was deleted.
            foreach (var (name, value) in all.Where(key => key.Value.ValueKind is not JsonValueKind.Null))
            {
                if (files.Count >= DeviceLimits.ImportedRecords) throw TooMany();
                files[Checked(name.Replace("/", "__", StringComparison.Ordinal).Replace(':', '-'))] = Bytes(value);
            }
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("keys holds an object for each type, with the keys of the type by their ids.");
        }

        return files;
    }

    private static byte[] Bytes(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());

    private static Dictionary<string, ReadOnlyMemory<byte>> Read(ZipArchive archive)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>>();
        var (left, folder) = (DeviceLimits.ImportedBytes, (string?)null);
        foreach (var entry in archive.Entries)
        {
            var path = Checked(entry.FullName);
            if (path.StartsWith(Resources, StringComparison.Ordinal)) continue;
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            var (here, name) = (path[..(slash + 1)], path[(slash + 1)..]);
            // Whatever leads elsewhere has a second slash, a backslash, a drive, or two dots for a folder.
            if (name.Contains('/', StringComparison.Ordinal) || path.AsSpan().ContainsAny('\\', ':') || here is "/" or "./" or "../" || name is "." or ".." || (folder ??= here) != here)
                throw new FormatException("The archive must hold the files of one folder, without other folders.");
            if (!name.EndsWith(Json, StringComparison.Ordinal)) continue;
            var bytes = Read(entry, Math.Min(left, DeviceLimits.ImportedFile));
            left -= bytes.Length;
            if (!files.TryAdd(name, bytes)) throw new FormatException("The archive holds a file twice.");
        }

        return files;
    }

    private static byte[] Read(ZipArchiveEntry entry, int most)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (content.Read(buffer) is > 0 and var count)
        {
            if (bytes.Length + count > most) throw new FormatException("What the archive holds is too large for a device.");
            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    // Names become names of records.
    internal static string Checked(string name) =>
        name.Length <= DeviceLimits.RecordName && !name.Any(char.IsControl) ? name : throw new FormatException("A file has a name that Baileys gives to none.");

    private static FormatException TooMany() => new("There are too many files for a device.");
}
