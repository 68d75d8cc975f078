using FocoBot.Assistant.Replies;
using FocoBot.Security;

namespace FocoBot.Assistant;

/// <summary>What came of one message: what is said back, and how it is recorded.</summary>
internal sealed record Outcome
{
    /// <summary>What is said back; null for silence.</summary>
    public string? Reply { get; init; }

    /// <summary>reply, refusal, notice or farewell (the last word before silence).</summary>
    public string Purpose { get; init; } = "reply";

    public required Phrasebook Phrases { get; init; }
    public Guid? UserId { get; init; }

    /// <summary>The phone, or the address of a sender without one.</summary>
    public string? Subject { get; init; }

    /// <summary>The audit action; see <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>What was understood, for the command history; null when it was no command.</summary>
    public string? Intent { get; init; }

    public string? ErrorCode { get; init; }

    /// <summary>The message was turned away: the answer counts as a refusal, of which there is at most one a minute.</summary>
    public bool Refused => Action == AuditActions.MessageRejected;
}
