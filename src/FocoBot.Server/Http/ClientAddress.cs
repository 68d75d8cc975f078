using System.Net;
using System.Net.Sockets;

namespace FocoBot.Http;

/// <summary>Where a request comes from, after trusted proxies were taken into account.</summary>
public static class ClientAddress
{
    private const int Ipv6SiteBytes = 8;

    /// <summary>The caller's address; an IPv4 one in IPv6 clothes is shown as IPv4. Null when the transport has none.</summary>
    public static IPAddress? Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;

    /// <summary>What throttles count by: an IPv4 address, or the /64 that an IPv6 caller can choose addresses from at will.</summary>
    public static string ThrottleKey(HttpContext context)
    {
        var address = Of(context);
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 }) return address?.ToString() ?? "unknown";
        return Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, Ipv6SiteBytes));
    }
}
