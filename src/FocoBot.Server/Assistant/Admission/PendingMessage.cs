using FocoBot.Channels;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Admission;

/// <summary>A message of the inbox that waits to be acted on.</summary>
internal sealed record PendingMessage(Guid Id, string Channel, string ProviderId, string Address, Guid? UserId, byte[] Body, long Attempts, DateTimeOffset? NextTryAt, DateTimeOffset ReceivedAt)
{
    private const string Oldest =
        """
        SELECT id, channel, provider_id AS ProviderId, address, user_id AS UserId, body, attempts, next_try_at AS NextTryAt, received_at AS ReceivedAt
        FROM inbox WHERE address = @address AND state = 'pending' ORDER BY id LIMIT 1
        """;

    /// <summary>The oldest waiting message of a sender, locked for this unit; null when there is none.</summary>
    public static Task<PendingMessage?> NextAsync(Work work, string address) => work.FirstAsync<PendingMessage>(Oldest + " /*pg: FOR UPDATE */", new { address });

    /// <summary>The same without a lock.</summary>
    public static Task<PendingMessage?> PeekAsync(Work work, string address) => work.FirstAsync<PendingMessage>(Oldest, new { address });

    public InboundContent Open(Keyring keyring) => keyring.Service.OpenJson<InboundContent>(Inbox.BodyColumn, Id, Body);
}
