using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>An invitation to make: for one e-mail or for whoever holds it, good for some days (7 when missing).</summary>
public sealed record InviteRequest(string? Email, int? ExpiresInDays);

/// <summary>Invitations by an administrator, each good for one registration.</summary>
internal static class InviteEndpoints
{
    public static void MapInvites(this RouteGroupBuilder admin) =>
        admin.MapPost("/invites", MakeAsync).WithName("MakeInvite").WithSummary("Makes an invitation link");

    private static async Task<Results<Created<OneTimeLink>, ProblemHttpResult>> MakeAsync(
        InviteRequest request, Caller caller, HttpContext context, Database database, ServerOptions options, TimeProvider clock)
    {
        var email = default(Email);
        if (request.Email is { Length: > 0 } && !Email.TryParse(request.Email, out email)) return Problem.Invalid("email", "This is not an e-mail address.");
        var days = request.ExpiresInDays ?? AccountLimits.InviteDays;
        if (days is < 1 or > AccountLimits.InviteDaysMost) return Problem.Invalid("expiresInDays", $"An invitation lives 1 to {AccountLimits.InviteDaysMost} days.");
        var token = await database.AsService("an administrator's invitation").WriteAsync(async work =>
        {
            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.VerificationCodeSent, success: true, caller.AccountId) with { Details = new { what = "invite" } }).ConfigureAwait(false);
            return await AccountTokens.MakeAsync(work, clock, AccountTokens.Invite, null, email.Key, TimeSpan.FromDays(days)).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return TypedResults.Created((string?)null, new OneTimeLink(token, AccountLinks.Register(options, token), clock.GetUtcNow().AddDays(days)));
    }
}
