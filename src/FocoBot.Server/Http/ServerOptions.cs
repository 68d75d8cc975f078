using System.Globalization;
using FocoBot.Security;

namespace FocoBot.Http;

/// <summary>Settings of the server as a whole, from the environment or appsettings.</summary>
public sealed record ServerOptions
{
    /// <summary>How messages to an account go out: on the business channel, from its own devices, or each kind its own way.</summary>
    public static readonly IReadOnlyList<string> WhatsAppModes = ["twilio-only", "device-linking", "hybrid"];

    /// <summary>Where the SQLite file, generated secrets and media live.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The address users and Twilio reach us at, without a trailing slash; null when it was not set.</summary>
    public string? PublicBaseUrl { get; init; }

    /// <summary>True in Development: open doors that only a laptop should have.</summary>
    public required bool Development { get; init; }

    /// <summary>Who may register: <c>open</c>, <c>invite</c> or <c>closed</c>.</summary>
    public required string Registration { get; init; }

    /// <summary><c>WHATSAPP_DEFAULT_MODE</c>: how messages to a new account go out.</summary>
    public required string WhatsAppMode { get; init; }

    /// <summary>Idle end of a bot session.</summary>
    public required TimeSpan BotSessionIdle { get; init; }

    /// <summary>End of a bot session whatever happens.</summary>
    public required TimeSpan BotSessionMax { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StartupException">A value can't be used; the message names it.</exception>
    public static ServerOptions Load(IConfiguration configuration, bool development) => new()
    {
        DataDirectory = configuration["FOCOBOT_DATA_DIR"] is { Length: > 0 } dir ? dir : "./data",
        PublicBaseUrl = BaseUrl(configuration),
        Development = development,
        Registration = (configuration["FOCOBOT_REGISTRATION"], development) switch
        {
            (null or "", true) => "open",
            (null or "", false) => "invite",
            ("open" or "invite" or "closed", _) => configuration["FOCOBOT_REGISTRATION"]!,
            _ => throw new StartupException("FOCOBOT_REGISTRATION must be open, invite or closed."),
        },
        WhatsAppMode = configuration["WHATSAPP_DEFAULT_MODE"] switch
        {
            null or "" => "twilio-only",
            var mode when WhatsAppModes.Contains(mode) => mode,
            _ => throw new StartupException($"WHATSAPP_DEFAULT_MODE must be one of: {string.Join(", ", WhatsAppModes)}."),
        },
        BotSessionIdle = TimeSpan.FromHours(Number(configuration, "FOCOBOT_SESSION_TIMEOUT_HOURS", 24)),
        BotSessionMax = TimeSpan.FromDays(Number(configuration, "FOCOBOT_MAX_SESSION_DAYS", 7)),
    };

    private static string? BaseUrl(IConfiguration configuration)
    {
        foreach (var name in new[] { "FOCOBOT_BASE_URL", "NEXT_PUBLIC_BASE_URL", "RAILWAY_STATIC_URL" })
        {
            if (configuration[name] is not { Length: > 0 } value) continue;
            if (!value.Contains("://", StringComparison.Ordinal)) value = "https://" + value; // Railway gives a bare host name
            if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0)
                throw new StartupException($"{name} must be an http(s) address such as https://bot.example.com.");
            return value.TrimEnd('/');
        }

        return null;
    }

    private static double Number(IConfiguration configuration, string name, double fallback)
    {
        if (configuration[name] is not { Length: > 0 } text) return fallback;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value : throw new StartupException($"{name} must be a number above 0.");
    }
}
