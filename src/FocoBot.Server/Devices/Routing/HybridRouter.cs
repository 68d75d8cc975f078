namespace FocoBot.Devices.Routing;

/// <summary>What a message to an account is.</summary>
internal enum MessageKind
{
    /// <summary>Something the assistant suggests, for the owner to take up or not.</summary>
    Proposal,

    /// <summary>A reminder, a digest: what the owner has asked to be told.</summary>
    Notification,

    /// <summary>An administrator's announcement to many.</summary>
    Broadcast,

    /// <summary>A message that somebody wrote for this person.</summary>
    DirectMessage,
}

/// <summary>A device, as far as sending is concerned.</summary>
internal sealed record RoutingDevice(Guid Id, string Status, bool IsConnected, long Priority, IReadOnlyList<string> UseFor)
{
    public bool IsUsedFor(MessageKind kind) => UseFor.Contains("all") || kind switch
    {
        MessageKind.Proposal => UseFor.Contains("proposals"),
        MessageKind.Notification => UseFor.Contains("notifications"),
        _ => false,
    };
}

/// <summary>All that the way of a message depends on.</summary>
/// <param name="Mode">One of <see cref="Http.ServerOptions.WhatsAppModes"/>.</param>
/// <param name="TwilioFor">What hybrid mode sends on the business channel: notifications, broadcasts.</param>
/// <param name="DeviceFor">What hybrid mode sends from devices: proposals, direct-messages.</param>
/// <param name="Devices">The account's devices, in any order.</param>
/// <param name="IsBusinessConfigured">This server has a business channel.</param>
/// <param name="IsPhoneLinked">The account has a verified phone on it.</param>
internal sealed record RoutingState(
    string Mode, IReadOnlyList<string> TwilioFor, IReadOnlyList<string> DeviceFor, IReadOnlyList<RoutingDevice> Devices, bool IsBusinessConfigured, bool IsPhoneLinked);

/// <summary>One channel to try.</summary>
/// <param name="Channel"><c>device</c>, <c>twilio</c> or <c>web</c>.</param>
/// <param name="DeviceId">Which device; null on other channels.</param>
/// <param name="Why">Why it has this place: for the first what was chosen, for the others what must have failed before.</param>
internal sealed record Hop(string Channel, Guid? DeviceId, string Why)
{
    public const string Device = "device";
    public const string Twilio = "twilio";
    public const string Web = "web";
}

/// <summary>Decides where a message to an account goes, and where next if that fails. Pure: what it knows stands in its arguments.</summary>
internal static class HybridRouter
{
    /// <summary>The channels to try, in their order. The web is always there, and always the last.</summary>
    public static IReadOnlyList<Hop> Route(MessageKind kind, RoutingState state)
    {
        var (channels, choice) = Choose(kind, state);
        var hops = new List<Hop>();
        var missing = new List<string>();
        foreach (var channel in channels)
        {
            var before = hops.Count;
            if (channel == Hop.Device)
                foreach (var device in Usable(kind, state)) hops.Add(new Hop(channel, device.Id, Why(channel, choice, hops, missing)));
            else if (channel == Hop.Web || (state.IsBusinessConfigured && state.IsPhoneLinked))
                hops.Add(new Hop(channel, null, Why(channel, choice, hops, missing)));
            if (hops.Count == before) missing.Add(WhyNot(channel, kind, state));
        }

        return hops;
    }

    // Broadcasts never go out from anybody's own device: they would be somebody else's words in that person's name.
    private static (string[] Channels, string Choice) Choose(MessageKind kind, RoutingState state) => (state.Mode, kind) switch
    {
        ("twilio-only", _) => ([Hop.Twilio, Hop.Web], "Everything goes out on the business channel."),
        ("device-linking", MessageKind.Broadcast) => ([Hop.Twilio, Hop.Web], "Broadcasts never go out from devices."),
        ("device-linking", _) => ([Hop.Device, Hop.Twilio, Hop.Web], "Everything goes out from devices."),
        (_, MessageKind.Broadcast) => state.TwilioFor.Contains("broadcasts")
            ? ([Hop.Twilio, Hop.Web], "The business channel is for broadcasts.") : ([Hop.Web], "Neither the business channel nor devices are for broadcasts."),
        (_, MessageKind.Notification) => state.TwilioFor.Contains("notifications")
            ? ([Hop.Twilio, Hop.Device, Hop.Web], "The business channel is for notifications.") : ([Hop.Device, Hop.Web], "The business channel is not for notifications."),
        _ => state.DeviceFor.Contains(NameOf(kind))
            ? ([Hop.Device, Hop.Twilio, Hop.Web], $"Devices are for {Words(kind)}.") : ([Hop.Twilio, Hop.Web], $"Devices are not for {Words(kind)}."),
    };

    private static IEnumerable<RoutingDevice> Usable(MessageKind kind, RoutingState state) =>
        state.Devices.Where(device => IsConnected(device) && device.IsUsedFor(kind)).OrderBy(device => device.Priority).ThenBy(device => device.Id);

    private static bool IsConnected(RoutingDevice device) => device is { Status: "active", IsConnected: true };

    private static string Why(string channel, string choice, List<Hop> before, List<string> missing)
    {
        var first = before.Count == 0 ? choice : (before[^1].Channel, channel) switch
        {
            (Hop.Device, Hop.Device) => "The device before it could not send it.",
            (Hop.Device, _) => "No device could send it.",
            _ => "The business channel could not send it.",
        };
        return string.Join(' ', [first, .. missing]);
    }

    private static string WhyNot(string channel, MessageKind kind, RoutingState state) => channel switch
    {
        Hop.Twilio when !state.IsBusinessConfigured => "The business channel is not configured on this server.",
        Hop.Twilio => "No phone is linked to the business channel.",
        _ when state.Devices.Count == 0 => "No device is linked.",
        _ when !state.Devices.Any(device => device.IsUsedFor(kind)) => $"No device is used for {Words(kind)}.",
        _ => $"No device that is used for {Words(kind)} is connected.",
    };

    private static string NameOf(MessageKind kind) => kind == MessageKind.Proposal ? "proposals" : "direct-messages";

    private static string Words(MessageKind kind) => kind switch
    {
        MessageKind.Proposal => "proposals",
        MessageKind.Notification => "notifications",
        MessageKind.Broadcast => "broadcasts",
        _ => "direct messages",
    };
}
