using System.Text.Json;
using FocoBot.WhatsApp.Noise;

namespace FocoBot.WhatsApp.Tests.Noise;

/// <summary>The recorded handshakes.</summary>
internal static class Recorded
{
    public static readonly SlowCurve Curve = new();

    public static readonly JsonElement[] Handshakes = [.. Vectors.Load("noise-handshake.json").GetProperty("cases").EnumerateArray()];

    // Within the validity of the recorded certificates: 1,700,000,000 less and 4,000,000,000.
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static byte[] Private(this JsonElement handshake, string key) => handshake.GetProperty("keys").GetProperty(key).Hex("priv");

    public static byte[] Public(this JsonElement handshake, string key) => handshake.GetProperty("keys").GetProperty(key).Hex("pub");

    public static byte[] Message(this JsonElement handshake, string name) => handshake.GetProperty("messages").Hex(name);

    public static NoiseInitiator Client(this JsonElement handshake) =>
        new(Curve, handshake.Hex("prologue"), handshake.Private("client_static_noise"), handshake.Private("client_ephemeral"));

    public static NoiseResponder Server(this JsonElement handshake, byte[] clientHello) =>
        new(Curve, handshake.Hex("prologue"), clientHello, handshake.Private("server_static"), handshake.Private("server_ephemeral"), handshake.Message("cert_chain_plaintext"));

    public static byte[] Finish(this NoiseInitiator client, JsonElement handshake, byte[] serverHello, out NoiseTransport transport) =>
        client.Finish(serverHello, handshake.Public("root_cert"), Now, handshake.Message("client_payload_plaintext"), out transport);
}
