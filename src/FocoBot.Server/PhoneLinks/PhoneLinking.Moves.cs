using FocoBot.Channels;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.PhoneLinks;

// A phone that was proven: linked at once, or moved from another account after a yes on WhatsApp.
public sealed partial class PhoneLinking
{
    /// <summary>The sender said yes to a move: completes it. Null when no move waits for this sender, so the yes was meant otherwise.</summary>
    public async Task<VerifyOutcome?> ConfirmMoveAsync(Work work, ChannelSender sender)
    {
        await LinkThrottle.SerialAsync(work, sender.Subject).ConfigureAwait(false);
        if (await WaitingMoveAsync(work, sender).ConfigureAwait(false) is not { } row) return null;
        var holders = await HoldersAsync(work, row.AccountId, sender).ConfigureAwait(false);
        foreach (var holder in holders)
        {
            await UnlinkAsync(work, holder, "moved").ConfigureAwait(false);
            await TellAsync(work, holder.AccountId).ConfigureAwait(false);
        }

        await ClearCodeAsync(work, row.Id).ConfigureAwait(false);
        await LinkAsync(work, row, sender, outbound: false, new RequestOrigin(null, null)).ConfigureAwait(false);
        return new VerifyOutcome(VerifyResult.Linked) { AccountId = row.AccountId, Language = row.Language, OldOwnerNotified = holders.Count > 0 };
    }

    /// <summary>The sender said no to a move: everything stays. False when no move waits for this sender.</summary>
    public async Task<bool> DeclineMoveAsync(Work work, ChannelSender sender)
    {
        if (await WaitingMoveAsync(work, sender).ConfigureAwait(false) is not { } row) return false;
        await ClearCodeAsync(work, row.Id).ConfigureAwait(false);
        return true;
    }

    private async Task<VerifyOutcome> ProvenAsync(Work work, CodeRow row, ChannelSender sender, bool outbound, RequestOrigin origin)
    {
        if ((await HoldersAsync(work, row.AccountId, sender).ConfigureAwait(false)).Count == 0)
        {
            await LinkAsync(work, row, sender, outbound, origin).ConfigureAwait(false);
            return new VerifyOutcome(VerifyResult.Linked) { AccountId = row.AccountId, Language = row.Language };
        }

        var question = new { row.Id, sender.Address, sender.Phone, now = clock.GetUtcNow(), expires = clock.GetUtcNow() + LinkLimits.MoveLife };
        // One yes must mean one move: a newer question takes the place of an older one.
        await work.ExecuteAsync(
            $"UPDATE whatsapp_user_links SET code_purpose = NULL WHERE code_purpose = '{CodePurpose.Move}' AND (code_address = @Address OR phone = @Phone)", question).ConfigureAwait(false);
        await work.ExecuteAsync(
            $"UPDATE whatsapp_user_links SET code_purpose = '{CodePurpose.Move}', code_address = @Address, code_expires_at = @expires, updated_at = @now WHERE id = @Id", question).ConfigureAwait(false);
        await AuditAsync(work, AuditActions.VerificationAttempt, row, sender, origin).ConfigureAwait(false);
        // Someone who wrote gets a reply; someone who typed a code in the web has to be asked on WhatsApp.
        if (outbound) await NoticeAsync(work, row.AccountId, sender.Address, row.Language, CodeMessages.ConfirmMove(row.Language)).ConfigureAwait(false);
        return new VerifyOutcome(VerifyResult.MoveNeedsConfirmation) { AccountId = row.AccountId, Language = row.Language };
    }

    private async Task LinkAsync(Work work, CodeRow row, ChannelSender sender, bool outbound, RequestOrigin origin)
    {
        var now = clock.GetUtcNow();
        var same = new { row.AccountId, row.Id, sender.Address, sender.Phone };
        var former = await work.QueryAsync<string>(
            "SELECT address FROM whatsapp_user_links WHERE user_id = @AccountId AND address IS NOT NULL AND (id = @Id OR address = @Address OR phone = @Phone)", same).ConfigureAwait(false);
        foreach (var address in former) await sessions.RevokeAsync(work, row.AccountId, address, "verified_again").ConfigureAwait(false);
        // Other rows of the account for the same sender have become one with this.
        await work.ExecuteAsync("DELETE FROM whatsapp_user_links WHERE user_id = @AccountId AND id <> @Id AND (address = @Address OR phone = @Phone)", same).ConfigureAwait(false);
        await work.ExecuteAsync(
            """
            UPDATE whatsapp_user_links SET verified = true, address = @Address, phone = coalesce(phone, @Phone), suspended_reason = NULL,
              first_message_until = @firstMessageUntil, linked_at = @now, updated_at = @now
            WHERE id = @Id
            """,
            new { row.Id, sender.Address, sender.Phone, now, firstMessageUntil = outbound ? now + LinkLimits.FirstMessage : (DateTimeOffset?)null }).ConfigureAwait(false);
        if (outbound)
        {
            // The phone is proven, but what its messages look like is not known until the first one.
            await work.ExecuteAsync("UPDATE contacts SET external_user_id = NULL WHERE address = @Address", new { sender.Address }).ConfigureAwait(false);
        }
        else
        {
            await fingerprints.TrustAsync(work, row.AccountId, sender, verified: true).ConfigureAwait(false);
            await sessions.OpenAsync(work, row.AccountId, sender).ConfigureAwait(false);
        }

        await AuditAsync(work, AuditActions.VerificationSuccess, row, sender, origin).ConfigureAwait(false);
        await AuditAsync(work, AuditActions.AccountLinked, row, sender, origin).ConfigureAwait(false);
        await events.AppendAsync(work, row.AccountId, "phone.linked", new { linkId = row.Id, sender.Phone }).ConfigureAwait(false);
        if (await DeviceWishes.VerifiedAsync(work, row.Id, now).ConfigureAwait(false)) work.OnCommit(() => wishes.Raise(row.Id));
    }

    private async Task<CodeRow?> WaitingMoveAsync(Work work, ChannelSender sender) => await work.FirstAsync<CodeRow>(
        $"""
        SELECT {CodeColumns} FROM whatsapp_user_links l JOIN accounts a ON a.id = l.user_id
        WHERE l.code_purpose = '{CodePurpose.Move}' AND l.code_expires_at > @now AND (l.code_address = @Address OR l.phone = @Phone)
        ORDER BY l.updated_at DESC LIMIT 1 /*pg: FOR UPDATE OF l */
        """, new { sender.Address, sender.Phone, now = clock.GetUtcNow() }).ConfigureAwait(false);

    private static Task<List<PhoneLink>> HoldersAsync(Work work, Guid accountId, ChannelSender sender) => work.QueryAsync<PhoneLink>(
        $"SELECT {LinkColumns} FROM whatsapp_user_links WHERE verified AND user_id <> @accountId AND (address = @Address OR phone = @Phone) /*pg: FOR UPDATE */",
        new { accountId, sender.Address, sender.Phone });

    // The event in its log reaches the former owner's web; another phone of the account, if there is one, is told as well.
    private async Task TellAsync(Work work, Guid accountId)
    {
        var other = await work.FirstAsync<OtherPhone>(
            """
            SELECT l.address, a.language FROM whatsapp_user_links l JOIN accounts a ON a.id = l.user_id
            WHERE l.user_id = @accountId AND l.verified AND l.suspended_reason IS NULL ORDER BY l.id LIMIT 1
            """, new { accountId }).ConfigureAwait(false);
        if (other is not null) await NoticeAsync(work, accountId, other.Address, other.Language, CodeMessages.Moved(other.Language)).ConfigureAwait(false);
    }

    private Task NoticeAsync(Work work, Guid accountId, string address, string language, string text) => outbox.EnqueueAsync(work,
        new OutgoingMessage(ChannelNames.Twilio, address, "notice", text) { UserId = accountId, Template = "NOTICE", TemplateValues = [text], Language = language });

    private Task AuditAsync(Work work, string action, CodeRow row, ChannelSender sender, RequestOrigin origin) => AuditLog.WriteAsync(work, clock, new AuditEntry(action, true)
    {
        UserId = row.AccountId,
        Phone = sender.Subject,
        MessageSid = sender.MessageSid,
        IpAddress = origin.Ip,
        UserAgent = origin.UserAgent,
    });

    private sealed record OtherPhone(string Address, string Language);
}
