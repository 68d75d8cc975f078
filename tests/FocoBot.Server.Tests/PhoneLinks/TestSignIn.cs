using System.Security.Claims;
using System.Text.Encodings.Web;
using FocoBot.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FocoBot.Tests.PhoneLinks;

/// <summary>Signs in whoever a header names, with the claims of a web session and one scope; for tests of endpoints that only need a caller.</summary>
internal sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Name = "test";
    private const string Header = "X-Test-Caller";

    public static void Register(IServiceCollection services)
    {
        services.AddAuthentication(Name).AddScheme<AuthenticationSchemeOptions, TestSignIn>(Name, null);
        var policies = services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All) policies.AddPolicy(scope, policy => policy.RequireClaim(Caller.ScopeClaim, scope));
    }

    public static void As(HttpClient client, Caller caller, string scope = Scopes.Links) => client.DefaultRequestHeaders.Add(Header, $"{caller.AccountId} {caller.SessionId} {scope}");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Header].ToString().Split(' ') is not [var account, var session, var scope]) return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new(Caller.AccountClaim, account), new(Caller.SessionClaim, session), new(Caller.ScopeClaim, scope)], Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
    }
}
