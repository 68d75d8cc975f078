using System.Buffers.Binary;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Sessions;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// What others need to start a session, as the server hands it out.
/// <code>
/// &lt;iq xmlns="encrypt" type="get"&gt;&lt;key&gt;&lt;user jid/&gt;…&lt;/key&gt;&lt;/iq&gt;
/// &lt;list&gt;&lt;user jid&gt;
///   &lt;registration&gt;u32&lt;/&gt; &lt;type&gt;05&lt;/&gt; &lt;identity&gt;32&lt;/&gt;
///   &lt;skey&gt;&lt;id&gt;u24&lt;/&gt;&lt;value&gt;32&lt;/&gt;&lt;signature&gt;64&lt;/&gt;&lt;/skey&gt; &lt;key&gt;&lt;id&gt;u24&lt;/&gt;&lt;value&gt;32&lt;/&gt;&lt;/key&gt;?
/// &lt;/user&gt; | &lt;user jid&gt;&lt;error code/&gt;&lt;/user&gt; …&lt;/list&gt;
/// </code>
/// </summary>
internal static class KeyBundles
{
    private const byte Curve25519 = 5;

    /// <summary>Asks for bundles; devices that the server has none of, or a faulty one, are left out.</summary>
    public static async Task<Dictionary<Jid, PreKeyBundle>> FetchAsync(
        StanzaConnection connection, IReadOnlyCollection<Jid> devices, ILogger log, CancellationToken token)
    {
        if (devices.Count == 0)
            return [];
        var users = devices.Select(device => new Node("user", [("jid", device), ("reason", "identity")])).ToArray();
        return Read(await connection.RequestAsync("encrypt", "get", new Node("key", users), token), devices.ToHashSet(), log);
    }

    /// <summary>Reads the server's answer; what was not asked for is left out.</summary>
    /// <exception cref="ProtocolException">It is no answer to this question.</exception>
    public static Dictionary<Jid, PreKeyBundle> Read(Node answer, HashSet<Jid> devices, ILogger log)
    {
        var bundles = new Dictionary<Jid, PreKeyBundle>();
        foreach (var user in answer.RequireChild("list").ChildrenOf("user"))
        {
            if (user.GetJid("jid") is not { } device || user.Child("error") is not null || !devices.Remove(device))
                continue;
            try
            {
                var bundle = Read(user);
                bundle.Verify();
                bundles[device] = bundle;
            }
            catch (Exception faulty) when (faulty is ProtocolException or SignalException)
            {
                Log.StanzaRefused(log, faulty, user);
            }
        }

        return bundles;
    }

    /// <summary>Reads a bundle out of a <c>user</c>, or out of the <c>keys</c> of a retry receipt, whose registration stands beside.</summary>
    /// <exception cref="ProtocolException">Something is missing or has another length.</exception>
    public static PreKeyBundle Read(Node user, Node? registration = null)
    {
        var keys = user.Child("keys") ?? user;
        if (Bytes(keys, "type", 1)[0] != Curve25519)
            throw new ProtocolException("A key is of an unknown type.");
        var signed = keys.RequireChild("skey");
        return new()
        {
            RegistrationId = Number(registration ?? keys.RequireChild("registration"), sizeof(uint)),
            IdentityKey = Bytes(keys, "identity", 32),
            SignedPreKeyId = Number(signed.RequireChild("id"), 3),
            SignedPreKey = Bytes(signed, "value", 32),
            Signature = Bytes(signed, "signature", 64),
            PreKey = keys.Child("key") is { } key ? (Number(key.RequireChild("id"), 3), Bytes(key, "value", 32)) : null,
        };
    }

    private static byte[] Bytes(Node parent, string tag, int length) => Exactly(parent.RequireChild(tag), length).ToArray();

    private static uint Number(Node node, int length)
    {
        Span<byte> whole = stackalloc byte[sizeof(uint)];
        whole.Clear();
        Exactly(node, length).CopyTo(whole[^length..]);
        return BinaryPrimitives.ReadUInt32BigEndian(whole);
    }

    private static ReadOnlySpan<byte> Exactly(Node node, int length) =>
        node.Content.Bytes is var bytes && bytes.Length == length ? bytes.Span : throw new ProtocolException($"A {node} has another length.");
}
