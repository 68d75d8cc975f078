using System.Buffers.Binary;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Signal.Sessions;

namespace FocoBot.Sandbox.Directory;

/// <summary>The public keys that others start sessions with. One-time prekeys are handed out once.</summary>
internal sealed class KeyBundle
{
    private readonly Queue<OneTimeKey> _oneTime = new();

    public uint RegistrationId { get; set; }

    public required byte[] Identity { get; set; }

    public required SignedKey Signed { get; set; }

    public int Count => _oneTime.Count;

    /// <summary>Adds keys that were uploaded.</summary>
    public void Add(IEnumerable<OneTimeKey> keys)
    {
        foreach (var key in keys) _oneTime.Enqueue(key);
    }

    /// <summary>Forgets the one-time keys: an upload that replaces, or a test that wants none.</summary>
    public void Clear() => _oneTime.Clear();

    /// <summary>What starts a session; takes a one-time key.</summary>
    public PreKeyBundle Take() => new()
    {
        RegistrationId = RegistrationId, IdentityKey = Identity, SignedPreKeyId = Signed.Id, SignedPreKey = Signed.Value, Signature = Signed.Signature,
        PreKey = _oneTime.TryDequeue(out var key) ? (key.Id, key.Value) : null,
    };

    /// <summary>The same as the content of a <c>user</c> in the answer to a key query.</summary>
    public Node[] TakeNodes(byte[] deviceIdentity)
    {
        var bundle = Take();
        var nodes = new List<Node> { new("registration", BigEndian(RegistrationId, 4)), new("type", new byte[] { 5 }), new("identity", Identity), Signed.ToNode() };
        if (bundle.PreKey is var (id, value)) nodes.Add(new OneTimeKey(id, value).ToNode());
        if (deviceIdentity.Length > 0) nodes.Add(new Node("device-identity", deviceIdentity));
        return [.. nodes];
    }

    /// <summary>The content of <c>digest</c>, by which a client sees whether the server has what it thinks.</summary>
    public Node[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Identity);
        hash.AppendData(Signed.Value);
        hash.AppendData(Signed.Signature);
        foreach (var key in _oneTime) hash.AppendData(key.Value);
        return
        [
            new("registration", BigEndian(RegistrationId, 4)), new("type", new byte[] { 5 }), new("identity", Identity), Signed.ToNode(),
            new("list", _oneTime.Select(key => new Node("id", BigEndian(key.Id, 3))).ToArray()), new("hash", hash.GetHashAndReset()),
        ];
    }

    internal static byte[] BigEndian(uint value, int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes[(4 - length)..];
    }
}

/// <summary>A signed prekey.</summary>
internal sealed record SignedKey(uint Id, byte[] Value, byte[] Signature)
{
    public Node ToNode() => new("skey", [new("id", KeyBundle.BigEndian(Id, 3)), new("value", Value), new("signature", Signature)]);
}

/// <summary>A one-time prekey.</summary>
internal sealed record OneTimeKey(uint Id, byte[] Value)
{
    public Node ToNode() => new("key", [new("id", KeyBundle.BigEndian(Id, 3)), new("value", Value)]);
}
