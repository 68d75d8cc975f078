using System.Buffers.Binary;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Storage;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Login;

/// <summary>
/// One-time prekeys on the server, with which others start sessions while we are away.
/// <code>
/// &lt;iq xmlns="encrypt" type="set"&gt;
///   &lt;registration&gt;u32&lt;/&gt; &lt;type&gt;05&lt;/&gt; &lt;identity&gt;32&lt;/&gt;
///   &lt;list&gt;&lt;key&gt;&lt;id&gt;u24&lt;/&gt;&lt;value&gt;32&lt;/&gt;&lt;/key&gt;…&lt;/list&gt;
///   &lt;skey&gt;&lt;id&gt;u24&lt;/&gt;&lt;value&gt;32&lt;/&gt;&lt;signature&gt;64&lt;/&gt;&lt;/skey&gt;
/// &lt;/iq&gt;
/// </code>
/// </summary>
internal sealed class PreKeyUpload(StanzaConnection connection, DeviceState state, RandomNumberGenerator random)
{
    /// <summary>Below so many the server's stock is filled up.</summary>
    public const int LowWater = 5;

    /// <summary>How many are made and uploaded at a time.</summary>
    public const int Batch = 50;

    private const uint HighestId = (1 << 24) - 1;

    private static readonly TimeSpan SignedPreKeyAge = TimeSpan.FromDays(27);

    /// <summary>Makes prekeys and stores them.</summary>
    /// <returns>Their public parts.</returns>
    public static async Task<Node[]> AddAsync(DeviceState state, int count, RandomNumberGenerator random, CancellationToken token)
    {
        var keys = new Node[count];
        await state.Units.RunAsync(
            async unit =>
            {
                var id = state.Credentials.NextPreKeyId;
                for (var i = 0; i < keys.Length; i++, id = Next(id))
                {
                    var pair = KeyPair.Generate(random);
                    await unit.StorePreKeyAsync(id, InMemorySignalStore.Pack(pair), token);
                    keys[i] = new("key", [Id(id), new("value", pair.Public.ToArray())]);
                }

                state.Change(unit, device => device with { NextPreKeyId = id });
                return true;
            },
            token);
        return keys;
    }

    /// <summary>The public part of a signed prekey.</summary>
    public static Node SignedKey(SignedPreKey key) =>
        new("skey", [Id(key.Id), new("value", key.Pair.Public.ToArray()), new("signature", key.Signature)]);

    /// <summary>How many the server still has.</summary>
    public async Task<long> CountAsync(CancellationToken token)
    {
        var answer = await connection.RequestAsync("encrypt", "get", new Node("count"), token);
        return answer.RequireChild("count").RequireNumber("value");
    }

    /// <summary>
    /// Makes new prekeys, stores them, and uploads them. If the answer gets lost they stay stored, for the server may hand them out;
    /// they are never uploaded a second time, for it may have handed them out.
    /// </summary>
    public async Task UploadAsync(CancellationToken token)
    {
        var keys = await AddAsync(state, Batch, random, token);
        var device = state.Credentials;
        var registrationId = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(registrationId, device.RegistrationId);
        await connection.RequestAsync(
            "encrypt",
            "set",
            [
                new("registration", registrationId),
                new("type", new byte[] { 5 }),
                new("identity", device.Identity.Public.ToArray()),
                new("list", keys),
                SignedKey(device.SignedPreKey),
            ],
            token);
    }

    /// <summary>Asks what the server would give others, and says whether it is what we have.</summary>
    /// <returns>True also when the server does not tell.</returns>
    public async Task<bool> IsIntactAsync(CancellationToken token)
    {
        Node digest;
        try
        {
            digest = (await connection.RequestAsync("encrypt", "get", new Node("digest"), token)).RequireChild("digest");
        }
        catch (RequestRefusedException none) when (none.Code == 404)
        {
            return false;
        }

        if (digest.Child("hash") is not { } hash)
            return true;
        if (await LoadAsync(digest.Child("list"), token) is not { } preKeys)
            return false;
        var device = state.Credentials;
        var signed = device.SignedPreKey;
        var ours = PreKeyDigest.Compute(device.Identity.Public.Span, signed.Pair.Public.Span, signed.Signature, preKeys);
        return hash.Content.Bytes.Span.SequenceEqual(ours);
    }

    /// <summary>
    /// Replaces a signed prekey that has grown old: <c>&lt;rotate&gt;&lt;skey/&gt;&lt;/rotate&gt;</c>. The private keys of the old ones stay stored, for
    /// sessions that others start with them meanwhile; that of the new one is stored first, for the server may hand it out before we hear of it.
    /// </summary>
    public async Task RotateAsync(DateTimeOffset now, CancellationToken token)
    {
        var old = state.Credentials.SignedPreKey;
        if (now - old.Made < SignedPreKeyAge)
            return;
        var signed = SignedPreKey.Create(Next(old.Id), state.Credentials.Identity, random, now);
        await state.Units.RunAsync(unit => unit.StoreSignedPreKeyAsync(signed.Id, InMemorySignalStore.Pack(signed.Pair), token).AsTask(), token);
        await connection.RequestAsync("encrypt", "set", new Node("rotate", SignedKey(signed)), token);
        await state.ChangeAsync(device => device with { SignedPreKey = signed }, token);
    }

    // The public keys of a list of ids; null when one is not there. All are read at once: each by itself would be a look-up of its own.
    private Task<List<ReadOnlyMemory<byte>>?> LoadAsync(Node? ids, CancellationToken token) => state.Units.ListAsync(
        RecordKind.PreKey,
        records =>
        {
            var stored = records.ToDictionary(record => record.Name, record => record.Value, StringComparer.Ordinal);
            var keys = new List<ReadOnlyMemory<byte>>();
            foreach (var id in (ids?.ChildrenOf("id") ?? []).Take(Limits.DigestPreKeys))
            {
                if (ReadId(id) is not { } number || !stored.TryGetValue(DeviceUnit.Name(number), out var pair))
                    return null;
                keys.Add(pair.AsMemory(X25519.KeySize));
            }

            return keys;
        },
        token);

    private static uint Next(uint id) => id == HighestId ? 1 : id + 1;

    private static Node Id(uint id) => new("id", new[] { (byte)(id >> 16), (byte)(id >> 8), (byte)id });

    private static uint? ReadId(Node node)
    {
        var bytes = node.Content.Bytes.Span;
        return bytes.Length == 3 ? (uint)(bytes[0] << 16 | bytes[1] << 8 | bytes[2]) : null;
    }
}
