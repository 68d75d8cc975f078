using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Queries;

/// <summary>Answers the queries of clients, by namespace and the name of what is asked. What it does not know gets an empty result, as clients expect.</summary>
internal sealed class QueryDesk
{
    private readonly SandboxNetwork _network;
    private readonly GroupQueries _groups;
    private readonly Dictionary<(string Namespace, string Child), Func<Device, Node, Node?>> _byName;

    public QueryDesk(SandboxNetwork network)
    {
        _network = network;
        _groups = new GroupQueries(network);
        var keys = new KeyQueries(network);
        var users = new UserQueries(network);
        var profiles = new ProfileQueries(network);
        _byName = new()
        {
            [("encrypt", "count")] = KeyQueries.Count,
            [("encrypt", "registration")] = KeyQueries.Upload,
            [("encrypt", "digest")] = KeyQueries.Digest,
            [("encrypt", "rotate")] = KeyQueries.Rotate,
            [("encrypt", "key")] = keys.Bundles,
            [("usync", "usync")] = users.Synchronise,
            [("abt", "props")] = (_, query) => Stanzas.Result(query, new Node("props", [("protocol", "1"), ("hash", "sandbox")])),
            [("blocklist", "")] = ProfileQueries.Blocklist,
            [("blocklist", "item")] = profiles.Block,
            [("privacy", "privacy")] = profiles.Privacy,
            [("status", "status")] = profiles.About,
            [("w:profile:picture", "picture")] = profiles.Picture,
            [("w:profile:picture", "")] = profiles.RemovePicture,
            [("privacy", "tokens")] = new TokenQueries(network).Issue,
            [("passive", "active")] = (device, query) =>
            {
                // The backlog comes after the answer.
                device.Connection?.Send(Stanzas.Result(query));
                network.Relay.CatchUp(device);
                return null;
            },
            [("w:sync:app:state", "sync")] = new AppStateQueries(network).Answer,
            [("w:m", "media_conn")] = new MediaQueries(network).Connection,
            [("md", "remove-companion-device")] = users.RemoveCompanion,
        };
    }

    /// <summary>The answer to a client; null when it was sent already.</summary>
    public Node? Answer(ClientConnection client, Node query)
    {
        var child = query.Children.IsEmpty ? null : query.Children[0];
        if (child is { Tag: "link_code_companion_reg" })
            return child["stage"] == "companion_finish" ? _network.Linking.Finish(client, query, child) : _network.Linking.Hello(client, query, child);
        if (client.Session is LinkingSession && child is { Tag: "ref" or "passkey_request_options" or "passkey_prologue" or "companion_nonce" or "encrypted_pairing_request" })
            return _network.Linking.Passkey(client, query, child);
        return client.Session is DeviceSession { Device: var device } ? Answer(device, query) : Stanzas.Result(query);
    }

    /// <summary>The answer to a device; null when it was sent already.</summary>
    public Node? Answer(Device device, Node query)
    {
        var child = query.Children.IsEmpty ? null : query.Children[0];
        if (query["xmlns"] == "w:g2") return _groups.Answer(device, query, child);
        return _byName.TryGetValue((query["xmlns"] ?? "", child?.Tag ?? ""), out var handler) ? handler(device, query) : Stanzas.Result(query);
    }
}
