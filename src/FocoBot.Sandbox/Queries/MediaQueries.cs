using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Queries;

/// <summary>Where files go.</summary>
internal sealed class MediaQueries(SandboxNetwork network)
{
    // <media_conn auth auth_ttl ttl max_buckets><host hostname type class/></media_conn>
    public Node Connection(Device device, Node query) => network.MediaBaseUrl is { } url
        ? Stanzas.Result(query, new Node("media_conn",
            [("auth", network.Media.Auth), ("auth_ttl", "21600"), ("ttl", "300"), ("max_buckets", "12")],
            new Node("host", [("hostname", url.Authority), ("type", "primary"), ("class", "fna")])))
        : Stanzas.Error(query, 503, "service-unavailable");
}
