using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FocoBot.Sandbox.Phones;

/// <summary>
/// An account's passkey: makes assertions as an authenticator and its browser do (WebAuthn, ES256), and checks them as the site does.
/// <code>
/// authenticator data = SHA256(site) | flags: present 01, verified 04 | counter u32
/// signature          = ECDSA-SHA256(authenticator data | SHA256(client data))
/// </code>
/// </summary>
public sealed class VirtualPasskey : IDisposable
{
    /// <summary>What the passkey belongs to.</summary>
    public const string Site = "web.whatsapp.com";

    private const byte IsPresentAndVerified = 5;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private uint _made, _seen;

    /// <summary>By which the site knows it.</summary>
    public byte[] CredentialId { get; } = RandomNumberGenerator.GetBytes(16);

    /// <summary>Signs.</summary>
    /// <param name="options">WebAuthn's <c>PublicKeyCredentialRequestOptions</c> as JSON.</param>
    /// <param name="origin">The page that asks.</param>
    /// <returns>WebAuthn's <c>PublicKeyCredential</c> as JSON.</returns>
    public string Assert(string options, string origin = $"https://{Site}")
    {
        using var asked = JsonDocument.Parse(options);
        var site = Encoding.ASCII.GetBytes(asked.RootElement.GetProperty("rpId").GetString()!);
        var clientData = JsonSerializer.SerializeToUtf8Bytes(new { type = "webauthn.get", challenge = asked.RootElement.GetProperty("challenge").GetString(), origin, crossOrigin = false });
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, ++_made);
        byte[] authenticatorData = [.. SHA256.HashData(site), IsPresentAndVerified, .. counter];
        var signature = _key.SignData([.. authenticatorData, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var id = Base64Url.EncodeToString(CredentialId);
        return JsonSerializer.Serialize(new
        {
            id,
            rawId = id,
            type = "public-key",
            authenticatorAttachment = "platform",
            response = new
            {
                clientDataJSON = Base64Url.EncodeToString(clientData),
                authenticatorData = Base64Url.EncodeToString(authenticatorData),
                signature = Base64Url.EncodeToString(signature),
            },
            clientExtensionResults = new { },
        });
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>The site's check of an answer.</summary>
    internal bool Verify(ReadOnlySpan<byte> credentialId, ReadOnlyMemory<byte> assertion, byte[] challenge)
    {
        try
        {
            using var given = JsonDocument.Parse(assertion);
            var response = given.RootElement.GetProperty("response");
            var clientData = Bytes(response, "clientDataJSON");
            var authenticatorData = Bytes(response, "authenticatorData");
            using var client = JsonDocument.Parse(clientData);
            if (!credentialId.SequenceEqual(CredentialId) || !Bytes(given.RootElement, "rawId").AsSpan().SequenceEqual(CredentialId) || authenticatorData.Length < 37) return false;
            var counter = BinaryPrimitives.ReadUInt32BigEndian(authenticatorData.AsSpan(33));
            var isRight = client.RootElement.GetProperty("type").GetString() == "webauthn.get"
                && client.RootElement.GetProperty("origin").GetString() == $"https://{Site}"
                && Bytes(client.RootElement, "challenge").AsSpan().SequenceEqual(challenge)
                && authenticatorData.AsSpan(0, 32).SequenceEqual(SHA256.HashData(Encoding.ASCII.GetBytes(Site)))
                && (authenticatorData[32] & IsPresentAndVerified) == IsPresentAndVerified
                && counter > _seen
                && _key.VerifyData((byte[])[.. authenticatorData, .. SHA256.HashData(clientData)], Bytes(response, "signature"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            if (isRight) _seen = counter;
            return isRight;
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static byte[] Bytes(JsonElement parent, string name) => Base64Url.DecodeFromChars(parent.GetProperty(name).GetString());
}
