using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.AppState;

/// <summary>
/// What the server says of a collection, to whoever fetches or pushes.
/// <code>
/// &lt;iq type="result"&gt;&lt;sync&gt;
///   &lt;collection name version type="result"? has_more_patches="true"?&gt;
///     &lt;snapshot&gt;ExternalBlobReference&lt;/snapshot&gt;?  &lt;patches&gt;&lt;patch&gt;SyncdPatch&lt;/patch&gt;…&lt;/patches&gt;?  (or the patches without that around them)
///   &lt;/collection&gt;
///   &lt;collection name type="error"&gt;&lt;error code="409|404|400|500"/&gt; [patches]&lt;/collection&gt; …
/// </code>
/// </summary>
/// <param name="Name">The collection.</param>
/// <param name="Error">Why it was refused; null when it was not.</param>
/// <param name="Version">How far it has come after this; null when that is not said.</param>
/// <param name="HasMore">Whether there are more patches than came.</param>
/// <param name="Snapshot">Where all up to some version is; null without one.</param>
/// <param name="Patches">What follows.</param>
internal sealed record CollectionAnswer(
    string Name, int? Error, ulong? Version, bool HasMore, ReadOnlyMemory<byte>? Snapshot, IReadOnlyList<ReadOnlyMemory<byte>> Patches)
{
    /// <summary>Somebody else has written since the version that was pushed upon.</summary>
    public const int Conflict = 409;

    /// <summary>Reads an answer, by collection.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static Dictionary<string, CollectionAnswer> Read(Node answer)
    {
        var all = new Dictionary<string, CollectionAnswer>(StringComparer.Ordinal);
        foreach (var collection in answer.RequireChild("sync").ChildrenOf("collection"))
        {
            var name = collection.Require("name");
            var patches = (collection.Child("patches") ?? collection).ChildrenOf("patch").Select(patch => patch.Content.Bytes).ToArray();
            all[name] = new(
                name,
                collection["type"] == "error" ? (int)Math.Clamp(collection.Child("error")?.GetNumber("code") ?? 0, 0, 999) : null,
                collection.GetNumber("version") is >= 0 and var version ? (ulong)version : null,
                collection["has_more_patches"] == "true",
                collection.Child("snapshot")?.Content.Bytes is { IsEmpty: false } snapshot ? snapshot : (ReadOnlyMemory<byte>?)null,
                patches);
        }

        return all;
    }
}
