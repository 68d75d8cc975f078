namespace FocoBot.Http;

/// <summary>Bounds of fetching what somebody has named by its address.</summary>
internal static class FetchLimits
{
    /// <summary>Characters of an address: what browsers and proxies take at least; signed addresses of file stores have some 1,500.</summary>
    public const int Url = 2_048;

    /// <summary>Redirects that are followed: one to https, one to where files lie, one to spare.</summary>
    public const int Redirects = 3;

    /// <summary>KiB of an answer's head: more than any file store sends.</summary>
    public const int HeadKiB = 32;

    /// <summary>Addresses of one name that are looked at: big sites have a dozen. With more, nothing is fetched.</summary>
    public const int Addresses = 64;

    /// <summary>Until a connection stands, TLS included: a host that needs longer is not there.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(5);
}
