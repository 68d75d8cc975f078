using System.Globalization;

namespace FocoBot.Devices.Files;

/// <summary>Names of files, as others have given them.</summary>
internal static class FileNames
{
    /// <summary>The last part of a name, without what would lead somewhere else or hide how it ends; null when nothing is left.</summary>
    public static string? Clean(string? name)
    {
        if (name is null) return null;
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = string.Concat(last.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && char.GetUnicodeCategory(c) is not UnicodeCategory.Format)).Trim().Trim('.');
        return clean.Length == 0 ? null : clean[Math.Max(0, clean.Length - MediaLimits.Name)..];
    }

    /// <summary>A name for what has none.</summary>
    public static string Of(string type, Guid message, string? mimeType) => $"{type}-{message:N}{Ending(mimeType?.Split(';')[0].Trim())}";

    private static string Ending(string? mimeType) => mimeType switch
    {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/webp" => ".webp",
        "video/mp4" => ".mp4",
        "video/3gpp" => ".3gp",
        "audio/ogg" => ".ogg",
        "audio/mpeg" => ".mp3",
        "audio/mp4" => ".m4a",
        "audio/aac" => ".aac",
        "audio/amr" => ".amr",
        "application/pdf" => ".pdf",
        _ => "",
    };
}
