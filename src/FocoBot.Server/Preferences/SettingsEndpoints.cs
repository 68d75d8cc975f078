using System.Globalization;
using FocoBot.Accounts;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Preferences;

/// <summary>An account's preferences.</summary>
internal static class SettingsEndpoints
{
    public static void MapSettings(this WebApplication app)
    {
        var api = app.MapGroup("/api").WithTags("Accounts").WithMetadata(new RequestSizeLimitAttribute(AccountLimits.Body));
        api.MapGet("/settings", GetAsync).RequireScope(Scopes.AccountRead).WithName("GetSettings").WithSummary("The account's settings");
        api.MapPatch("/settings", ChangeAsync).RequireScope(Scopes.AccountWrite).WithName("ChangeSettings").WithSummary("Changes the settings that are given");
    }

    private static async Task<Ok<AccountSettings>> GetAsync(Caller caller, Database database, CancellationToken cancellation) =>
        TypedResults.Ok(await database.AsAccount(caller.AccountId).ReadAsync(work => AccountSettings.ReadAsync(work, caller.AccountId), cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<AccountSettings>, ProblemHttpResult>> ChangeAsync(AccountSettings request, Caller caller, Database database, EventLog events, TimeProvider clock)
    {
        if (request.Language is not (null or "es" or "en")) return Problem.Invalid("language", "The language must be es or en.");
        if (request.TimeZone is not null && !TimeZones.IsIana(request.TimeZone)) return Problem.Invalid("timeZone", "The time zone must be an IANA id such as America/Mexico_City.");
        if (!TryTime(request.Digest, out var digestTime)) return Problem.Invalid("digest.time", "A time looks like 08:00.");
        if (!TryTime(request.Summary, out var summaryTime)) return Problem.Invalid("summary.time", "A time looks like 20:00.");
        return TypedResults.Ok(await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            await work.ExecuteAsync(
                """
                UPDATE accounts SET language = coalesce(@Language, language), time_zone = coalesce(@TimeZone, time_zone),
                  digest_enabled = coalesce(@digestOn, digest_enabled), digest_time = coalesce(@digestTime, digest_time),
                  summary_enabled = coalesce(@summaryOn, summary_enabled), summary_time = coalesce(@summaryTime, summary_time),
                  updated_at = @now
                WHERE id = @AccountId
                """,
                new
                {
                    caller.AccountId, request.Language, request.TimeZone, digestOn = request.Digest?.Enabled, digestTime,
                    summaryOn = request.Summary?.Enabled, summaryTime, now = clock.GetUtcNow(),
                }).ConfigureAwait(false);
            // The first consent's time is the one that counts.
            if (request.LlmConsent is { } consent)
                await work.ExecuteAsync(
                    consent ? "UPDATE accounts SET llm_consent_at = coalesce(llm_consent_at, @now) WHERE id = @AccountId"
                        : "UPDATE accounts SET llm_consent_at = NULL WHERE id = @AccountId",
                    new { caller.AccountId, now = clock.GetUtcNow() }).ConfigureAwait(false);
            var settings = await AccountSettings.ReadAsync(work, caller.AccountId).ConfigureAwait(false);
            await events.AppendAsync(work, caller.AccountId, AccountSettings.Updated, settings).ConfigureAwait(false);
            return settings;
        }).ConfigureAwait(false));
    }

    private static bool TryTime(DailyMessage? message, out TimeOnly? time)
    {
        time = null;
        if (message?.Time is not { } text) return true;
        if (!TimeOnly.TryParseExact(text, AccountSettings.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)) return false;
        time = parsed;
        return true;
    }
}
