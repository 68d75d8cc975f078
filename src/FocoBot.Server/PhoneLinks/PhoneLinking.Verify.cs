using System.Security.Cryptography;
using FocoBot.Accounts;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

/// <summary>What came of a code.</summary>
public enum VerifyResult
{
    /// <summary>The phone is linked.</summary>
    Linked,

    /// <summary>The phone is proven but another account's; a yes from it on WhatsApp within ten minutes moves it.</summary>
    MoveNeedsConfirmation,

    /// <summary>No live code is like it. Says nothing of whether there is one.</summary>
    Wrong,

    /// <summary>It was right, and came too late. Told only to the sender it was made for.</summary>
    Expired,

    /// <summary>Too many wrong codes from here; nothing was looked at.</summary>
    TooManyAttempts,
}

/// <summary>The outcome of a verification. Account and language are known when the code was right.</summary>
public sealed record VerifyOutcome(VerifyResult Result)
{
    public Guid? AccountId { get; init; }

    /// <summary>The account's language.</summary>
    public string? Language { get; init; }

    /// <summary>The phone was another account's, which has been told.</summary>
    public bool OldOwnerNotified { get; init; }

    /// <summary>With <see cref="VerifyResult.TooManyAttempts"/>: how long until the next is looked at.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

// Codes: which one was meant, and is it good?
public sealed partial class PhoneLinking
{
    private const string CodeColumns =
        "l.id, l.user_id AS accountId, l.phone, l.code_hash AS hash, l.code_purpose AS purpose, l.code_session AS session, l.code_address AS address, l.code_expires_at AS expiresAt, a.language";

    /// <summary>
    /// Takes a code that <paramref name="sender"/> wrote on WhatsApp. Six digits prove the phone it came from, for whichever account
    /// asked for that phone; eight characters prove an address without a phone.
    /// </summary>
    public async Task<VerifyOutcome> VerifyInboundAsync(Work work, ChannelSender sender, string code)
    {
        await LinkThrottle.SerialAsync(work, sender.Subject).ConfigureAwait(false);
        if (await _throttle.SenderWaitAsync(work, sender.Address).ConfigureAwait(false) is { } wait)
            return new VerifyOutcome(VerifyResult.TooManyAttempts) { RetryAfter = wait };

        var clean = LinkCode.Clean(code);
        var matches = clean is null ? [] : await MatchesAsync(work, sender, clean).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        // Two accounts that drew the same code for one phone: which was meant can't be known.
        if (matches.FindAll(row => row.ExpiresAt > now) is [var match])
        {
            await ClearCodeAsync(work, match.Id).ConfigureAwait(false);
            return await ProvenAsync(work, match, sender, outbound: false, new RequestOrigin(null, null)).ConfigureAwait(false);
        }

        await CountWrongAsync(work, sender).ConfigureAwait(false);
        var expired = matches.Count == 1;
        await AuditLog.WriteAsync(work, clock, new AuditEntry(expired ? AuditActions.VerificationExpired : AuditActions.VerificationFailed, false)
        {
            UserId = expired ? matches[0].AccountId : null,
            Phone = sender.Subject,
            MessageSid = sender.MessageSid,
            ErrorCode = "CODE_INVALID",
        }).ConfigureAwait(false);
        return expired ? new VerifyOutcome(VerifyResult.Expired) { AccountId = matches[0].AccountId, Language = matches[0].Language } : new VerifyOutcome(VerifyResult.Wrong);
    }

    /// <summary>
    /// Takes a code that an account typed: only one that was sent to the phone counts, and only in the web session or with the
    /// API key that asked for it. Anything else is a wrong code, the one shown by <c>link</c> too, and all wrong codes look alike.
    /// </summary>
    internal async Task<VerifyOutcome> VerifyTypedAsync(Work work, Caller caller, PhoneNumber phone, string code, RequestOrigin origin)
    {
        await LinkThrottle.SerialAsync(work, $"account {caller.AccountId}").ConfigureAwait(false);
        await LinkThrottle.SerialAsync(work, phone.Canonical).ConfigureAwait(false);
        if (await _throttle.TypedWaitAsync(work, caller.AccountId).ConfigureAwait(false) is { } wait)
            return new VerifyOutcome(VerifyResult.TooManyAttempts) { RetryAfter = wait };

        var row = await work.FirstAsync<CodeRow>(
            $"SELECT {CodeColumns} FROM whatsapp_user_links l JOIN accounts a ON a.id = l.user_id WHERE l.user_id = @AccountId AND l.phone = @Canonical /*pg: FOR UPDATE OF l */",
            new { caller.AccountId, phone.Canonical }).ConfigureAwait(false);
        var right = row is { Purpose: CodePurpose.Outbound } && row.Session == (caller.SessionId ?? caller.ApiKeyId)
            && LinkCode.Clean(code) is { } clean && IsCode(row, row.Id, clean);
        if (right && row!.ExpiresAt > clock.GetUtcNow())
        {
            await ClearCodeAsync(work, row.Id).ConfigureAwait(false);
            return await ProvenAsync(work, row, new ChannelSender(Channels.ChannelNames.Twilio, row.Address!), outbound: true, origin).ConfigureAwait(false);
        }

        await _throttle.TypedWrongAsync(work, caller.AccountId, phone.Canonical).ConfigureAwait(false);
        if (row is not null) await CountWrongAsync(work, "id = @id", new { id = row.Id, now = clock.GetUtcNow() }).ConfigureAwait(false);
        await AuditLog.WriteAsync(work, clock, new AuditEntry(right ? AuditActions.VerificationExpired : AuditActions.VerificationFailed, false)
        {
            UserId = caller.AccountId,
            Phone = phone.Canonical,
            ErrorCode = "CODE_INVALID",
            IpAddress = origin.Ip,
            UserAgent = origin.UserAgent,
        }).ConfigureAwait(false);
        return new VerifyOutcome(VerifyResult.Wrong);
    }

    private async Task<List<CodeRow>> MatchesAsync(Work work, ChannelSender sender, string code)
    {
        if (LinkCode.IsLetters(code))
        {
            // A code without a phone works for hidden numbers only: published as a link, it would gather up everybody's phones.
            if (sender.Phone is not null) return [];
            var hash = LinkCode.Hash(secrets.Pepper, Guid.Empty, CodePurpose.Inbound, code);
            return await work.QueryAsync<CodeRow>(
                $"SELECT {CodeColumns} FROM whatsapp_user_links l JOIN accounts a ON a.id = l.user_id WHERE l.code_hash = @hash AND l.phone IS NULL /*pg: FOR UPDATE OF l */", new { hash }).ConfigureAwait(false);
        }

        if (sender.Phone is null) return [];
        var rows = await work.QueryAsync<CodeRow>(
            $"""
            SELECT {CodeColumns} FROM whatsapp_user_links l JOIN accounts a ON a.id = l.user_id
            WHERE l.phone = @Phone AND l.code_purpose = '{CodePurpose.Inbound}' AND l.code_hash IS NOT NULL
            ORDER BY l.code_expires_at DESC LIMIT {LinkLimits.CandidatesAPhone} /*pg: FOR UPDATE OF l */
            """, new { sender.Phone }).ConfigureAwait(false);
        return rows.FindAll(row => IsCode(row, row.Id, code));
    }

    private bool IsCode(CodeRow row, Guid link, string code) =>
        row.Hash is not null && CryptographicOperations.FixedTimeEquals(row.Hash, LinkCode.Hash(secrets.Pepper, link, row.Purpose!, code));

    private async Task CountWrongAsync(Work work, ChannelSender sender)
    {
        await _throttle.SenderWrongAsync(work, sender.Address).ConfigureAwait(false);
        if (sender.Phone is null) return;
        await CountWrongAsync(work, $"phone = @Phone AND code_purpose = '{CodePurpose.Inbound}'", new { sender.Phone, now = clock.GetUtcNow() }).ConfigureAwait(false);
    }

    // The third wrong try burns the code.
    private static Task CountWrongAsync(Work work, string which, object args) => work.ExecuteAsync(
        $"""
        UPDATE whatsapp_user_links SET code_attempts = code_attempts + 1, updated_at = @now,
          code_hash = CASE WHEN code_attempts + 1 >= {LinkLimits.AttemptsACode} THEN NULL ELSE code_hash END
        WHERE {which} AND code_hash IS NOT NULL
        """, args);

    private static Task ClearCodeAsync(Work work, Guid link) => work.ExecuteAsync(
        "UPDATE whatsapp_user_links SET code_hash = NULL, code_purpose = NULL, code_session = NULL, code_address = NULL, code_expires_at = NULL, code_attempts = 0 WHERE id = @link", new { link });

    private sealed record CodeRow(Guid Id, Guid AccountId, string? Phone, byte[]? Hash, string? Purpose, Guid? Session, string? Address, DateTimeOffset? ExpiresAt, string Language);
}
