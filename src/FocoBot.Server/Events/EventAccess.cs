using System.Security.Claims;
using FocoBot.Accounts;

namespace FocoBot.Events;

/// <summary>Which events a reader may see: all of the account's, but messages only with the key for messages.</summary>
internal static class EventAccess
{
    private const string Message = "device.message";

    /// <summary>What a reader gets of an event; null for nothing.</summary>
    public static Func<LoggedEvent, LoggedEvent?> Of(ClaimsPrincipal user)
    {
        var isWeb = user.HasClaim(claim => claim.Type == Caller.SessionClaim);
        return isWeb || user.HasClaim(Caller.ScopeClaim, Scopes.MessagesRead) ? static happened => happened : static happened => happened.Type == Message ? null : happened;
    }
}
