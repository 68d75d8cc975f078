using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Noise;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FocoBot.WhatsApp;

/// <summary>What a <see cref="WhatsAppClient"/> is made of. Only the store has no default.</summary>
public sealed record WhatsAppClientOptions
{
    /// <summary>Where the device is kept.</summary>
    public required IDeviceStore Store { get; init; }

    /// <summary>The server.</summary>
    public Uri Uri { get; init; } = new("wss://web.whatsapp.com/ws/chat");

    /// <summary>The public key, 32 bytes, that the server's Noise certificates must lead back to: that of WhatsApp.</summary>
    public ReadOnlyMemory<byte> RootKey { get; init; } = CertificateChain.WhatsAppRootKey.ToArray();

    /// <summary>Checks the server's TLS certificate, to pin it for instance; null for the usual checks.</summary>
    public RemoteCertificateValidationCallback? TlsValidation { get; init; }

    /// <summary>
    /// Transfers files, in place of a client of the library's own: for proxies, or certificates of one's own. It should follow no redirects, and its
    /// time-out holds for whole uploads. Stays the caller's to dispose of.
    /// </summary>
    public HttpClient? MediaHttp { get; init; }

    /// <summary>The version of the web client that this one presents itself as. The server refuses old ones, see <see cref="Connection.EndCause.ClientOutdated"/>.</summary>
    public Version WebVersion { get; init; } = new(2, 3000, 1045649367);

    /// <summary>Whether the phone shall hand over all its history when linking, instead of the recent part.</summary>
    public bool FullHistory { get; init; }

    /// <summary>
    /// How often in a row it is tried to connect again after pauses of a second to half a minute, before they are as long as <see cref="LongReconnectPause"/>; null for
    /// any number of times. A connection that lasts begins the count anew.
    /// </summary>
    public int? QuickReconnects { get; init; }

    /// <summary>How long the pauses are after <see cref="QuickReconnects"/>.</summary>
    public TimeSpan LongReconnectPause { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go. They hold no keys, phone numbers, codes or texts.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Opens another connection than the built-in one does, through a proxy for instance. Gets <see cref="Uri"/>.</summary>
    public Func<Uri, CancellationToken, Task<WebSocket>>? OpenSocket { get; init; }

    internal RandomNumberGenerator Random { get; init; } = RandomNumberGenerator.Create();

    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(WhatsAppClientOptions);
}
