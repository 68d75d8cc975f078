using System.Net;
using System.Net.Sockets;

namespace FocoBot.Http;

/// <summary>Which addresses belong to the open internet (IANA's special-purpose registries), as against this machine, its network and its provider's services.</summary>
internal static class PublicAddress
{
    private const int Ipv4Bytes = 4;
    private const int MappedAt = 12;
    private const int SixToFourAt = 2;

    private static readonly IPNetwork[] Refused4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),       // this network, unspecified
        IPNetwork.Parse("10.0.0.0/8"),      // private
        IPNetwork.Parse("100.64.0.0/10"),   // carriers' NAT, and a provider's metadata (100.100.100.200)
        IPNetwork.Parse("127.0.0.0/8"),     // loopback
        IPNetwork.Parse("168.63.129.16/32"), // a provider's services for its machines, at a public address
        IPNetwork.Parse("169.254.0.0/16"),  // link-local, and most providers' metadata (169.254.169.254)
        IPNetwork.Parse("172.16.0.0/12"),   // private
        IPNetwork.Parse("192.0.0.0/24"),    // protocols, and a provider's metadata (192.0.0.192)
        IPNetwork.Parse("192.0.2.0/24"),    // documentation
        IPNetwork.Parse("192.88.99.0/24"),  // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),  // private
        IPNetwork.Parse("198.18.0.0/15"),   // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"),  // documentation
        IPNetwork.Parse("224.0.0.0/4"),     // multicast
        IPNetwork.Parse("240.0.0.0/4"),     // reserved, broadcast
    ];

    // Outside of this there is loopback, unspecified, link-local, unique-local and multicast, and nothing that is routed.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private static readonly IPNetwork[] Refused6 =
    [
        IPNetwork.Parse("2001::/23"),     // protocols: Teredo, ORCHID, …
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("3fff::/20"),     // documentation
    ];

    /// <summary>Whether an address may be called. One that carries an IPv4 address within is what that one is.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.AddressFamily is AddressFamily.InterNetwork) return !Array.Exists(Refused4, network => network.Contains(address));
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return false;
        if (address.IsIPv4MappedToIPv6 || Nat64.Contains(address)) return Is(Inner(address, MappedAt));
        if (SixToFour.Contains(address)) return Is(Inner(address, SixToFourAt));
        return Global6.Contains(address) && !Array.Exists(Refused6, network => network.Contains(address));
    }

    private static IPAddress Inner(IPAddress address, int at) => new(address.GetAddressBytes().AsSpan(at, Ipv4Bytes));
}
