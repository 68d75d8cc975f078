using System.Net;
using FocoBot.Accounts;
using FocoBot.Channels;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

/// <summary>Where a request came from, for the audit log and the limits.</summary>
public sealed record RequestOrigin(IPAddress? Ip, string? UserAgent);

/// <summary>A code that was made, or the time to wait for one.</summary>
/// <param name="RetryAfter">Set when no code was made.</param>
/// <param name="Code">The code to show; null when it was sent to the phone.</param>
/// <param name="ExpiresAt">When it dies.</param>
/// <param name="Language">The account's language.</param>
internal sealed record CodeIssue(TimeSpan? RetryAfter, string? Code = null, DateTimeOffset ExpiresAt = default, string Language = "es");

/// <summary>
/// Makes the codes that prove a phone. Each kills the one before it. Nothing here looks at other accounts' links, so the answer
/// can't tell whether a phone is known.
/// </summary>
internal sealed class CodeRequests(Secrets secrets, Outbox outbox, TimeProvider clock)
{
    private readonly LinkThrottle _throttle = new(clock);

    /// <summary>A code for the account to send from <paramref name="phone"/>; without a phone, one that any sender who hides the number may send.</summary>
    public async Task<CodeIssue> ShowAsync(Work work, Caller caller, PhoneNumber? phone, RequestOrigin origin)
    {
        if (await _throttle.TakeAsync(work, caller.AccountId, phone?.Canonical ?? "", LinkThrottle.Shown, origin.Ip).ConfigureAwait(false) is { } wait) return new CodeIssue(wait);
        var code = phone is null ? LinkCode.NewLetters() : LinkCode.NewDigits();
        var link = await LinkIdAsync(work, caller.AccountId, phone).ConfigureAwait(false);
        var hash = LinkCode.Hash(secrets.Pepper, phone is null ? Guid.Empty : link, CodePurpose.Inbound, code);
        return await SaveAsync(work, caller, phone, origin, link, CodePurpose.Inbound, hash, null).ConfigureAwait(false) with { Code = code };
    }

    /// <summary>Sends a code to <paramref name="phone"/>, for the caller's session to type.</summary>
    public async Task<CodeIssue> SendAsync(Work work, Caller caller, PhoneNumber phone, RequestOrigin origin)
    {
        if (await _throttle.TakeAsync(work, caller.AccountId, phone.Canonical, LinkThrottle.Sent, origin.Ip).ConfigureAwait(false) is { } wait) return new CodeIssue(wait);
        var code = LinkCode.NewDigits();
        var link = await LinkIdAsync(work, caller.AccountId, phone).ConfigureAwait(false);
        // Where the phone has written from is surely right; how it was typed may be the old or the new form.
        var address = await work.FirstAsync<string>(
            "SELECT address FROM contacts WHERE phone = @Canonical ORDER BY (last_inbound_at IS NULL), last_inbound_at DESC LIMIT 1", new { phone.Canonical }).ConfigureAwait(false)
            ?? "whatsapp:" + phone.E164;
        var issue = await SaveAsync(work, caller, phone, origin, link, CodePurpose.Outbound, LinkCode.Hash(secrets.Pepper, link, CodePurpose.Outbound, code), address).ConfigureAwait(false);
        await outbox.EnqueueAsync(work, new OutgoingMessage(ChannelNames.Twilio, address, "code", CodeMessages.Code(issue.Language, code))
        {
            UserId = caller.AccountId,
            Template = "CODE",
            TemplateValues = [code],
            Language = issue.Language,
        }).ConfigureAwait(false);
        return issue;
    }

    // One row a phone and account; of rows without a phone the newest only. Requests that came to nothing leave after a day.
    private async Task<Guid> LinkIdAsync(Work work, Guid accountId, PhoneNumber? phone)
    {
        await work.ExecuteAsync("DELETE FROM whatsapp_user_links WHERE user_id = @accountId AND NOT verified AND ((phone IS NULL AND @phoneless) OR updated_at < @dayAgo)",
            new { accountId, phoneless = phone is null, dayAgo = clock.GetUtcNow().AddDays(-1) }).ConfigureAwait(false);
        var known = phone is null ? Guid.Empty : await work.FirstAsync<Guid>(
            "SELECT id FROM whatsapp_user_links WHERE user_id = @accountId AND phone = @Canonical /*pg: FOR UPDATE */", new { accountId, phone.Canonical }).ConfigureAwait(false);
        return known == Guid.Empty ? Ids.New(clock) : known;
    }

    private async Task<CodeIssue> SaveAsync(Work work, Caller caller, PhoneNumber? phone, RequestOrigin origin, Guid link, string purpose, byte[] hash, string? address)
    {
        var now = clock.GetUtcNow();
        var expires = now + LinkLimits.CodeLife;
        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_user_links (id, user_id, phone, code_hash, code_purpose, code_address, code_session, code_expires_at, created_at, updated_at)
            VALUES (@link, @AccountId, @phone, @hash, @purpose, @address, @session, @expires, @now, @now)
            ON CONFLICT (id) DO UPDATE SET code_hash = excluded.code_hash, code_purpose = excluded.code_purpose, code_address = excluded.code_address,
              code_session = excluded.code_session, code_expires_at = excluded.code_expires_at, code_attempts = 0, updated_at = excluded.updated_at
            """,
            new { link, caller.AccountId, phone = phone?.Canonical, hash, purpose, address, session = caller.SessionId ?? caller.ApiKeyId, expires, now }).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.VerificationCodeSent, true)
        {
            UserId = caller.AccountId,
            Phone = phone?.Canonical,
            Details = new { purpose },
            IpAddress = origin.Ip,
            UserAgent = origin.UserAgent,
        }).ConfigureAwait(false);
        var language = await work.ScalarAsync<string>("SELECT language FROM accounts WHERE id = @AccountId", new { caller.AccountId }).ConfigureAwait(false);
        return new CodeIssue(null, ExpiresAt: expires, Language: language);
    }
}
