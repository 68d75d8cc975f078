using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// How a message leaves, whomever it is for: one unit of work encrypts it and puts down the bytes, and once they are stored they are sent. When
/// sessions are missing, a first unit finds that out and does nothing else.
/// </summary>
internal sealed class Outgoing(StanzaConnection connection, DeviceState state, MessagingMemory memory, MessageCipher cipher, ILogger log)
{
    /// <summary>Sends a message.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="plan">Says within the unit of work to which devices it goes.</param>
    /// <param name="encrypt">Makes the stanza within the unit of work, with all the sessions that there can be.</param>
    /// <param name="token">Gives up.</param>
    public async Task SendAsync(
        string id, SentContent content, Func<DeviceUnit, Task<IReadOnlyCollection<Jid>>> plan, Func<DeviceUnit, Task<Node>> encrypt, CancellationToken token)
    {
        await memory.Sent.PrepareAsync(state.Units, token);
        var missing = await TryAsync(bundles: null);
        if (missing.Count > 0)
            await TryAsync(await KeyBundles.FetchAsync(connection, missing, log, token));

        async Task<IReadOnlyCollection<Jid>> TryAsync(Dictionary<Jid, PreKeyBundle>? bundles)
        {
            var (without, landed) = await state.Units.BeginAsync(
                async unit =>
                {
                    // What is stored from here on leaves again on the next connection; what is not, never does.
                    if (connection.Ended.IsCompleted)
                        throw new ConnectionEndedException(await connection.Ended);
                    var missing = await cipher.WithoutSessionAsync(unit, await plan(unit), token);
                    if (missing.Count > 0 && bundles is null)
                        return missing;
                    foreach (var device in missing)
                    {
                        if (bundles!.TryGetValue(device, out var bundle))
                            await cipher.StartAsync(unit, device, bundle, token);
                    }

                    using var bytes = new PooledWriter();
                    Stanza.Write(await encrypt(unit), bytes);
                    var stanza = bytes.Written.ToArray();
                    memory.Sent.Add(unit, id, content, stanza);
                    await memory.Contents.RememberAsync(unit, id, content, state.Credentials, token);
                    unit.Then(() =>
                    {
                        Telemetry.Sent();
                        return connection.SendAsync(stanza);
                    });
                    return [];
                },
                token);
            await landed;
            return without;
        }
    }
}
