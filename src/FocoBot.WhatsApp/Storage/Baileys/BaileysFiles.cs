using System.Text.Json;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>The files of a folder of Baileys that is being written.</summary>
internal sealed class BaileysFiles
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _files = [];

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ByName => _files;

    /// <summary>Adds a file; a null name stands for what can't be one.</summary>
    public void Add(string? name, Action<Utf8JsonWriter> write)
    {
        if (name is not null)
            _files[name] = BaileysWriting.Json(write);
    }
}
