using System.Net;
using FocoBot.Security;
using Microsoft.AspNetCore.HttpOverrides;

namespace FocoBot.Http;

/// <summary>
/// Which proxies may say who the caller is: <c>FOCOBOT_TRUSTED_PROXIES</c>, addresses and CIDRs separated by commas;
/// only this machine when it is not set. The forwarded host is never taken: links use the configured base URL.
/// </summary>
internal static class TrustedProxies
{
    private const string Setting = "FOCOBOT_TRUSTED_PROXIES";
    private const string ThisMachine = "127.0.0.0/8,::1";

    /// <exception cref="StartupException">An entry is neither an address nor a CIDR.</exception>
    public static void AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var networks = Parse(configuration[Setting] is { Length: > 0 } text ? text : ThisMachine);
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null; // as far as each hop is trusted
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks) options.KnownIPNetworks.Add(network);
        });
    }

    private static List<System.Net.IPNetwork> Parse(string text)
    {
        var networks = new List<System.Net.IPNetwork>();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (System.Net.IPNetwork.TryParse(entry, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(entry, out var address)) networks.Add(new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8));
            else throw new StartupException($"{Setting} holds \"{entry}\", which is neither an IP address nor a network such as 10.0.0.0/8.");
        }

        return networks;
    }
}
