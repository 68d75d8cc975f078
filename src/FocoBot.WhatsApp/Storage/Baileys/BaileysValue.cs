using System.Text.Json;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>A value in a file of Baileys. Whatever it is not makes a <see cref="FormatException"/> that names the file, and nothing of what is in it.</summary>
internal readonly struct BaileysValue(string file, JsonElement value)
{
    private const int Depth = 16;
    private const byte KeyPrefix = 5;

    /// <summary>A property that must be there.</summary>
    public BaileysValue this[string name] => Optional(name) ?? throw Broken();

    /// <exception cref="FormatException">The file is empty, far too long, or no JSON.</exception>
    public static BaileysValue Parse(string file, ReadOnlyMemory<byte> json)
    {
        if (json.Length is 0 or > Limits.ImportedFile)
            throw Broken(file);
        try
        {
            // Cloned, since the bytes of the document are the caller's.
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Depth });
            return new(file, document.RootElement.Clone());
        }
        catch (JsonException)
        {
            // What it says may quote the file.
            throw Broken(file);
        }
    }

    public static FormatException Broken(string file) => new($"{BaileysFile.Masked(file)} is not as Baileys writes it.");

    public FormatException Broken() => Broken(file);

    /// <summary>A property; null when it is missing, or null.</summary>
    public BaileysValue? Optional(string name) =>
        value.ValueKind is not JsonValueKind.Object ? throw Broken()
        : value.TryGetProperty(name, out var found) && found.ValueKind is not JsonValueKind.Null ? new(file, found) : null;

    public IEnumerable<(string Name, BaileysValue Value)> Properties()
    {
        var (name, from) = (file, value);
        return from.ValueKind is JsonValueKind.Object
            ? from.EnumerateObject().Select(property => (property.Name, new BaileysValue(name, property.Value)))
            : throw Broken();
    }

    public IEnumerable<BaileysValue> Items()
    {
        var name = file;
        return value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().Select(item => new BaileysValue(name, item)) : throw Broken();
    }

    public bool IsText => value.ValueKind is JsonValueKind.String;

    public string Text() => value.ValueKind is JsonValueKind.String ? value.GetString()! : throw Broken();

    /// <summary>A whole number within bounds; times in milliseconds may have a fraction, which is dropped.</summary>
    public long Number(long least, long most) =>
        value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? (long)number : throw Broken();

    public uint UInt32() => (uint)Number(0, uint.MaxValue);

    /// <summary>
    /// Bytes in any form that Baileys has written them in: base64, <c>{"type":"Buffer","data":base64 or [numbers]}</c>, or numbers by index.
    /// </summary>
    public byte[] Bytes() => value.ValueKind switch
    {
        JsonValueKind.String => value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Broken(),
        JsonValueKind.Array => [.. Items().Select(item => (byte)item.Number(0, byte.MaxValue))],
        JsonValueKind.Object when Optional("data") is { } data => data.Bytes(),
        JsonValueKind.Object => [.. Properties().Select(property => (byte)property.Value.Number(0, byte.MaxValue))],
        _ => throw Broken(),
    };

    public byte[] Bytes(int length) => Bytes() is var bytes && bytes.Length == length ? bytes : throw Broken();

    /// <summary>A public key: 32 bytes, with or without the prefix 05.</summary>
    public byte[] PublicKey() => Bytes() switch
    {
        [KeyPrefix, .. { Length: X25519.KeySize } key] => key,
        { Length: X25519.KeySize } key => key,
        _ => throw Broken(),
    };

    /// <summary>A public key that is a property's name.</summary>
    public byte[] PublicKey(string base64)
    {
        Span<byte> key = stackalloc byte[1 + X25519.KeySize];
        return Convert.TryFromBase64String(base64, key, out var length) && length == key.Length && key[0] == KeyPrefix ? key[1..].ToArray() : throw Broken();
    }

    /// <summary>A key pair, whose halves must belong together.</summary>
    public KeyPair Pair(string privateName = "private", string publicName = "public")
    {
        var pair = KeyPair.FromPrivate(this[privateName].Bytes(X25519.KeySize));
        return pair.Public.Span.SequenceEqual(this[publicName].PublicKey()) ? pair : throw Broken();
    }
}
