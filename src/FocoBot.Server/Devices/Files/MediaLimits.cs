namespace FocoBot.Devices.Files;

/// <summary>Bounds of files in messages.</summary>
internal static class MediaLimits
{
    /// <summary>Bytes of a document: what WhatsApp has long taken from everybody.</summary>
    public const long Document = 100 * 1024 * 1024;

    /// <summary>Bytes of what phones show or play by themselves, as WhatsApp.</summary>
    public const long Shown = 16 * 1024 * 1024;

    /// <summary>Bytes of a request with a file: the file, and its fields in the wordiest form.</summary>
    public const long Request = Document + 1024 * 1024;

    /// <summary>Bytes of all of a form's fields: the longest text that a message has, in UTF-8, and as many people named.</summary>
    public const int Text = 256 * 1024;

    /// <summary>Fields of a form: each name once, and as many people as may be named.</summary>
    public const int Fields = 300;

    /// <summary>Characters of a file's name: what file systems take.</summary>
    public const int Name = 255;

    /// <summary>Bytes that tell what a file is.</summary>
    public const int Head = 64;

    /// <summary>Bytes that an account may have waiting to be sent: what a small disk can hold for several accounts.</summary>
    public const long Waiting = 1024L * 1024 * 1024;

    /// <summary>Files of an account that may be arriving at a time.</summary>
    public const int ArrivingAtOnce = 4;

    /// <summary>Tries to upload a file, three quarters of an hour together: longer than WhatsApp's file hosts are ever away, shorter than for ever.</summary>
    public const int UploadTries = 8;

    /// <summary>For a file that the server fetches: 16 MiB over a slow line.</summary>
    public static readonly TimeSpan FetchTime = TimeSpan.FromMinutes(1);

    /// <summary>For a request that carries a file either way: 100 MiB over a slow line.</summary>
    public static readonly TimeSpan RequestTime = TimeSpan.FromMinutes(5);

    /// <summary>How often files are looked for that belong to no message any more.</summary>
    public static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);
}
