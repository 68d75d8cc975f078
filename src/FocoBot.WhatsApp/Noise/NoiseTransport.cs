using System.Security.Cryptography;

namespace FocoBot.WhatsApp.Noise;

/// <summary>
/// The ciphers of a connection after its handshake, one for each direction. Each may be used by one thread at a time, and the two at
/// the same time.
/// </summary>
internal sealed class NoiseTransport(NoiseCipher send, NoiseCipher receive) : IDisposable
{
    /// <summary>Encrypts what is sent.</summary>
    public NoiseCipher Send { get; } = send;

    /// <summary>Decrypts what comes.</summary>
    public NoiseCipher Receive { get; } = receive;

    /// <summary>The client's ends of the two ciphers.</summary>
    public static NoiseTransport OfClient(NoiseHandshake handshake) => Of(handshake, isClient: true);

    /// <summary>The server's ends of the two ciphers.</summary>
    public static NoiseTransport OfServer(NoiseHandshake handshake) => Of(handshake, isClient: false);

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        Send.Dispose();
        Receive.Dispose();
    }

    private static NoiseTransport Of(NoiseHandshake handshake, bool isClient)
    {
        Span<byte> fromClient = stackalloc byte[NoiseHandshake.KeyLength];
        Span<byte> fromServer = stackalloc byte[NoiseHandshake.KeyLength];
        handshake.Split(fromClient, fromServer);
        var transport = isClient ? new NoiseTransport(new(fromClient), new(fromServer)) : new NoiseTransport(new(fromServer), new(fromClient));
        CryptographicOperations.ZeroMemory(fromClient);
        CryptographicOperations.ZeroMemory(fromServer);
        return transport;
    }
}
