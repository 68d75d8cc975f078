using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace FocoBot.Accounts;

/// <summary>Who may call what.</summary>
public static class Policies
{
    private const string WebSession = "web";
    private const string Admin = "admin";

    /// <summary>Lets in a web session only: a key must not change how its account signs in.</summary>
    public static TBuilder RequireWebSession<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(WebSession);

    /// <summary>Lets in an administrator's web session; an administrator's key is a key like any other.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(Admin);

    internal static void Configure(AuthorizationOptions options)
    {
        foreach (var scope in Scopes.All)
            options.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => IsWeb(context.User) || context.User.HasClaim(Caller.ScopeClaim, scope)));
        options.AddPolicy(WebSession, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => IsWeb(context.User)));
        options.AddPolicy(Admin, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => IsWeb(context.User)).RequireRole(Caller.AdminRole));

        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(context =>
            context.User.Identity?.IsAuthenticated == true || (context.Resource is HttpContext http && IsOpen(http))).Build();
    }

    // What forgot to say who may call it is closed; pages and health answers outside /api are open. Routing's own
    // refusals (405, 415) are endpoints without a route, and do nothing but answer.
    private static bool IsOpen(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || http.GetEndpoint() is not (null or RouteEndpoint);

    private static bool IsWeb(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == Caller.SessionClaim);
}
