using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>A sign-in; an account with a second factor also needs the app's code or a recovery code.</summary>
public sealed record LoginRequest(string? Email, string? Password, string? Code);

/// <summary>Signing in and out.</summary>
internal static class LoginEndpoints
{
    public static void MapLogin(this RouteGroupBuilder auth)
    {
        auth.MapPost("/login", LoginAsync).AllowAnonymous().WithName("Login").WithSummary("Signs in and sets the session cookie");
        auth.MapPost("/logout", LogoutAsync).AllowAnonymous().WithName("Logout").WithSummary("Ends this web session");
        auth.MapGet("/me", MeAsync).RequireScope(Scopes.AccountRead).WithName("GetMe").WithSummary("The signed-in account");
    }

    private static async Task<Results<Ok<Me>, ProblemHttpResult>> LoginAsync(LoginRequest request, HttpContext context, Login login, Sessions sessions)
    {
        if (!Email.TryParse(request.Email, out var email)) return Problem.Invalid("email", "This is not an e-mail address.");
        if (request.Password is null or { Length: 0 or > AccountLimits.PasswordLongest }) return Problem.Invalid("password", "The password is missing or too long.");
        if (request.Code is { Length: > AccountLimits.Token }) return Problem.Invalid("code", "The code is too long.");
        var (token, me, refusal) = await login.TryAsync(context, email, request.Password, request.Code).ConfigureAwait(false);
        if (refusal is not null) return refusal;
        sessions.GiveCookie(context, token!);
        return TypedResults.Ok(me);
    }

    // Open to all: whoever is signed out already, or by another tab, gets the same answer.
    private static async Task<NoContent> LogoutAsync(HttpContext context, Sessions sessions)
    {
        if (Caller.From(context.User) is { SessionId: { } session } caller)
            await sessions.EndAsync(context, caller.AccountId, session).ConfigureAwait(false);
        sessions.TakeCookie(context);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Me>> MeAsync(Caller caller, Database database, CancellationToken cancellation) =>
        TypedResults.Ok(await database.AsAccount(caller.AccountId).ReadAsync(work => Me.ReadAsync(work, caller.AccountId), cancellation).ConfigureAwait(false));
}
