using System.Buffers;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Framing;
using FocoBot.WhatsApp.Noise;

namespace FocoBot.WhatsApp.Connection;

/// <summary>What a connection begins with.</summary>
/// <param name="NoisePrivate">The device's noise key, private part.</param>
/// <param name="RoutingInfo">What the server gave an earlier connection to find its edge by; empty for none.</param>
/// <param name="RootKey">What the server's certificates must lead back to.</param>
/// <param name="Payload">Who we are.</param>
internal sealed record Greeting(ReadOnlyMemory<byte> NoisePrivate, ReadOnlyMemory<byte> RoutingInfo, ReadOnlyMemory<byte> RootKey, ReadOnlyMemory<byte> Payload);

/// <summary>The client's side of the handshake over a socket.</summary>
internal static class Handshake
{
    /// <summary>Speaks the handshake; stanzas can be sent right afterwards.</summary>
    /// <exception cref="ProtocolException">The server broke the protocol, or is not the one that the root key vouches for.</exception>
    public static async Task<NoiseTransport> PerformAsync(
        FrameSocket socket, Greeting greeting, RandomNumberGenerator random, TimeProvider clock, CancellationToken token)
    {
        var ephemeral = random.Take(NoiseHandshake.KeyLength);
        using var noise = new NoiseInitiator(NoiseCurve.Instance, Intro.Prologue, greeting.NoisePrivate.Span, ephemeral);
        CryptographicOperations.ZeroMemory(ephemeral);

        var first = new ArrayBufferWriter<byte>();
        Intro.Write(greeting.RoutingInfo.Span, first);
        Frame.Write(noise.Hello, first);
        await socket.SendAsync(first.WrittenMemory, token);

        var hello = await socket.ReceiveAsync(Limits.HandshakeFrame, token);
        var finish = noise.Finish(hello.Span, greeting.RootKey.Span, clock.GetUtcNow(), greeting.Payload.Span, out var transport);
        var last = new ArrayBufferWriter<byte>();
        Frame.Write(finish, last);
        try
        {
            await socket.SendAsync(last.WrittenMemory, token);
            return transport;
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }
}
