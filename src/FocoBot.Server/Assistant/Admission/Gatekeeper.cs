using FocoBot.Assistant.Acting;
using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.Replies;
using FocoBot.Assistant.Understanding;
using FocoBot.Channels;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Admission;

/// <summary>
/// Decides whether a message may act, in this order: opt-out, rate and penalties, link (or its verification), lockout,
/// bot session and fingerprint. What it turns away gets a reason, at most once a minute.
/// </summary>
internal sealed class Gatekeeper(RateGate rates, BotSessions sessions, LinkConversation linking, TimeProvider clock)
{
    private static readonly TimeSpan RefusalEvery = TimeSpan.FromMinutes(1);

    public Task<Admission> AdmitAsync(Work work, PendingMessage message, InboundContent content) =>
        message.UserId is { } account ? AdmitAccountAsync(work, message, content, account) : AdmitBusinessAsync(work, message, content);

    // The web and a linked device know whose message it is.
    private async Task<Admission> AdmitAccountAsync(Work work, PendingMessage message, InboundContent content, Guid accountId)
    {
        var account = await AccountAsync(work, accountId).ConfigureAwait(false);
        var (person, read) = Read(account, message, content);
        var standing = await rates.CheckAsync(work, message, message.Address, person.UserId, RateTier.Of(account.Tier)).ConfigureAwait(false);
        if (standing.Refusal is { } key) return Refuse(read, message.Address, person.UserId, key, "RATE_LIMITED");
        if (account.DisabledAt is not null || standing.Locked)
            return Refuse(read, message.Address, person.UserId, "refusal.locked", "ACCOUNT_LOCKED");
        return new Admission(person, message.Address, read, DialogDropped: false);
    }

    private async Task<Admission> AdmitBusinessAsync(Work work, PendingMessage message, InboundContent content)
    {
        var sender = new ChannelSender(message.Channel, message.Address, content.ExternalUserId, message.ProviderId);
        var contact = await Contacts.HeardFromAsync(work, message, sender.Phone, clock.GetUtcNow()).ConfigureAwait(false);
        var link = await BotSessions.FindAsync(work, sender).ConfigureAwait(false);
        var account = link is null ? Account.Stranger(contact.Language) : new Account(link.AccountId, link.Language, link.TimeZone, link.Tier, link.DisabledAt, link.ProjectId);
        var (person, read) = Read(account, message, content);

        // The wish to hear nothing more is honoured whatever else may stand against the sender.
        if (read.Understood.Intent == Intent.Stop) return await StopAsync(work, message, contact, read, sender.Subject, link?.AccountId).ConfigureAwait(false);

        var admission = await JudgeAsync(work, message, contact, sender, link, account, person, read).ConfigureAwait(false);
        return await SilencedAsync(work, message.Address, contact, admission).ConfigureAwait(false);
    }

    private async Task<Admission> JudgeAsync(Work work, PendingMessage message, Contact contact, ChannelSender sender, LinkedSender? link, Account account, Person person, Reading read)
    {
        var standing = await rates.CheckAsync(work, message, sender.Subject, link?.AccountId, RateTier.Of(link?.Tier)).ConfigureAwait(false);
        if (standing.Refusal is { } key) return Refuse(read, sender.Subject, link?.AccountId, key, "RATE_LIMITED");
        if (contact.SuppressedAt is not null && OptIn.IsMeantBy(read.Text)) return await StartAsync(work, message, read, sender.Subject, link?.AccountId).ConfigureAwait(false);
        if (await linking.TryAsync(work, sender, link, read).ConfigureAwait(false) is { } verified) return new Admission(person, sender.Subject, read, false, verified);
        if (link is null) return Refuse(read, sender.Subject, null, "refusal.notlinked", "NOT_LINKED");
        if (account.DisabledAt is not null || standing.Locked)
            return Refuse(read, sender.Subject, link.AccountId, "refusal.locked", "ACCOUNT_LOCKED");

        var verdict = await sessions.CheckAsync(work, link, sender).ConfigureAwait(false);
        return verdict.State switch
        {
            SessionState.Valid or SessionState.Renewed => new Admission(person, sender.Subject, read, verdict.DialogDropped),
            SessionState.Suspended => Refuse(read, sender.Subject, link.AccountId, "refusal.suspended", "LINK_SUSPENDED"),
            SessionState.Blocked => Refuse(read, sender.Subject, link.AccountId, "refusal.locked", "DEVICE_BLOCKED"),
            _ => Refuse(read, sender.Subject, link.AccountId, "refusal.session", "VERIFY_NEEDED"),
        };
    }

    // Said once; whoever asks again already knows.
    private async Task<Admission> StopAsync(Work work, PendingMessage message, Contact contact, Reading read, string subject, Guid? userId)
    {
        await Contacts.SuppressAsync(work, message.Address, clock.GetUtcNow(), "asked").ConfigureAwait(false);
        var farewell = OptedOutcome(read, subject, userId, "stop") with { Purpose = "farewell" };
        return new Admission(null, subject, read, false, contact.SuppressedAt is null ? farewell : farewell with { Reply = null });
    }

    private static async Task<Admission> StartAsync(Work work, PendingMessage message, Reading read, string subject, Guid? userId)
    {
        await Contacts.SuppressAsync(work, message.Address, null, "asked").ConfigureAwait(false);
        return new Admission(null, subject, read, false, OptedOutcome(read, subject, userId, "start"));
    }

    private static Outcome OptedOutcome(Reading read, string subject, Guid? userId, string intent) => new()
    {
        Reply = read.Phrases.Say($"{intent}.done"), Phrases = read.Phrases, UserId = userId, Subject = subject, Action = AuditActions.MessageProcessed, Intent = intent,
    };

    private async Task<Admission> SilencedAsync(Work work, string address, Contact contact, Admission admission)
    {
        if (admission.Outcome is not { Refused: true } refusal) return admission;
        var now = clock.GetUtcNow();
        if (now - contact.LastRefusalAt < RefusalEvery) return admission with { Outcome = refusal with { Reply = null } };
        await Contacts.RefusedAsync(work, address, now).ConfigureAwait(false);
        return admission;
    }

    private static Admission Refuse(Reading read, string subject, Guid? userId, string key, string code) => new(null, subject, read, false, new Outcome
    {
        Reply = read.Phrases.Say(key), Purpose = "refusal", Phrases = read.Phrases, UserId = userId, Subject = subject, Action = AuditActions.MessageRejected, ErrorCode = code,
    });

    private static (Person Person, Reading Read) Read(Account account, PendingMessage message, InboundContent content)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(account.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        var language = Languages.Of(account.Language);
        var text = WithoutAddress(content.Text.Trim());
        // "Tomorrow" is meant from when it was written, not from when we got round to it.
        var understood = Understander.Understand(text, language, message.ReceivedAt, zone);
        return (new Person(account.UserId, account.Language, zone, account.ProjectId), new Reading(text, understood, Phrasebook.Of(SlashCommands.SaysNoLanguage(text) ? language : understood.DetectedLanguage)));
    }

    // "/bot" speaks to us by name; what follows is the message.
    private static string WithoutAddress(string text) =>
        text.StartsWith("/bot ", StringComparison.OrdinalIgnoreCase) ? text["/bot ".Length..].TrimStart() : text;

    private static async Task<Account> AccountAsync(Work work, Guid userId) => (await work.FirstAsync<Account>(
        "SELECT id AS UserId, language, time_zone AS TimeZone, tier, disabled_at AS DisabledAt, current_project_id AS ProjectId FROM accounts WHERE id = @userId", new { userId }).ConfigureAwait(false))!;

    private sealed record Account(Guid UserId, string Language, string TimeZone, string? Tier, DateTimeOffset? DisabledAt, Guid? ProjectId)
    {
        public static Account Stranger(string? language) => new(Guid.Empty, language ?? "es", "America/Mexico_City", null, null, null);
    }
}

/// <summary>A message's text and what the parser made of it.</summary>
internal sealed record Reading(string Text, Understanding.Understanding Understood, Phrasebook Phrases);

/// <summary>May the message act? If not, <paramref name="Outcome"/> says what comes of it instead.</summary>
internal sealed record Admission(Person? Person, string Subject, Reading Read, bool DialogDropped, Outcome? Outcome = null);
