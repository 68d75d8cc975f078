using System.Globalization;
using FocoBot.Storage;

namespace FocoBot.Preferences;

/// <summary>A daily message: whether, and when in the account's zone (<c>HH:mm</c>).</summary>
public sealed record DailyMessage(bool? Enabled, string? Time);

/// <summary>What the account prefers. In a change, what is missing stays as it is.</summary>
public sealed record AccountSettings(string? Language, string? TimeZone, DailyMessage? Digest, DailyMessage? Summary, bool? LlmConsent)
{
    /// <summary>The event that tells of a change; its payload is the settings as they are now.</summary>
    internal const string Updated = "settings.updated";

    internal const string TimeFormat = "HH:mm";

    /// <summary>The settings of an account.</summary>
    internal static async Task<AccountSettings> ReadAsync(Work work, Guid accountId)
    {
        var row = (await work.FirstAsync<Row>(
            """
            SELECT language, time_zone AS timeZone, digest_enabled AS digest, digest_time AS digestTime, summary_enabled AS summary, summary_time AS summaryTime,
              llm_consent_at AS consentAt FROM accounts WHERE id = @accountId
            """, new { accountId }).ConfigureAwait(false))!;
        return new AccountSettings(row.Language, row.TimeZone, new DailyMessage(row.Digest, Text(row.DigestTime)), new DailyMessage(row.Summary, Text(row.SummaryTime)), row.ConsentAt is not null);
    }

    private static string Text(TimeOnly time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private sealed record Row(string Language, string TimeZone, bool Digest, TimeOnly DigestTime, bool Summary, TimeOnly SummaryTime, DateTimeOffset? ConsentAt);
}
