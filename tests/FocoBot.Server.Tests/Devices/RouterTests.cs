using FocoBot.Devices.Routing;
using FocoBot.Http;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.Tests.Devices;

/// <summary>Where a message goes, and where next.</summary>
public sealed class RouterTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithQuietOnSuccess(true);
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 6).Select(n => new Guid(n, 0, 0, new byte[8]))];

    private static readonly Gen<RoutingDevice> Devices =
        from id in Gen.Elements(Ids)
        from status in Gen.Elements("active", "active", "active", "disconnected", "revoked", "expired")
        from isConnected in Gen.Elements(true, true, false)
        from priority in Gen.Choose(1, 3)
        from uses in Gen.SubListOf("proposals", "notifications", "all")
        select new RoutingDevice(id, status, isConnected, priority, [.. uses]);

    private static readonly Gen<(MessageKind Kind, RoutingState State)> Cases =
        from kind in Gen.Elements(Enum.GetValues<MessageKind>())
        from mode in Gen.Elements(ServerOptions.WhatsAppModes.ToArray())
        from twilioFor in Gen.SubListOf("notifications", "broadcasts")
        from deviceFor in Gen.SubListOf("proposals", "direct-messages")
        from devices in Devices.ListOf()
        from isConfigured in Gen.Elements(true, true, false)
        from isLinked in Gen.Elements(true, true, false)
        select (kind, new RoutingState(mode, [.. twilioFor], [.. deviceFor], [.. devices.DistinctBy(device => device.Id)], isConfigured, isLinked));

    [Fact]
    public void Broadcasts_never_go_out_from_devices() => Holds(static (kind, _, hops) => kind != MessageKind.Broadcast || hops.All(hop => hop.Channel != "device"));

    [Fact]
    public void In_twilio_only_mode_nothing_goes_out_from_devices() => Holds(static (_, state, hops) => state.Mode != "twilio-only" || hops.All(hop => hop.Channel != "device"));

    [Fact]
    public void The_web_is_always_the_last_and_only_there() => Holds(static (_, _, hops) => hops[^1].Channel == "web" && hops.Count(hop => hop.Channel == "web") == 1);

    [Fact]
    public void Only_connected_devices_that_are_used_for_it_are_tried_in_the_order_of_priority() => Holds(static (kind, state, hops) =>
    {
        var tried = hops.Where(hop => hop.DeviceId is not null).Select(hop => state.Devices.Single(device => device.Id == hop.DeviceId)).ToList();
        return tried.All(device => device is { Status: "active", IsConnected: true } && device.IsUsedFor(kind))
            && tried.Select(device => device.Priority).SequenceEqual(tried.Select(device => device.Priority).Order())
            && (tried.Count == 0 || tried.Count == state.Devices.Count(device => device is { Status: "active", IsConnected: true } && device.IsUsedFor(kind)));
    });

    [Fact]
    public void The_business_channel_is_tried_once_at_most_and_only_where_it_leads_to_somebody() => Holds(static (_, state, hops) =>
        hops.Count(hop => hop.Channel == "twilio") <= (state is { IsBusinessConfigured: true, IsPhoneLinked: true } ? 1 : 0));

    [Fact]
    public void Every_channel_says_why_it_is_tried_and_only_devices_have_an_id() =>
        Holds(static (_, _, hops) => hops.All(hop => hop.Why.EndsWith('.') && (hop.Channel == "device") == hop.DeviceId is not null));

    [Theory]
    [InlineData("twilio-only", "Proposal", "twilio web")]
    [InlineData("twilio-only", "Broadcast", "twilio web")]
    [InlineData("device-linking", "Proposal", "device1 device2 twilio web")]
    [InlineData("device-linking", "Notification", "device1 device3 twilio web")]
    [InlineData("device-linking", "DirectMessage", "device1 twilio web")]
    [InlineData("device-linking", "Broadcast", "twilio web")]
    [InlineData("hybrid", "Proposal", "device1 device2 twilio web")]
    [InlineData("hybrid", "DirectMessage", "twilio web")]
    [InlineData("hybrid", "Notification", "twilio device1 device3 web")]
    [InlineData("hybrid", "Broadcast", "web")]
    public void Each_mode_has_its_ways(string mode, string kind, string ways)
    {
        // Hybrid: notifications on the business channel, proposals from devices, and nothing said of the rest.
        var state = new RoutingState(mode, ["notifications"], ["proposals"],
            [Device(2, 5, "proposals"), Device(3, 9, "notifications"), Device(1, 1, "all"), Device(4, 1, "all") with { IsConnected = false }], true, true);
        var hops = HybridRouter.Route(Enum.Parse<MessageKind>(kind), state);
        Assert.Equal(ways, string.Join(' ', hops.Select(hop => hop.DeviceId is { } id ? $"device{Array.IndexOf(Ids, id) + 1}" : hop.Channel)));
    }

    [Fact]
    public void Hybrid_sends_notifications_from_devices_where_the_business_channel_is_not_for_them() =>
        Assert.Equal(["device", "web"], HybridRouter.Route(MessageKind.Notification, new RoutingState("hybrid", [], [], [Device(1, 1, "all")], true, true)).Select(hop => hop.Channel));

    [Fact]
    public void A_fallback_is_explained()
    {
        var away = Device(1, 1, "all") with { IsConnected = false };
        var hop = Assert.Single(HybridRouter.Route(MessageKind.Proposal, new RoutingState("device-linking", [], [], [away], true, false)));
        Assert.Equal("Everything goes out from devices. No device that is used for proposals is connected. No phone is linked to the business channel.", hop.Why);

        Assert.Equal(
            ["Devices are for direct messages.", "The device before it could not send it.", "No device could send it. The business channel is not configured on this server."],
            HybridRouter.Route(MessageKind.DirectMessage, new RoutingState("hybrid", [], ["direct-messages"], [Device(1, 1, "all"), Device(2, 1, "all")], false, true)).Select(hop => hop.Why));

        Assert.Equal("Everything goes out from devices. No device is used for notifications.",
            HybridRouter.Route(MessageKind.Notification, new RoutingState("device-linking", [], [], [Device(1, 1, "proposals")], true, true))[0].Why);
    }

    private static RoutingDevice Device(int number, long priority, params string[] uses) => new(Ids[number - 1], "active", true, priority, uses);

    private static void Holds(Func<MessageKind, RoutingState, IReadOnlyList<Hop>, bool> rule) =>
        Prop.ForAll(Cases.ToArbitrary(), example => rule(example.Kind, example.State, HybridRouter.Route(example.Kind, example.State))).Check(Thorough);
}
