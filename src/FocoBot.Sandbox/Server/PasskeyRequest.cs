using System.Buffers.Text;
using System.Text.Json;
using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.Sandbox.Server;

/// <summary>A companion that needs its owner's passkey, from the server's request to the phone's decision.</summary>
internal sealed class PasskeyRequest(Account account, byte[] scannedSecret, byte[] challenge, byte[] credentialId)
{
    public Account Account { get; } = account;

    /// <summary>The secret that the phone got by QR code or link code, by which the companion may prove to be the same.</summary>
    public byte[] ScannedSecret { get; } = scannedSecret;

    /// <summary>What the passkey must sign.</summary>
    public byte[] Challenge { get; } = challenge;

    /// <summary>What the companion commits to its key for.</summary>
    public string? Ref { get; set; }

    /// <summary>The companion's first word, with its commitment.</summary>
    public byte[] Prologue { get; set; } = [];

    /// <summary>Whether the companion has proven to be the one of the code, so that no codes are compared.</summary>
    public bool IsProven { get; set; }

    /// <summary>The phone's part, with the secret half of its key.</summary>
    public (KeyPair Ephemeral, PrimaryEphemeralIdentity Identity)? Phone { get; set; }

    /// <summary>What the companion had committed to, once it has been told.</summary>
    public CompanionEphemeralIdentity? Companion { get; set; }

    /// <summary>The companion's last question, answered when the phone's owner has decided.</summary>
    public Node? Pending { get; set; }

    /// <summary>WebAuthn's options for the passkey.</summary>
    public Node OptionsNode { get; } = new("passkey_request_options", JsonSerializer.SerializeToUtf8Bytes(new
    {
        challenge = Base64Url.EncodeToString(challenge),
        timeout = 300_000,
        rpId = VirtualPasskey.Site,
        allowCredentials = new[] { new { type = "public-key", id = Base64Url.EncodeToString(credentialId) } },
        userVerification = "required",
    }));
}
