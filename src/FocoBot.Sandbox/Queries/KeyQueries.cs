using System.Buffers.Binary;
using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Queries;

/// <summary>Public keys: their upload, their count, and handing them out to those who want to write.</summary>
internal sealed class KeyQueries(SandboxNetwork network)
{
    private const int KeyLength = 32, SignatureLength = 64;

    public static Node Count(Device device, Node query) =>
        Stanzas.Result(query, new Node("count", [("value", device.Keys.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))]));

    public static Node Upload(Device device, Node query)
    {
        device.Keys.RegistrationId = Number(query.RequireChild("registration"));
        device.Keys.Identity = Bytes(query.RequireChild("identity"), KeyLength);
        device.Keys.Signed = SignedKey(query.RequireChild("skey"));
        device.Keys.Add(query.RequireChild("list").ChildrenOf("key").Select(key => new OneTimeKey(Number(key.RequireChild("id")), Bytes(key.RequireChild("value"), KeyLength))));
        return Stanzas.Result(query);
    }

    public static Node Rotate(Device device, Node query)
    {
        device.Keys.Signed = SignedKey(query.RequireChild("rotate").RequireChild("skey"));
        return Stanzas.Result(query);
    }

    public static Node Digest(Device device, Node query) => Stanzas.Result(query, new Node("digest", device.Keys.Digest()));

    public Node Bundles(Device device, Node query) => Stanzas.Result(query, new Node("list", query.RequireChild("key").ChildrenOf("user")
        .Select(user => user.RequireJid("jid"))
        // Who is unknown is left out: some clients give a whole message up over one refused user.
        .Select(jid => network.Accounts.FindDevice(jid) is { } found ? new Node("user", [("jid", jid)], found.Keys.TakeNodes(found.Identity)) : null)
        .OfType<Node>().ToArray()));

    private static SignedKey SignedKey(Node key) =>
        new(Number(key.RequireChild("id")), Bytes(key.RequireChild("value"), KeyLength), Bytes(key.RequireChild("signature"), SignatureLength));

    private static byte[] Bytes(Node node, int length) =>
        node.Content.Bytes is { } bytes && bytes.Length == length ? bytes.ToArray() : throw new ProtocolException("A key has the wrong length.");

    private static uint Number(Node node)
    {
        var bytes = node.Content.Bytes.Span;
        if (bytes.Length is 0 or > 4) throw new ProtocolException("A number has the wrong length.");
        Span<byte> whole = stackalloc byte[4];
        whole.Clear();
        bytes.CopyTo(whole[(4 - bytes.Length)..]);
        return BinaryPrimitives.ReadUInt32BigEndian(whole);
    }
}
