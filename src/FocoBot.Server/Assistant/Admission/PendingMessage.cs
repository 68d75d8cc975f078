using FocoBot.Channels;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Admission;

/// <summary>A message of the inbox that waits to be acted on, with what is known of its sender: one question for both.</summary>
internal sealed record PendingMessage(
    Guid Id, string Channel, string ProviderId, string Address, Guid? UserId, byte[] Body, long Attempts, DateTimeOffset? NextTryAt, DateTimeOffset ReceivedAt,
    bool HasMore, string? Language, DateTimeOffset? SuppressedAt, string? SuppressedReason, DateTimeOffset? LastRefusalAt)
{
    private const string Oldest =
        """
        SELECT i.id, i.channel, i.provider_id AS ProviderId, i.address, i.user_id AS UserId, i.body, i.attempts, i.next_try_at AS NextTryAt, i.received_at AS ReceivedAt,
          EXISTS (SELECT 1 FROM inbox m WHERE m.address = i.address AND m.state = 'pending' AND m.id > i.id) AS HasMore,
          c.language, c.suppressed_at AS SuppressedAt, c.suppressed_reason AS SuppressedReason, c.last_refusal_at AS LastRefusalAt
        FROM inbox i LEFT JOIN contacts c ON c.address = i.address
        WHERE i.address = @address AND i.state = 'pending' ORDER BY i.id LIMIT 1
        """;

    /// <summary>The oldest waiting message of a sender, locked for this unit; null when there is none.</summary>
    public static Task<PendingMessage?> NextAsync(Work work, string address) => work.FirstAsync<PendingMessage>(Oldest + " /*pg: FOR UPDATE OF i */", new { address });

    /// <summary>The same without a lock.</summary>
    public static Task<PendingMessage?> PeekAsync(Work work, string address) => work.FirstAsync<PendingMessage>(Oldest, new { address });

    public InboundContent Open(Keyring keyring) => keyring.Service.OpenJson<InboundContent>(Inbox.BodyColumn, Id, Body);
}
