using FocoBot.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.PhoneLinks;

/// <summary>What the owner of a linked device allows.</summary>
/// <param name="Chats"><c>own</c>: the chat with oneself and those that FocoBot has written to are kept; <c>all</c>: every chat.</param>
/// <param name="Assistant">The chat with oneself is a channel of the assistant.</param>
public sealed record DeviceConsent(string? Chats, bool? Assistant)
{
    /// <summary>What a device begins with: as little as can be.</summary>
    internal static readonly DeviceConsent Least = new("own", false);

    /// <summary>Null when it makes sense.</summary>
    internal ProblemHttpResult? Check() => Chats is null or "own" or "all" ? null : Problem.Invalid("consent.chats", "chats is own or all.");

    /// <summary>With what is left open as it is at the beginning.</summary>
    internal DeviceConsent Filled() => new(Chats ?? Least.Chats, Assistant ?? Least.Assistant);
}
