using System.Security.Claims;
using System.Text.Encodings.Web;
using FocoBot.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace FocoBot.Accounts;

/// <summary>
/// Finds out who calls: by <c>Authorization: Bearer fb_…</c> when the request has one, else by the session cookie.
/// A key that is no good doesn't fall back to a cookie.
/// </summary>
internal sealed class AccountAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Sessions sessions, ApiKeys keys, DeniedAccess denied)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "focobot";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ApiKeys.Presented(Request) is { } presented)
        {
            if (await keys.FindAsync(presented, Context.RequestAborted).ConfigureAwait(false) is { } key)
                return Accept([new(Caller.AccountClaim, key.AccountId.ToString()), new(Caller.KeyClaim, key.KeyId.ToString()),
                    .. key.Scopes.Split(' ').Select(scope => new Claim(Caller.ScopeClaim, scope))]);
            await denied.RecordAsync(Context, "KEY_REFUSED").ConfigureAwait(false);
            return AuthenticateResult.Fail("The API key is unknown, revoked or expired.");
        }

        if (await sessions.FindAsync(Context).ConfigureAwait(false) is not { } session) return AuthenticateResult.NoResult();
        List<Claim> claims = [new(Caller.AccountClaim, session.AccountId.ToString()), new(Caller.SessionClaim, session.SessionId.ToString())];
        if (session.Role == Caller.AdminRole) claims.Add(new(ClaimTypes.Role, Caller.AdminRole));
        return Accept(claims);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(StatusCodes.Status401Unauthorized, "AUTHENTICATION_FAILED", "Sign in, or present an API key.").ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        await denied.RecordAsync(Context, "FORBIDDEN", Caller.From(Context.User)?.AccountId).ConfigureAwait(false);
        await Problem.Of(StatusCodes.Status403Forbidden, "FORBIDDEN", "You may not do this.").ExecuteAsync(Context).ConfigureAwait(false);
    }

    private AuthenticateResult Accept(IEnumerable<Claim> claims) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName)), SchemeName));
}
