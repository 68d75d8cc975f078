using FocoBot.Accounts.Mail;
using FocoBot.Channels;
using FocoBot.Channels.Twilio;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Devices.Care;

/// <summary>
/// Tells owners what became of their devices, in the transaction that puts it down: in the account's log, and on the business channel or by mail, whatever reaches them. Never
/// through the device itself.
/// </summary>
internal sealed class OwnerNotices(EventLog events, Outbox outbox, Keyring keyring, TwilioOptions twilio, MailQueue mail, ServerOptions server, TimeProvider clock)
{
    internal const string BodyColumn = "device_notices.body";

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>Raised when a notice is to be mailed.</summary>
    public OutboxSignal MailWaits { get; } = new();

    /// <summary>Tells of trouble that lasts: once until the device is connected again. What the owner has brought about is no news.</summary>
    public async Task TellOnceAsync(Work work, Guid device, Notice notice)
    {
        var isNews = await work.ExecuteAsync(
            "UPDATE whatsapp_devices SET noticed = @Kind WHERE id = @device AND (noticed IS NULL OR noticed NOT IN (@Kind, 'unlinked'))", new { device, notice.Kind }).ConfigureAwait(false) > 0;
        if (isNews) await TellAsync(work, device, notice).ConfigureAwait(false);
    }

    /// <summary>Tells the owner of a device.</summary>
    public async Task TellAsync(Work work, Guid device, Notice notice)
    {
        var owner = await work.FirstAsync<Owner>(
            """
            SELECT d.user_id AS accountId, d.device_name AS deviceName, d.phone_number AS phone, a.language, a.time_zone AS timeZone
            FROM whatsapp_devices d JOIN accounts a ON a.id = d.user_id WHERE d.id = @device
            """, new { device }).ConfigureAwait(false);
        if (owner is null) return;
        var text = NoticeTexts.Of(notice, owner.Language, owner.DeviceName, owner.TimeZone);
        var link = $"{server.PublicBaseUrl ?? "http://localhost:5080"}/settings/whatsapp?relink={device}";
        await events.AppendAsync(work, owner.AccountId, "device.notice", new { kind = notice.Kind, message = text.Message, relinkUrl = link }, device).ConfigureAwait(false);

        var address = await BusinessAddressAsync(work, owner, notice).ConfigureAwait(false);
        if (address is null && !mail.IsConfigured) return;
        var (id, whole) = (Ids.New(clock), $"{text.Message} {link}");
        var key = await keyring.OfAsync(work, owner.AccountId).ConfigureAwait(false);
        await work.PostAsync(
            "INSERT INTO device_notices (id, user_id, device_id, kind, channel, body, created_at) VALUES (@id, @AccountId, @device, @Kind, @channel, @body, @now)",
            new
            {
                id, owner.AccountId, device, notice.Kind, channel = address is null ? "email" : ChannelNames.Twilio, now = clock.GetUtcNow(),
                body = key.SealJson(BodyColumn, id, new NoticeBody(text.Subject, $"{text.Message}\n{link}\n")),
            }).ConfigureAwait(false);
        if (address is null) work.OnCommit(MailWaits.Raise);
        else
            await outbox.EnqueueAsync(work, new OutgoingMessage(ChannelNames.Twilio, address, "notice", whole)
            {
                UserId = owner.AccountId, Template = nameof(TemplateKind.Notice), TemplateValues = [whole], Language = owner.Language, NoticeId = id,
            }).ConfigureAwait(false);
    }

    // A phone that is off, or whose account is banned, gets nothing from the business channel either: mail is better then, if there is any.
    private async Task<string?> BusinessAddressAsync(Work work, Owner owner, Notice notice)
    {
        if (!twilio.IsConfigured) return null;
        var links = await work.QueryAsync<LinkedPhone>(
            """
            SELECT l.address, l.phone, c.last_inbound_at AS lastInboundAt FROM whatsapp_user_links l LEFT JOIN contacts c ON c.address = l.address
            WHERE l.user_id = @AccountId AND l.verified AND l.suspended_reason IS NULL AND c.suppressed_at IS NULL AND c.bad_at IS NULL ORDER BY l.id
            """, new { owner.AccountId }).ConfigureAwait(false);
        var hasTemplate = twilio.Template(TemplateKind.Notice, owner.Language) is not null;
        var usable = links.FindAll(link => hasTemplate || link.LastInboundAt > clock.GetUtcNow() - Window);
        var fine = notice.IsAboutPhone ? usable.Find(link => !IsSame(link.Phone, owner.Phone)) : usable.FirstOrDefault();
        return (fine ?? (mail.IsConfigured ? null : usable.FirstOrDefault()))?.Address;
    }

    private static bool IsSame(string? phone, string? other) => phone is not null && other is not null && PhoneNumber.FromAddress(phone)?.Canonical == PhoneNumber.FromAddress(other)?.Canonical;

    private sealed record Owner(Guid AccountId, string DeviceName, string? Phone, string Language, string TimeZone);

    private sealed record LinkedPhone(string Address, string? Phone, DateTimeOffset? LastInboundAt);
}

/// <summary>The sealed content of a notice, for a mail.</summary>
internal sealed record NoticeBody(string Subject, string Text);
