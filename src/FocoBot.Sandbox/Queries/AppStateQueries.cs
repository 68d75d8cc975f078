using System.Globalization;
using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.Sandbox.Queries;

/// <summary>The settings that all devices of an account share: handed out from any version on, and taken when nobody else was faster.</summary>
internal sealed class AppStateQueries(SandboxNetwork network)
{
    // Every collection that was asked for must be in the answer, or some clients ask for ever.
    public Node Answer(Device device, Node query) =>
        Stanzas.Result(query, new Node("sync", query.RequireChild("sync").ChildrenOf("collection").Select(collection => Collection(device, collection)).ToArray()));

    private Node Collection(Device device, Node collection)
    {
        var name = collection.Require("name");
        if (!CollectionNames.All.Contains(name)) return Refusal(name, 400, "bad-request");
        var log = device.Account.AppState(name);
        var version = (ulong)Math.Max(collection.GetNumber("version") ?? 0, 0);
        if (version > log.Version) return Refusal(name, 400, "bad-request");
        return collection.Child("patch") is { } patch ? Push(device, log, name, version, patch) : Fetched(log, name, version, collection["return_snapshot"] == "true");
    }

    private Node Push(Device device, AppStateLog log, string name, ulong version, Node patch)
    {
        if (version < log.Version) return Fetched(log, name, version, snapshot: false, new Node("error", [("code", "409"), ("text", "conflict")]));
        var parsed = ProtoReader.Parse<SyncdPatch>(patch.Content.Bytes.Span);
        if (parsed.SnapshotMac.IsEmpty || parsed.Mutations.Any(mutation => mutation.Record?.Index is null)) return Refusal(name, 400, "bad-request");
        log.Add(parsed);
        var now = Number(log.Version);
        foreach (var other in device.Account.Devices.Values.Where(other => other != device))
        {
            network.Relay.Deliver(other, new Node("notification", [("from", device.Account.Pn), ("id", network.NewId()), ("type", "server_sync"), ("t", network.Now)],
                new Node("collection", [("name", name), ("version", now)])));
        }

        return new Node("collection", [("name", name), ("version", now), ("type", "result")]);
    }

    private Node Fetched(AppStateLog log, string name, ulong version, bool snapshot, Node? error = null)
    {
        var content = new List<Node>();
        if (error is not null) content.Add(error);
        if (snapshot && version == 0 && log.Version >= ServerLimits.SnapshotFrom && network.MediaBaseUrl is not null)
        {
            content.Add(new Node("snapshot", Reference(network.Media.Keep(MediaKind.AppState, log.Snapshot().ToByteArray())).ToByteArray()));
            version = log.Version;
        }

        var patches = log.After(version, ServerLimits.PatchesAPage);
        if (patches.Count > 0) content.Add(new Node("patches", patches.Select(patch => new Node("patch", patch)).ToArray()));
        var more = version + (ulong)patches.Count < log.Version;
        return new Node("collection",
            [("name", name), ("version", Number(log.Version)), ("type", error is null ? "result" : "error"), ("has_more_patches", more ? "true" : null)], content.ToArray());
    }

    internal static ExternalBlobReference Reference(MediaReference file) => new()
    {
        MediaKey = ByteString.CopyFrom(file.MediaKey.Span),
        DirectPath = file.Path,
        FileSizeBytes = (ulong)file.File.FileLength!.Value,
        FileSha256 = ByteString.CopyFrom(file.File.FileSha256),
        FileEncSha256 = ByteString.CopyFrom(file.File.FileEncSha256),
    };

    private static Node Refusal(string name, int code, string text) =>
        new("collection", [("name", name), ("type", "error")], new Node("error", [("code", code.ToString(CultureInfo.InvariantCulture)), ("text", text)]));

    private static string Number(ulong version) => version.ToString(CultureInfo.InvariantCulture);
}
