namespace FocoBot.WhatsApp.Bench;

/// <summary>A new folder, and its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("focobot-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
