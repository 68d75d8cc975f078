using FocoBot.Accounts.Mail;
using FocoBot.Http;
using FocoBot.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Accounts;

/// <summary>The room of accounts: what it adds to the server.</summary>
public static class AccountsRoom
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(5);

    public static void AddAccounts(this IServiceCollection services, IConfiguration configuration, ServerOptions options)
    {
        var smtp = SmtpSettings.Load(configuration, options);
        services.AddSingleton(provider => new MailQueue(smtp, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MailQueue>>()));
        services.AddHostedService(provider => provider.GetRequiredService<MailQueue>());
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = AccountLimits.PasswordIterations);
        services.AddSingleton<Passwords>();
        services.AddSingleton<AccountThrottles>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<Login>();
        services.AddSingleton<Registration>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<Reauthentication>();
        services.AddSingleton<PasswordSetting>();
        services.AddSingleton<EmailSetting>();
        // The core alone: the rest of AddAuthentication keeps a key ring on disk for cookies that hold data. Ours holds a token.
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = AccountAuthentication.SchemeName;
            authentication.AddScheme<AccountAuthentication>(AccountAuthentication.SchemeName, null);
        });
        services.AddWebEncoders();
        services.AddTransient<AccountAuthentication>();
        services.AddAuthorization(Policies.Configure);
    }

    public static void UseAccounts(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    public static void MapAccounts(this WebApplication app)
    {
        var api = app.MapGroup("/api").WithTags("Accounts").AddEndpointFilter(RecordThrottlingAsync).WithMetadata(new RequestSizeLimitAttribute(AccountLimits.Body));
        var auth = api.MapGroup("/auth");
        auth.MapRegister();
        auth.MapLogin();
        auth.MapSessions();
        auth.MapTotp();
        auth.MapPassword();
        auth.MapPasswordReset();
        auth.MapEmail();
        api.MapKeys();
        var admin = api.MapGroup("/admin").RequireAdmin();
        admin.MapInvites();
        admin.MapPasswordResetLinks();
    }

    private static async ValueTask<object?> RecordThrottlingAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        object? result;
        try
        {
            result = await next(context).ConfigureAwait(false);
        }
        catch (HashingBusyException)
        {
            result = Problem.RateLimited(http, BusyPause);
        }

        if ((result is INestedHttpResult nested ? nested.Result : result) is IStatusCodeHttpResult { StatusCode: StatusCodes.Status429TooManyRequests })
            await http.RequestServices.GetRequiredService<DeniedAccess>()
                .RecordAsync(http, "RATE_LIMITED", Caller.From(http.User)?.AccountId, AuditActions.RateLimitViolation).ConfigureAwait(false);
        return result;
    }
}
