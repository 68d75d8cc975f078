using FocoBot.Security;

namespace FocoBot.Messages;

/// <summary>A device whose messages are kept.</summary>
/// <param name="Id">The device.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Key">What its messages are sealed under.</param>
public sealed record KeptDevice(Guid Id, Guid AccountId, DataKey Key);
