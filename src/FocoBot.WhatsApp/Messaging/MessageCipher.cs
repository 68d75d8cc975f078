using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Encrypts a message for each of many devices, starting sessions where there are none.</summary>
internal sealed class MessageCipher(StanzaConnection connection, DeviceState state, MessagingMemory memory, RandomNumberGenerator random, ILogger log)
{
    private const string First = "pkmsg", Later = "msg";

    /// <summary>Whether this starts a session, so that the receiver has to be shown that the account vouches for this device.</summary>
    public static bool IsFirst(Node encrypted) => encrypted["type"] == First;

    /// <summary>The <c>enc</c> for each device; the sessions are stored. Devices with which no session can be started are left out.</summary>
    /// <param name="sent">What to encrypt; own devices get a copy that says whom it went to.</param>
    /// <param name="kind">What the server is told of it.</param>
    /// <param name="devices">For whom.</param>
    /// <param name="token">Gives up.</param>
    /// <param name="bundle">Starts a new session with the only device instead of asking the server.</param>
    /// <param name="count">How often it was asked for again.</param>
    public async Task<Dictionary<Jid, Node>> EncryptAsync(
        SentContent sent, MessageClass kind, Jid[] devices, CancellationToken token, PreKeyBundle? bundle = null, string? count = null)
    {
        var self = state.Credentials;
        byte[] plaintext = sent.Message.ToByteArray(), copy = sent.ForOwnDevices().ToByteArray();
        if (bundle is not null)
            return await EncryptAsync(devices.ToDictionary(device => device, _ => bundle));

        // As a rule all sessions are there, and one unit of work does it all.
        var missing = new List<Jid>();
        var parts = await memory.Units.RunAsync(
            self,
            async unit =>
            {
                missing.AddRange(await WithoutSessionAsync(unit, devices, token));
                return missing.Count == 0 ? await EncryptAllAsync(unit) : [];
            },
            token);
        return missing.Count == 0 ? parts : await EncryptAsync(await KeyBundles.FetchAsync(connection, missing, log, token));

        Task<Dictionary<Jid, Node>> EncryptAsync(Dictionary<Jid, PreKeyBundle> bundles) => memory.Units.RunAsync(
            self,
            async unit =>
            {
                foreach (var (device, start) in bundles)
                {
                    // Another message may have started a session meanwhile.
                    if (bundle is not null || !await unit.Sessions.HasSessionAsync(device.ToAddress(), token))
                        await StartAsync(unit, device.ToAddress(), start, token);
                }

                return await EncryptAllAsync(unit);
            },
            token);

        async Task<Dictionary<Jid, Node>> EncryptAllAsync(SignalUnit unit)
        {
            var parts = new Dictionary<Jid, Node>();
            foreach (var device in devices)
            {
                var address = device.ToAddress();
                if (!await unit.Sessions.HasSessionAsync(address, token))
                    continue;
                var padded = Padding.Pad(self.Owns(device) ? copy : plaintext, random.Take(1)[0]);
                var (type, ciphertext) = await unit.Sessions.EncryptAsync(address, padded, token);
                parts[device] = new(
                    "enc",
                    [
                        ("v", "2"), ("type", type is MessageKind.PreKey ? First : Later), ("mediatype", kind.MediaType),
                        ("decrypt-fail", kind.HideDecryptFailure ? "hide" : null), ("count", count),
                    ],
                    ciphertext);
            }

            return parts;
        }
    }

    private async Task<List<Jid>> WithoutSessionAsync(SignalUnit unit, Jid[] devices, CancellationToken token)
    {
        var without = new List<Jid>();
        foreach (var device in devices)
        {
            if (memory.Addresses.PhoneOf(device, state.Credentials) is { } phone)
                await unit.MigrateAsync(phone, device, token);
            if (!await unit.Sessions.HasSessionAsync(device.ToAddress(), token))
                without.Add(device);
        }

        return without;
    }

    private static async Task StartAsync(SignalUnit unit, SignalAddress address, PreKeyBundle bundle, CancellationToken token)
    {
        try
        {
            await unit.Sessions.StartAsync(address, bundle, token);
        }
        catch (SignalException changed) when (changed.Reason is SignalError.UntrustedIdentity)
        {
            await unit.Sessions.ForgetAsync(address, token);
            await unit.Sessions.StartAsync(address, bundle, token);
        }
    }
}
