using System.Globalization;
using FocoBot.Security;

namespace FocoBot.Devices;

/// <summary>The <c>WHATSAPP_*</c> settings of linked devices.</summary>
public sealed record DeviceOptions
{
    /// <summary><c>WHATSAPP_DEVICE_LINKING_ENABLED</c>: on by default where there is a key to seal devices with.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary><c>WHATSAPP_MAX_DEVICES_PER_USER</c>.</summary>
    public int MaxDevices { get; init; } = 5;

    /// <summary><c>WHATSAPP_MAX_CONNECTIONS_PER_SERVER</c>.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary><c>WHATSAPP_QR_TIMEOUT_SECONDS</c>: how long a QR code is shown at most.</summary>
    public TimeSpan QrTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>WHATSAPP_PAIRING_CODE_TIMEOUT_SECONDS</c>: how long a link code is shown at most.</summary>
    public TimeSpan CodeTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR</c>: attempts of an account.</summary>
    public int LinkingsAnHour { get; init; } = 5;

    /// <summary><c>WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE</c> of a device.</summary>
    public int MessagesAMinute { get; init; } = 30;

    /// <summary><c>WHATSAPP_MAX_RECONNECT_ATTEMPTS</c>: quick ones, before a device counts as disconnected.</summary>
    public int ReconnectAttempts { get; init; } = 5;

    /// <summary><c>WHATSAPP_WEBSOCKET_URL</c>: where clients find streams, if it is not where they find the rest.</summary>
    public string? StreamUrl { get; init; }

    /// <summary><c>WHATSAPP_BAILEYS_AUTH_DIR</c>: folders of Baileys' auth state that administrators may import. Never written.</summary>
    public string? AuthFolder { get; init; }

    /// <summary><c>FOCOBOT_SANDBOX_URL</c>: an offline WhatsApp to link to as well, in Development only.</summary>
    public Uri? Sandbox { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StartupException">A value can't be used; the message names it.</exception>
    public static DeviceOptions Load(IConfiguration configuration, Secrets secrets, bool development)
    {
        var enabled = configuration["WHATSAPP_DEVICE_LINKING_ENABLED"] switch
        {
            null or "" => secrets.DeviceKeys.Count > 0,
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new StartupException("WHATSAPP_DEVICE_LINKING_ENABLED must be true or false."),
        };
        if (enabled && secrets.DeviceKeys.Count == 0)
            throw new StartupException("Set WHATSAPP_ENCRYPTION_KEY (openssl rand -base64 32), or WHATSAPP_DEVICE_LINKING_ENABLED=false: linked devices are sealed with it.");
        return new DeviceOptions
        {
            IsEnabled = enabled,
            MaxDevices = Number(configuration, "WHATSAPP_MAX_DEVICES_PER_USER", 5),
            MaxConnections = Number(configuration, "WHATSAPP_MAX_CONNECTIONS_PER_SERVER", 10_000),
            QrTime = TimeSpan.FromSeconds(Number(configuration, "WHATSAPP_QR_TIMEOUT_SECONDS", 60)),
            CodeTime = TimeSpan.FromSeconds(Number(configuration, "WHATSAPP_PAIRING_CODE_TIMEOUT_SECONDS", 120)),
            LinkingsAnHour = Number(configuration, "WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR", 5),
            MessagesAMinute = Number(configuration, "WHATSAPP_RATE_LIMIT_MESSAGES_PER_MINUTE", 30),
            ReconnectAttempts = Number(configuration, "WHATSAPP_MAX_RECONNECT_ATTEMPTS", 5),
            StreamUrl = Address(configuration, "WHATSAPP_WEBSOCKET_URL", "ws", "wss")?.ToString().TrimEnd('/'),
            AuthFolder = FolderOf(configuration),
            Sandbox = SandboxOf(configuration, development),
        };
    }

    private static string? FolderOf(IConfiguration configuration)
    {
        if (configuration["WHATSAPP_BAILEYS_AUTH_DIR"] is not { Length: > 0 } folder) return null;
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : throw new StartupException("WHATSAPP_BAILEYS_AUTH_DIR must be a folder that is there.");
    }

    private static Uri? SandboxOf(IConfiguration configuration, bool development)
    {
        var url = Address(configuration, "FOCOBOT_SANDBOX_URL", "http", "https");
        return url is null || development ? url : throw new StartupException("FOCOBOT_SANDBOX_URL is for Development only.");
    }

    private static Uri? Address(IConfiguration configuration, string name, params ReadOnlySpan<string> schemes)
    {
        if (configuration[name] is not { Length: > 0 } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)
            ? uri : throw new StartupException($"{name} must be an address that begins with {string.Join(" or ", schemes.ToArray().Select(scheme => scheme + "://"))}.");
    }

    private static int Number(IConfiguration configuration, string name, int otherwise)
    {
        if (configuration[name] is not { Length: > 0 } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : throw new StartupException($"{name} must be a whole number above 0.");
    }
}
