namespace FocoBot.WhatsApp.Media;

/// <summary>Room for a file on its way, which may be larger than the memory. It holds ciphertext alone, and is gone when closed.</summary>
internal static class TemporaryFile
{
    public static FileStream Create()
    {
        var form = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            form.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(Path.Combine(Path.GetTempPath(), $"whatsapp-{Path.GetRandomFileName()}"), form);
    }
}
