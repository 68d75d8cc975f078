using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal.SenderKeys;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Signal;

/// <summary>
/// State that is a copy (a restored backup, a folder that another client may go on with): what was sent since is unknown here, and every
/// key that it would send with may have been used.
/// </summary>
internal static class CopiedState
{
    // Ids have 24 bits, of which the copy's owner may have used some more, one after the other.
    private const uint PreKeyIds = (1 << 24) - 1;

    /// <summary>
    /// Cuts the copy loose within the caller's unit of work, so that no message key of ours is ever used twice. Sessions are archived: they read
    /// what is under way, and send only after a step of the ratchet with new keys. Our own sender keys go; the next to be handed out is a new one,
    /// and so must be handed out to every member. Prekeys stay for those who have started sessions with them. What is damaged goes: whoever needs it starts anew.
    /// </summary>
    /// <param name="store">The state.</param>
    /// <param name="sessions">All devices that there are sessions with.</param>
    /// <param name="senderKeys">All groups and members that there are sender keys of.</param>
    /// <param name="random">Randomness.</param>
    /// <param name="damaged">Is told of each damaged record.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>The id that new prekeys begin with, for the caller to upload a batch before anything is sent: not the next one, under which the
    /// copy's owner may have uploaded other keys.</returns>
    public static async Task<uint> DetachAsync(
        ISignalStore store, IEnumerable<SignalAddress> sessions, IEnumerable<(string Group, SignalAddress Sender)> senderKeys, RandomNumberGenerator random, Action damaged, CancellationToken token)
    {
        foreach (var address in sessions)
        {
            if (await store.LoadSessionAsync(address, token) is not { } record)
                continue;
            if (TryRead(record, SessionRecord.Deserialize) is { } session)
                await store.StoreSessionAsync(address, session.Detach().Serialize(), token);
            else
                await store.RemoveSessionAsync(address, token);
        }

        foreach (var (group, sender) in senderKeys)
        {
            if (await store.LoadSenderKeyAsync(group, sender, token) is { } record && TryRead(record, SenderKeyRecord.Deserialize) is not { IsOwn: false })
                await store.StoreSenderKeyAsync(group, sender, SenderKeyRecord.Empty.Serialize(), token);
        }

        return random.UInt32() % PreKeyIds + 1;

        T? TryRead<T>(byte[] record, Func<ReadOnlyMemory<byte>, T> read)
            where T : class
        {
            try
            {
                return read(record);
            }
            catch (SignalException)
            {
                damaged();
                return null;
            }
        }
    }
}
