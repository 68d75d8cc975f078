using System.Net;

namespace FocoBot.Tests.Operations;

/// <summary>Looks for planted secrets in what a server wrote, also as they stand in addresses and without a plus sign.</summary>
internal static class Leaks
{
    /// <summary>The secrets that occur, each with the first line that holds it.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> output, IReadOnlyDictionary<string, string> secrets)
    {
        var lines = output.ToList();
        return [.. from secret in secrets
                   let line = lines.Find(line => Forms(secret.Value).Any(form => line.Contains(form, StringComparison.OrdinalIgnoreCase)))
                   where line is not null
                   select $"{secret.Key}: {line}"];
    }

    private static IEnumerable<string> Forms(string secret) =>
        [secret, secret.TrimStart('+'), WebUtility.UrlEncode(secret), Uri.EscapeDataString(secret), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret))];
}
