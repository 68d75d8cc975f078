using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Which devices people have. The server is asked, and its answer is used for some minutes, or until it says that something has changed.
/// <code>
/// &lt;iq xmlns="usync" type="get"&gt;&lt;usync sid mode="query" last="true" index="0" context="message"&gt;
///   &lt;query&gt;&lt;devices version="2"/&gt;&lt;lid/&gt;&lt;/query&gt; &lt;list&gt;&lt;user jid/&gt;…&lt;/list&gt;
/// &lt;list&gt;&lt;user jid&gt;
///   &lt;devices&gt;&lt;device-list&gt;&lt;device id key-index? is_hosted?/&gt;…&lt;/device-list&gt; &lt;key-index-list ts&gt;AdvSignedKeyIndexList?&lt;/key-index-list&gt;&lt;/devices&gt;
///   &lt;lid val/&gt;
/// &lt;/user&gt;…&lt;/list&gt;
/// </code>
/// </summary>
internal sealed class DeviceDirectory(StanzaConnection connection, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Jid, (UserDevices User, long At)> _known = [];

    /// <summary>The devices of each user, in the order asked for; one without devices is not on WhatsApp.</summary>
    public async Task<UserDevices[]> OfAsync(Jid[] users, CancellationToken token)
    {
        var missing = users.Where(user => Find(user) is null).Distinct().ToArray();
        var asked = missing.Length == 0 ? [] : await AskAsync(missing, token);
        return [.. users.Select(user => asked.GetValueOrDefault(user) ?? Find(user) ?? new(user, null, []))];
    }

    /// <summary>Forgets everybody.</summary>
    public void Clear()
    {
        lock (_known)
            _known.Clear();
    }

    /// <summary>Forgets a user, whose devices have changed.</summary>
    public void Forget(Jid user)
    {
        lock (_known)
        {
            foreach (var key in _known.Where(entry => entry.Key == user || entry.Value.User.Lid == user).Select(entry => entry.Key).ToArray())
                _known.Remove(key);
        }
    }

    private UserDevices? Find(Jid user)
    {
        lock (_known)
            return _known.TryGetValue(user, out var found) && clock.GetElapsedTime(found.At) < Lifetime ? found.User : null;
    }

    private async Task<Dictionary<Jid, UserDevices>> AskAsync(Jid[] users, CancellationToken token)
    {
        var usync = new Node(
            "usync",
            [("sid", connection.NextId()), ("mode", "query"), ("last", "true"), ("index", "0"), ("context", "message")],
            [
                new("query", [new("devices", [("version", "2")]), new("lid")]),
                new("list", users.Select(user => new Node("user", [("jid", user)])).ToArray()),
            ]);
        var found = Read(await connection.RequestAsync("usync", "get", usync, token), users.ToHashSet());
        lock (_known)
        {
            if (_known.Count + found.Count > Limits.KnownAddresses)
                _known.Clear();
            foreach (var (jid, user) in found)
                _known[jid] = (user, clock.GetTimestamp());
        }

        return found;
    }

    /// <summary>Reads the server's answer; what was not asked for is left out.</summary>
    /// <exception cref="ProtocolException">It is no answer to this question.</exception>
    public static Dictionary<Jid, UserDevices> Read(Node answer, HashSet<Jid> users)
    {
        var found = new Dictionary<Jid, UserDevices>();
        foreach (var user in answer.RequireChild("usync").RequireChild("list").ChildrenOf("user"))
        {
            if (user.GetJid("jid") is not { } jid || !users.Contains(jid))
                continue;
            var lid = jid.Server == JidServer.Lid ? jid : user.Child("lid")?.GetJid("val") is { Server: JidServer.Lid } given ? given.WithoutDevice() : (Jid?)null;
            found[jid] = new(jid, lid, [.. Devices(lid ?? jid, user).Distinct()]);
        }

        return found;
    }

    // A companion that the phone has not signed into its list has no key index, or one that the signed list does not name.
    private static IEnumerable<Jid> Devices(Jid user, Node answer)
    {
        if (answer.Child("devices") is not { } devices)
            yield break;
        var signed = SignedIndexes(devices.Child("key-index-list"));
        foreach (var device in devices.Child("device-list")?.ChildrenOf("device").Take(Limits.UserDevices) ?? [])
        {
            if (device.GetNumber("id") is not (>= 0 and <= ushort.MaxValue and var id))
                continue;
            var server = (device["is_hosted"], user.Server) switch
            {
                ("true", JidServer.Lid) => JidServer.HostedLid,
                ("true", _) => JidServer.Hosted,
                (_, var same) => same,
            };
            var isSigned = id == 0 || (device.GetNumber("key-index") is { } index && signed?.Contains(index) is not false);
            if (isSigned && Jid.TryCreate(user.User, server, (int)id, 0, out var jid))
                yield return jid;
        }
    }

    // Null when the server gives no list. It may leave it out as it likes, so that to verify a signature on it would prove nothing: it is a second word
    // on what the list of devices says, and no more. One that makes no sense costs its maker his companions, and nobody else anything.
    private static HashSet<long>? SignedIndexes(Node? list)
    {
        if (list is null || list.Content.Bytes.IsEmpty)
            return null;
        try
        {
            var signed = ProtoReader.Parse<AdvSignedKeyIndexList>(list.Content.Bytes.Span, Limits.KeyIndexListBytes);
            return [.. ProtoReader.Parse<AdvKeyIndexList>(signed.Details.Span).ValidIndexes];
        }
        catch (ProtocolException)
        {
            return [];
        }
    }
}

/// <summary>A user's addresses, as asked for and by hidden identity, and devices, by the latter if it is known.</summary>
internal sealed record UserDevices(Jid User, Jid? Lid, Jid[] Devices)
{
    /// <summary>Where messages to this user go.</summary>
    public Jid Address => Lid ?? User;
}
