namespace FocoBot.Devices.Care;

/// <summary>How a device does, by what comes and goes and not by whether a socket is open.</summary>
/// <param name="Word">healthy, connecting, phone_away, stalled or down.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record DeviceHealth(string Word, string Reason)
{
    private const string StoreFails = "What comes can't be stored at the moment. Nothing is lost: WhatsApp keeps it until it can be.";

    /// <summary>Judges a device.</summary>
    /// <param name="row">The device.</param>
    /// <param name="live">It at work here; null when it is not.</param>
    /// <param name="stuck">What of <see cref="StuckMessages"/> is there.</param>
    /// <param name="now">The time.</param>
    public static DeviceHealth Of(DeviceRow row, LiveDevice? live, long? stuck, DateTimeOffset now)
    {
        var state = DeviceEndpoints.ConnectionStateOf(row, live);
        if (state is "connecting" or "reconnecting")
        {
            if (IsStoreFailing(live, now)) return Stalled(StoreFails);
            // Quick tries are over, and slow ones go on.
            return state == "reconnecting" && row.Status == "disconnected"
                ? new("down", row.ErrorMessage ?? "WhatsApp can't be reached. It is tried again every quarter of an hour.")
                : new("connecting", "The connection to WhatsApp is being opened.");
        }

        if (state != "connected" || live is null) return new("down", row.ErrorMessage ?? DeviceTrouble.Disconnected.Message);
        if (live.Client.Silence > CareLimits.Silence) return Stalled("WhatsApp does not answer on this connection; it is about to be replaced.");
        if (IsStoreFailing(live, now)) return Stalled(StoreFails);
        if (IsStuck(live, stuck, now))
            return Stalled(stuck > 0 ? "WhatsApp has not acknowledged a message for more than five minutes." : "Messages have been waiting for more than five minutes and don't leave.");
        if (row.CanaryOutcome == "failed") return Stalled("In its last daily test WhatsApp did not take what the device sent.");
        return row.ExpiresAt - now < DeviceLimits.PhoneAwayWarning
            ? new("phone_away", "The phone has not been online for days. Open WhatsApp on it, or the device will be unlinked.")
            : new("healthy", "Messages come and go.");
    }

    /// <summary>Whether messages that are long due don't leave, while none of the others has been acknowledged.</summary>
    public static bool IsStuck(LiveDevice live, long? stuck, DateTimeOffset now) => stuck is not null && now - live.LastProgress >= CareLimits.Stuck;

    private static bool IsStoreFailing(LiveDevice? live, DateTimeOffset now) => live?.StoreFailedAt is { } failed && now - failed < CareLimits.StoreFailure;

    private static DeviceHealth Stalled(string why) => new("stalled", why);
}
