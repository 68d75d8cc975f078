using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace FocoBot.Storage;

/// <summary>
/// One SQL text serves both engines. What only PostgreSQL needs (row locks, partitions) stands in the text as
/// <c>/*pg: … */</c>: a comment to SQLite, uncommented here for PostgreSQL.
/// </summary>
internal static partial class Dialect
{
    private static readonly ConcurrentDictionary<string, string> Uncommented = new();

    public static string ForPostgres(string sql) =>
        Uncommented.GetOrAdd(sql, static text => Hint().Replace(text, "$1"));

    [GeneratedRegex(@"/\*pg:\s*(.*?)\s*\*/", RegexOptions.Singleline)]
    private static partial Regex Hint();
}
