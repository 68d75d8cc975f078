using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Login;

/// <summary>Cuts a device whose state is a copy loose from what it is a copy of, before it connects.</summary>
internal static class RestoredDevice
{
    /// <summary>
    /// Does it in one unit of work, while nothing else uses the store. It may be done any number of times: the mark stays until the server has new prekeys.
    /// </summary>
    /// <remarks>
    /// Messages that the server had not acknowledged when the copy was made leave again as they are: what the original sent under these ids, if it did, were
    /// the same bytes, so that no key encrypts anything else. Those that were sent stay too; who asks for one again gets it with new keys.
    /// </remarks>
    /// <returns>The credentials from now on.</returns>
    public static async Task<DeviceCredentials> DetachAsync(DeviceUnits units, DeviceCredentials device, RandomNumberGenerator random, ILogger log, CancellationToken token)
    {
        var sessions = (await units.ListAsync(RecordKind.Session, token)).Select(record => DeviceUnit.ParseAddress(record.Name)).ToArray();
        var senderKeys = (await units.ListAsync(RecordKind.SenderKey, token)).Select(record => DeviceUnit.ParseMember(record.Name)).ToArray();
        var holders = await units.ListAsync(RecordKind.SenderKeyHolders, token);
        return await units.RunAsync(
            async unit =>
            {
                var changed = device with { NextPreKeyId = await CopiedState.DetachAsync(unit, sessions, senderKeys, random, () => Log.RecordDamaged(log), token) };
                foreach (var (group, _) in holders)
                    unit.Store(RecordKind.SenderKeyHolders, group, null);
                unit.StoreCredentials(changed);
                return changed;
            },
            token);
    }
}
