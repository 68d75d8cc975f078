using System.Globalization;
using FocoBot.Security;

namespace FocoBot.Http;

/// <summary>Where the server listens when nobody says it in ASP.NET Core's own way (<c>ASPNETCORE_URLS</c>, <c>--urls</c>).</summary>
internal static class ListenAddress
{
    private const int DefaultPort = 5080;

    /// <summary>
    /// <c>PORT</c>, as hosting platforms set it: on every interface in Production, on this machine alone in Development.
    /// Without it http://localhost:5080, or what a container image says by <c>ASPNETCORE_HTTP_PORTS</c>. Null leaves it to ASP.NET Core.
    /// </summary>
    /// <exception cref="StartupException"><c>PORT</c> is no port.</exception>
    public static string? Choose(IConfiguration configuration, bool development)
    {
        if (configuration["URLS"] is { Length: > 0 }) return null;
        if (configuration["PORT"] is { Length: > 0 } text)
        {
            if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) throw new StartupException("PORT must be a number from 1 to 65535.");
            return string.Create(CultureInfo.InvariantCulture, $"http://{(development ? "localhost" : "*")}:{port}");
        }

        return configuration["HTTP_PORTS"] is { Length: > 0 } || configuration["HTTPS_PORTS"] is { Length: > 0 }
            ? null : string.Create(CultureInfo.InvariantCulture, $"http://localhost:{DefaultPort}");
    }
}
