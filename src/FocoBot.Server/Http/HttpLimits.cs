namespace FocoBot.Http;

/// <summary>Bounds of what a request may cost before any room has seen it.</summary>
internal static class HttpLimits
{
    /// <summary>Bytes of a body under <c>/api</c>: the longest notes in the wordiest escapes, with room to spare.</summary>
    public const long Body = 256 * 1024;

    /// <summary>Levels of JSON: our deepest body has three.</summary>
    public const int JsonDepth = 16;

    /// <summary>Characters of a cursor: a position is a handful of short values.</summary>
    public const int Cursor = 400;

    /// <summary>Entity tags in one <c>If-Match</c>: a client holds one or two versions of a thing.</summary>
    public const int EntityTags = 16;

    /// <summary>Items of a list page when the caller does not say.</summary>
    public const int DefaultPage = 50;

    /// <summary>Items of a list page at most: what opens and serialises well within a blink.</summary>
    public const int MaxPage = 200;

    /// <summary>Longest a request may take: past it people have reloaded, and a proxy has given up.</summary>
    public static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(30);
}
