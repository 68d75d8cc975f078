using FocoBot.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>
/// An account to make. The language is es or en (es when missing), the zone an IANA id (Mexico City when missing), the
/// invite the token of an invitation or of the first administrator's link.
/// </summary>
public sealed record RegisterRequest(string? Email, string? Password, string? Language, string? TimeZone, string? Invite);

/// <summary>Making an account.</summary>
internal static class RegisterEndpoints
{
    public static void MapRegister(this RouteGroupBuilder auth) =>
        auth.MapPost("/register", RegisterAsync).AllowAnonymous().WithName("Register").WithSummary("Makes an account and signs it in");

    private static async Task<Results<Created<Me>, ProblemHttpResult>> RegisterAsync(
        RegisterRequest request, HttpContext context, Registration registration, Passwords passwords, AccountThrottles throttles, Sessions sessions)
    {
        if (throttles.Registrations.Take(ClientAddress.ThrottleKey(context)) is { } wait) return Problem.RateLimited(context, wait);
        if (!Email.TryParse(request.Email, out var email)) return Problem.Invalid("email", "This is not an e-mail address.");
        if (PasswordPolicy.Refusal(request.Password, email) is { } refusal) return Problem.Invalid("password", refusal);
        var language = request.Language ?? NewAccount.DefaultLanguage;
        if (language is not ("es" or "en")) return Problem.Invalid("language", "The language must be es or en.");
        var timeZone = request.TimeZone ?? NewAccount.DefaultTimeZone;
        if (!TimeZones.IsIana(timeZone)) return Problem.Invalid("timeZone", "The time zone must be an IANA id such as America/Mexico_City.");

        var hash = await passwords.HashAsync(request.Password!, context.RequestAborted).ConfigureAwait(false);
        try
        {
            var (me, token) = await registration.RegisterAsync(context, new NewAccount(email, hash, language, timeZone), request.Invite).ConfigureAwait(false);
            sessions.GiveCookie(context, token);
            return TypedResults.Created("/api/auth/me", me);
        }
        catch (RegistrationRefusedException e)
        {
            return Problem.Of(StatusCodes.Status403Forbidden, e.Code, e.Message);
        }
        catch (EmailTakenException)
        {
            // Registering signs in at once, so an e-mail that is taken can't be answered alike. What this tells is bounded:
            // few registrations an address and hour, and by default an invitation is needed to come this far.
            return Problem.Of(StatusCodes.Status409Conflict, "EMAIL_TAKEN", "There is an account with this e-mail. Sign in, or reset its password.");
        }
    }
}
