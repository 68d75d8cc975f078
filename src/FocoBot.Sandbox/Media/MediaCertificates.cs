using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FocoBot.Sandbox.Media;

/// <summary>A certificate authority of the network's own, and what it vouches for: the media host. Both are made anew at each start.</summary>
internal static class MediaCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Makes both.</summary>
    /// <param name="host">A name or address by which the media host is reached, besides this machine's own.</param>
    /// <param name="now">From a day before they are good, for two years.</param>
    /// <returns>The host's certificate with its key, and the authority as PEM.</returns>
    public static (X509Certificate2 Host, string AuthorityPem) Make(string host, DateTimeOffset now)
    {
        var (from, until) = (now.AddDays(-1), now.AddYears(2));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=FocoBot Sandbox CA", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false));
        using var authority = authorityRequest.CreateSelfSigned(from, until);

        using var hostKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=FocoBot Sandbox media", hostKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(Names(host));
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));
        return (certificate.CopyWithPrivateKey(hostKey), authority.ExportCertificatePem());
    }

    private static X509Extension Names(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        if (!IPAddress.TryParse(host, out var address)) names.AddDnsName(host);
        else if (!IPAddress.IsLoopback(address)) names.AddIpAddress(address);
        return names.Build();
    }
}
