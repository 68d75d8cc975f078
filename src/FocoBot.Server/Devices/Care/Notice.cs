using FocoBot.WhatsApp.Connection;

namespace FocoBot.Devices.Care;

/// <summary>What the owner of a device is to learn.</summary>
/// <param name="Kind">One of the words below.</param>
/// <param name="Ban">How WhatsApp put it, of a ban.</param>
/// <param name="Days">For how many days the phone has been away.</param>
internal sealed record Notice(string Kind, ConnectionEnd? Ban = null, int Days = 0)
{
    public const string LoggedOut = "logged_out";
    public const string Expired = "expired";
    public const string Banned = "banned";
    public const string Replaced = "replaced";
    public const string Unreachable = "unreachable";
    public const string PhoneAway = "phone_away";
    public const string Stalled = "stalled";

    /// <summary>The phone itself may not get messages just now.</summary>
    public bool IsAboutPhone => Kind is Expired or Banned or PhoneAway;

    /// <summary>What follows for the owner from the end of a connection; null when it passes by itself, or another server has the device now.</summary>
    /// <param name="end">The end.</param>
    /// <param name="status">What the device has become by it.</param>
    public static Notice? Of(ConnectionEnd end, string status) => end.Cause switch
    {
        EndCause.LoggedOut => new(status == "expired" ? Expired : LoggedOut),
        EndCause.Replaced => new(Replaced),
        _ when DeviceTrouble.IsBan(end) => new(Banned, end),
        EndCause.ClientOutdated or EndCause.ClientRefused => new(Unreachable),
        _ => null,
    };
}
