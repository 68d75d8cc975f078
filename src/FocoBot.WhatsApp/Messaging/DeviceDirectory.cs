using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Which devices people have. The server is asked, and its answer is used for some minutes, or until it says that something has changed.
/// <code>
/// &lt;iq xmlns="usync" type="get"&gt;&lt;usync sid mode="query" last="true" index="0" context="message"&gt;
///   &lt;query&gt;&lt;devices version="2"/&gt;&lt;lid/&gt;&lt;/query&gt; &lt;list&gt;&lt;user jid/&gt;…&lt;/list&gt;
/// &lt;list&gt;&lt;user jid&gt;
///   &lt;devices&gt;&lt;device-list&gt;&lt;device id key-index? is_hosted?/&gt;…&lt;/device-list&gt;&lt;/devices&gt; &lt;lid val/&gt;
/// &lt;/user&gt;…&lt;/list&gt;
/// </code>
/// </summary>
internal sealed class DeviceDirectory(StanzaConnection connection, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Jid, (UserDevices User, long At)> known = [];

    /// <summary>The devices of each user, in the order asked for; one without devices is not on WhatsApp.</summary>
    public async Task<UserDevices[]> OfAsync(Jid[] users, CancellationToken token)
    {
        var missing = users.Where(user => Find(user) is null).Distinct().ToArray();
        var asked = missing.Length == 0 ? [] : await AskAsync(missing, token);
        return [.. users.Select(user => asked.GetValueOrDefault(user) ?? Find(user) ?? new(user, null, []))];
    }

    /// <summary>Forgets a user, whose devices have changed.</summary>
    public void Forget(Jid user)
    {
        lock (known)
        {
            foreach (var key in known.Where(entry => entry.Key == user || entry.Value.User.Lid == user).Select(entry => entry.Key).ToArray())
                known.Remove(key);
        }
    }

    private UserDevices? Find(Jid user)
    {
        lock (known)
            return known.TryGetValue(user, out var found) && clock.GetElapsedTime(found.At) < Lifetime ? found.User : null;
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
        var answer = await connection.RequestAsync("usync", "get", usync, token);
        var found = new Dictionary<Jid, UserDevices>();
        foreach (var user in answer.RequireChild("usync").RequireChild("list").ChildrenOf("user"))
        {
            if (user.GetJid("jid") is not { } jid || !users.Contains(jid))
                continue;
            var lid = jid.Server == JidServer.Lid ? jid : user.Child("lid")?.GetJid("val") is { Server: JidServer.Lid } given ? given.WithoutDevice() : (Jid?)null;
            found[jid] = new(jid, lid, [.. Devices(lid ?? jid, user)]);
        }

        lock (known)
        {
            if (known.Count + found.Count > Limits.KnownAddresses)
                known.Clear();
            foreach (var (jid, user) in found)
                known[jid] = (user, clock.GetTimestamp());
        }

        return found;
    }

    // A companion that the phone has not signed into its list has no key index.
    private static IEnumerable<Jid> Devices(Jid user, Node answer)
    {
        foreach (var device in answer.Child("devices")?.Child("device-list")?.ChildrenOf("device") ?? [])
        {
            var id = (int)Math.Clamp(device.RequireNumber("id"), 0, ushort.MaxValue);
            var server = (device["is_hosted"], user.Server) switch
            {
                ("true", JidServer.Lid) => JidServer.HostedLid,
                ("true", _) => JidServer.Hosted,
                (_, var same) => same,
            };
            if ((id == 0 || device["key-index"] is not null) && Jid.TryCreate(user.User, server, id, 0, out var jid))
                yield return jid;
        }
    }
}

/// <summary>A user's addresses, as asked for and by hidden identity, and devices, by the latter if it is known.</summary>
internal sealed record UserDevices(Jid User, Jid? Lid, Jid[] Devices)
{
    /// <summary>Where messages to this user go.</summary>
    public Jid Address => Lid ?? User;
}
