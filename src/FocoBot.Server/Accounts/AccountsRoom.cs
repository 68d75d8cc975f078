using FocoBot.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Accounts;

/// <summary>The room of accounts: what it adds to the server.</summary>
public static class AccountsRoom
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = AccountLimits.PasswordIterations);
        services.AddSingleton<Passwords>();
        services.AddSingleton<AccountThrottles>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<Login>();
        services.AddSingleton<Registration>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<CallerCheck>();
        services.AddAuthentication(AccountAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, AccountAuthentication>(AccountAuthentication.SchemeName, null);
        services.AddAuthorization(Policies.Configure);
    }

    public static void UseAccounts(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    public static void MapAccounts(this WebApplication app)
    {
        var api = app.MapGroup("/api").WithTags("Accounts").AddEndpointFilter(RefuseWhenBusyAsync).WithMetadata(new RequestSizeLimitAttribute(AccountLimits.Body));
        var auth = api.MapGroup("/auth");
        auth.MapRegister();
        auth.MapLogin();
        auth.MapSessions();
        api.MapKeys();
    }

    private static async ValueTask<object?> RefuseWhenBusyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (HashingBusyException)
        {
            return Problem.RateLimited(context.HttpContext, TimeSpan.FromSeconds(5));
        }
    }
}
