using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FocoBot.WhatsApp;

/// <summary>
/// The address of a user, one of a user's devices, a group, or a service: <c>user:device@server</c>. Two JIDs are equal when all
/// their parts are. The default value names nothing.
/// </summary>
public readonly record struct Jid
{
    /// <summary>The device number that Meta-hosted devices have.</summary>
    public const int HostedDevice = 99;

    // The domain byte of a device JID on the wire, and the agent of the old textual form.
    private const byte UserDomain = 0, LidDomain = 1, HostedDomain = 128, HostedLidDomain = 129;

    private readonly string? _user, _server;
    private readonly ushort _device, _integrator;

    /// <summary>Makes a JID of its parts.</summary>
    /// <param name="user">The user, the group's id, or empty for the server itself.</param>
    /// <param name="server">One of <see cref="JidServer"/>, or one that came after this library.</param>
    /// <param name="device">0 for the primary phone or for what has no devices; at most 255, for Messenger and interop users 65,535.</param>
    /// <param name="integrator">The integrator of an interop user, else 0.</param>
    /// <exception cref="ArgumentException">A part does not fit the server or would make the textual form ambiguous.</exception>
    public Jid(string user, string server, int device = 0, int integrator = 0)
    {
        if (!TryCreate(user, server, device, integrator, out this))
            throw new ArgumentException("These parts make no JID.");
    }

    // The parts are known to be valid, whereas the other order of parameters checks them.
    private Jid(ushort device, ushort integrator, string user, string server)
    {
        _user = user;
        _server = server;
        _device = device;
        _integrator = integrator;
    }

    /// <summary>The WhatsApp server: <c>@s.whatsapp.net</c>.</summary>
    public static Jid Service { get; } = new("", JidServer.User);

    /// <summary>The group service: <c>@g.us</c>.</summary>
    public static Jid GroupService { get; } = new("", JidServer.Group);

    /// <summary>Where status updates go: <c>status@broadcast</c>.</summary>
    public static Jid StatusBroadcast { get; } = new("status", JidServer.Broadcast);

    /// <summary>The user, the group's id, or empty for the server itself.</summary>
    public string User => _user ?? "";

    /// <summary>What kind of thing this is: one of <see cref="JidServer"/>, as a rule.</summary>
    public string Server => _server ?? "";

    /// <summary>The device; 0 is the primary phone.</summary>
    public int Device => _device;

    /// <summary>The integrator that an interop user is behind, else 0.</summary>
    public int Integrator => _integrator;

    /// <summary>Whether this is the default value, which names nothing.</summary>
    public bool IsNone => _server is null;

    /// <summary>Whether this is a bot, by its server or by one of the phone numbers kept for bots.</summary>
    public bool IsBot => Server == JidServer.Bot || (Server is JidServer.User or JidServer.LegacyUser && IsBotNumber(User));

    /// <summary>The domain byte that device JIDs of this server have on the wire.</summary>
    internal byte? Domain => Server switch
    {
        JidServer.User => UserDomain,
        JidServer.Lid => LidDomain,
        JidServer.Hosted => HostedDomain,
        JidServer.HostedLid => HostedLidDomain,
        _ => null,
    };

    /// <summary>Reads a JID from its textual form.</summary>
    /// <param name="text"><c>user@server</c>, <c>user:device@server</c>, <c>@server</c>, <c>integrator-user:device@interop</c>, or the old
    /// <c>user.agent:device@s.whatsapp.net</c>.</param>
    /// <returns>The JID.</returns>
    /// <exception cref="FormatException">The text is no JID.</exception>
    public static Jid Parse(ReadOnlySpan<char> text) => TryParse(text, out var jid) ? jid : throw new FormatException("The text is no JID.");

    /// <summary>Reads a JID from its textual form; see <see cref="Parse"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="jid">The JID.</param>
    /// <returns>Whether the text is a JID.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Jid jid)
    {
        jid = default;
        ushort device = 0, integrator = 0;
        var at = text.IndexOf('@');
        if (at < 0)
            return false;

        var user = text[..at];
        var server = text[(at + 1)..].ToString();
        if (user.IndexOf(':') is >= 0 and var colon)
        {
            if (!TryParseNumber(user[(colon + 1)..], out device))
                return false;
            user = user[..colon];
        }

        if (server == JidServer.Interop && user.IndexOf('-') is >= 0 and var dash)
        {
            if (!TryParseNumber(user[..dash], out integrator))
                return false;
            user = user[(dash + 1)..];
        }
        else if (server == JidServer.User && user.IndexOfAny('.', '_') is >= 0 and var mark)
        {
            if (!TryParseNumber(user[(mark + 1)..], out var agent) || !TryGetServer(agent, out server))
                return false;
            user = user[..mark];
        }

        return TryCreate(user.ToString(), server, device, integrator, out jid);
    }

    /// <summary>This user with another device.</summary>
    /// <param name="number">The device; 0 is the primary phone.</param>
    /// <returns>The JID.</returns>
    /// <exception cref="ArgumentException">The server's users have no such device.</exception>
    public Jid WithDevice(int number) => new(User, Server, number, Integrator);

    /// <summary>The user or chat without a device, which is also the JID of the primary phone.</summary>
    /// <returns>The JID.</returns>
    public Jid WithoutDevice() => new(User, Server, 0, Integrator);

    /// <summary>The textual form that <see cref="Parse"/> reads; it holds the user's phone number, if there is one.</summary>
    /// <returns>The text; empty for the default value.</returns>
    public override string ToString()
    {
        if (IsNone)
            return "";

        return (_integrator, _device) switch
        {
            (0, 0) => $"{_user}@{_server}",
            (0, _) => string.Create(CultureInfo.InvariantCulture, $"{_user}:{_device}@{_server}"),
            (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{_integrator}-{_user}@{_server}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{_integrator}-{_user}:{_device}@{_server}"),
        };
    }

    internal static bool TryCreate(string user, string server, int device, int integrator, out Jid jid)
    {
        var highestDevice = server switch
        {
            JidServer.User or JidServer.Lid or JidServer.Hosted or JidServer.HostedLid => byte.MaxValue,
            JidServer.Messenger or JidServer.Interop => ushort.MaxValue,
            _ => 0,
        };
        var highestIntegrator = server == JidServer.Interop ? ushort.MaxValue : 0;
        var valid = server.Length > 0 && !server.AsSpan().ContainsAny('@', ':')
            && !user.AsSpan().ContainsAny(ReservedIn(server))
            && device >= 0 && device <= highestDevice
            && integrator >= 0 && integrator <= highestIntegrator;
        jid = valid ? new((ushort)device, (ushort)integrator, user, server) : default;
        return valid;
    }

    /// <summary>The server that a domain byte stands for. Those in between were agents in older device JIDs, and are dropped.</summary>
    internal static bool TryGetServer(int domain, [NotNullWhen(true)] out string? server)
    {
        server = domain switch
        {
            LidDomain => JidServer.Lid,
            HostedDomain => JidServer.Hosted,
            HostedLidDomain => JidServer.HostedLid,
            < HostedDomain => JidServer.User,
            _ => null,
        };
        return server is not null;
    }

    // What the textual form gives a meaning of its own.
    private static ReadOnlySpan<char> ReservedIn(string server) => server switch
    {
        JidServer.Interop => "@:-",
        JidServer.User => "@:._",
        _ => "@:",
    };

    private static bool IsBotNumber(ReadOnlySpan<char> number) =>
        number.Length == 11 && !number.ContainsAnyExceptInRange('0', '9') && (number.StartsWith("1313555") || number.StartsWith("131655500"));

    private static bool TryParseNumber(ReadOnlySpan<char> text, out ushort number) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
