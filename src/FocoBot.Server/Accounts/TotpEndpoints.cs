using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Accounts;

/// <summary>A new second factor, to be scanned or typed into an authenticator app.</summary>
/// <param name="Secret">The secret in base32, to be typed.</param>
/// <param name="Uri">The same as an <c>otpauth:</c> address, which opens an app on the same device.</param>
/// <param name="QrCode">The address as a QR code, a PNG in a data URL.</param>
public sealed record TotpSetup(string Secret, string Uri, string QrCode);

/// <summary>The app's code, which proves that it has the secret.</summary>
public sealed record TotpCode(string? Code);

/// <summary>Stand-ins for a lost app, each good once, shown this once.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>The password again, for what a borrowed session must not do.</summary>
public sealed record PasswordAgain(string? Password);

/// <summary>Turning the second factor on and off.</summary>
internal static class TotpEndpoints
{
    public static void MapTotp(this RouteGroupBuilder auth)
    {
        auth.MapPost("/totp", BeginAsync).RequireWebSession().WithName("BeginTotp").WithSummary("Makes the secret of a second factor");
        auth.MapPost("/totp/confirm", ConfirmAsync).RequireWebSession().WithName("ConfirmTotp").WithSummary("Turns the second factor on; answers with the recovery codes");
        auth.MapDelete("/totp", EndAsync).RequireWebSession().WithName("EndTotp").WithSummary("Turns the second factor off");
    }

    private static async Task<Results<Ok<TotpSetup>, ProblemHttpResult>> BeginAsync(Caller caller, Database database, SecondFactor secondFactor, CancellationToken cancellation)
    {
        var (secret, email) = await database.AsAccount(caller.AccountId).WriteAsync(async work =>
            (await secondFactor.BeginAsync(work, caller.AccountId).ConfigureAwait(false), (await Me.ReadAsync(work, caller.AccountId).ConfigureAwait(false)).Email), cancellation).ConfigureAwait(false);
        if (secret is null) return Problem.Of(StatusCodes.Status409Conflict, "TOTP_ENABLED", "The second factor is on already. Turn it off first.");
        // The picture is drawn when nobody waits for the store.
        var uri = Totp.Uri(secret, email);
        return TypedResults.Ok(new TotpSetup(Totp.Base32(secret), uri, CodeImage.Of(uri)));
    }

    private static async Task<Results<Ok<RecoveryCodes>, ProblemHttpResult>> ConfirmAsync(
        TotpCode request, Caller caller, HttpContext context, Database database, SecondFactor secondFactor, TimeProvider clock)
    {
        var codes = await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            var made = await secondFactor.ConfirmAsync(work, caller.AccountId, request.Code ?? "").ConfigureAwait(false);
            if (made is not null) await AuditAsync(work, clock, context, caller, "totp_on").ConfigureAwait(false);
            return made;
        }).ConfigureAwait(false);
        return codes is not null ? TypedResults.Ok(new RecoveryCodes(codes))
            : Problem.Of(StatusCodes.Status422UnprocessableEntity, "CODE_INVALID", "This is not the app's code of now.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(
        [Microsoft.AspNetCore.Mvc.FromBody] PasswordAgain request, Caller caller, HttpContext context, Reauthentication again, Database database, TimeProvider clock)
    {
        if (await again.CheckAsync(context, caller.AccountId, request.Password).ConfigureAwait(false) is { } refusal) return refusal;
        await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            await SecondFactor.EndAsync(work, caller.AccountId).ConfigureAwait(false);
            await AuditAsync(work, clock, context, caller, "totp_off").ConfigureAwait(false);
        }).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static Task AuditAsync(Work work, TimeProvider clock, HttpContext context, Caller caller, string what) =>
        AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.CredentialChanged, success: true, caller.AccountId) with { Details = new { what } });
}
