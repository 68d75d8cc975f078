using FocoBot.Accounts;
using FocoBot.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Oversight;

/// <summary>What a lock has ended.</summary>
/// <param name="SessionsEnded">Other web sessions.</param>
/// <param name="KeysRevoked">API keys.</param>
/// <param name="DevicesDisconnected">Linked devices.</param>
internal sealed record LockAnswer(int SessionsEnded, int KeysRevoked, int DevicesDisconnected);

/// <summary>The password, once more.</summary>
internal sealed record UnlockRequest(string? Password);

/// <summary><c>/api/security/lock</c>.</summary>
internal static class SecurityLockEndpoints
{
    public static void MapSecurityLock(this RouteGroupBuilder api)
    {
        // Whoever is in a hurry has no password at hand: locking needs none, lifting does.
        api.MapPost("security/lock", LockAsync).RequireWebSession().WithName("lockAccount").WithSummary("Locks the account at once: phones, devices, API keys and all other web sessions");
        api.MapDelete("security/lock", LiftAsync).RequireWebSession().WithName("unlockAccount").WithSummary("Lifts the account's lock, with the password")
            .MayRefuse(403, "WRONG_PASSWORD").MayRefuse(404, "NOT_FOUND").MayRefuse(422, "INVALID").MayRefuse(429, "RATE_LIMITED");
    }

    private static async Task<Ok<LockAnswer>> LockAsync(Caller caller, HttpContext context, SecurityLock stop) => TypedResults.Ok(await stop.LockAsync(caller, context).ConfigureAwait(false));

    private static async Task<Results<NoContent, ProblemHttpResult>> LiftAsync([FromBody] UnlockRequest request, Caller caller, HttpContext context, Reauthentication again, SecurityLock stop)
    {
        if (await again.CheckAsync(context, caller.AccountId, request.Password).ConfigureAwait(false) is { } refusal) return refusal;
        return await stop.LiftAsync(caller, context).ConfigureAwait(false) ? TypedResults.NoContent() : Problem.NotFound("lock");
    }
}
