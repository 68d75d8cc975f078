using System.Globalization;
using FocoBot.Assistant.Replies;
using FocoBot.Assistant.Understanding;
using FocoBot.Events;
using FocoBot.Preferences;

namespace FocoBot.Assistant.Acting;

/// <summary>Changes the account's settings from a message.</summary>
public sealed class SettingsAction(EventLog events)
{
    private const string DefaultDigest = "08:00";

    public async Task<Reply> ChangeAsync(Turn turn, Setting? setting)
    {
        var reply = setting switch
        {
            { Key: "timezone" } when TimeZoneInfo.TryFindSystemTimeZoneById(setting.Value, out var zone) =>
                await SetAsync(turn, "time_zone = @value", zone.Id, turn.Say("settings.timezone", ("value", City(zone.Id)))).ConfigureAwait(false),
            { Key: "language", Value: "es" or "en" } =>
                await SetAsync(turn, "language = @value", setting.Value, new Reply(Phrasebook.Of(setting.Value).Say("settings.language"))).ConfigureAwait(false),
            { Key: "digest", Value: "off" } => await SetAsync(turn, "digest_enabled = false", "", turn.Say("settings.digest.off")).ConfigureAwait(false),
            { Key: "digest", Value: "on" } => await DigestOnAsync(turn).ConfigureAwait(false),
            { Key: "digest" } when TimeOnly.TryParseExact(setting.Value, AccountSettings.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) =>
                await SetAsync(turn, "digest_enabled = true, digest_time = @value", time, turn.Say("settings.digest.on", ("time", turn.Phrases.Time(time)))).ConfigureAwait(false),
            _ => null,
        };
        if (reply is null) return turn.Fail("UNKNOWN_SETTING", "settings.unknown");
        await events.AppendAsync(turn.Work, turn.UserId, AccountSettings.Updated, await AccountSettings.ReadAsync(turn.Work, turn.UserId).ConfigureAwait(false)).ConfigureAwait(false);
        return reply;
    }

    private static async Task<Reply> DigestOnAsync(Turn turn)
    {
        var time = await turn.Work.FirstAsync<TimeOnly?>("SELECT digest_time FROM accounts WHERE id = @UserId", new { turn.UserId }).ConfigureAwait(false)
            ?? TimeOnly.ParseExact(DefaultDigest, AccountSettings.TimeFormat, CultureInfo.InvariantCulture);
        return await SetAsync(turn, "digest_enabled = true", "", turn.Say("settings.digest.on", ("time", turn.Phrases.Time(time)))).ConfigureAwait(false);
    }

    // The value keeps its type on the way: each is stored in a form of its own.
    private static async Task<Reply> SetAsync<T>(Turn turn, string assignment, T value, Reply reply)
    {
        await turn.Work.ExecuteAsync($"UPDATE accounts SET {assignment}, updated_at = @Now WHERE id = @UserId", new { turn.UserId, turn.Now, value }).ConfigureAwait(false);
        return reply;
    }

    private static string City(string zone) => zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ');
}
