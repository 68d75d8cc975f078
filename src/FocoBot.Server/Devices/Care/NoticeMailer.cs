using FocoBot.Accounts.Mail;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Devices.Care;

/// <summary>
/// Mails notices: those that are for mail, and those that the business channel could not deliver after all. Each try is put down before it begins, so that a restart neither
/// forgets a notice nor sends it at once again.
/// </summary>
internal sealed class NoticeMailer(Database database, Keyring keyring, OwnerNotices notices, MailQueue mail, TimeProvider clock, ILogger<NoticeMailer> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mail.IsConfigured) return;
        try
        {
            while (true)
            {
                await TurnAsync(stoppingToken).ConfigureAwait(false);
                await notices.MailWaits.WaitAsync(CareLimits.MailRound, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var waiting in await WaitingAsync(stopping).ConfigureAwait(false))
                if (await BeginAsync(waiting).ConfigureAwait(false)) await SendAsync(waiting, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            DevicesLog.NoticesNotMailed(log, e.GetType().Name);
        }
    }

    // A message that failed may have been replaced by another one for the same notice.
    private Task<List<WaitingNotice>> WaitingAsync(CancellationToken stopping) => database.AsService("notices to mail").ReadAsync(async work =>
    {
        var found = new List<WaitingNotice>();
        foreach (var row in await work.QueryAsync<Row>(
            """
            SELECT n.id, n.user_id AS accountId, n.body, n.attempts, a.email FROM device_notices n JOIN accounts a ON a.id = n.user_id
            WHERE n.done_at IS NULL AND (n.next_try_at IS NULL OR n.next_try_at <= @now)
              AND (n.channel = 'email' OR (EXISTS (SELECT 1 FROM outbox o WHERE o.notice_id = n.id AND o.state IN ('failed', 'suppressed'))
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.notice_id = n.id AND o.state NOT IN ('failed', 'suppressed'))))
            ORDER BY n.id LIMIT @MailBatch
            """, new { now = clock.GetUtcNow(), CareLimits.MailBatch }).ConfigureAwait(false))
        {
            var key = await keyring.OfAsync(work, row.AccountId).ConfigureAwait(false);
            found.Add(new WaitingNotice(row.Id, row.Email, row.Attempts, key.OpenJson<NoticeBody>(OwnerNotices.BodyColumn, row.Id, row.Body)));
        }

        return found;
    }, stopping);

    // False when another server was quicker.
    private async Task<bool> BeginAsync(WaitingNotice waiting) => await database.AsService("mail a notice").WriteAsync(work => work.ExecuteAsync(
        "UPDATE device_notices SET channel = 'email', attempts = attempts + 1, next_try_at = @next WHERE id = @Id AND done_at IS NULL AND attempts = @Attempts",
        new { waiting.Id, waiting.Attempts, next = clock.GetUtcNow() + CareLimits.MailAgain * (1L << (int)waiting.Attempts) })).ConfigureAwait(false) > 0;

    private async Task SendAsync(WaitingNotice waiting, CancellationToken stopping)
    {
        var isSent = await mail.SendNowAsync(new MailMessage(waiting.Email, waiting.Body.Subject, waiting.Body.Text), waiting.Id, stopping).ConfigureAwait(false);
        if (!isSent && waiting.Attempts + 1 < CareLimits.MailTries) return;
        // Not given up half-way: it would go out again.
        await database.AsService("a notice was mailed").WriteAsync(
            work => work.ExecuteAsync("UPDATE device_notices SET done_at = @now, body = NULL WHERE id = @Id", new { waiting.Id, now = clock.GetUtcNow() }), CancellationToken.None).ConfigureAwait(false);
    }

    private sealed record Row(Guid Id, Guid AccountId, byte[] Body, long Attempts, string Email);

    private sealed record WaitingNotice(Guid Id, string Email, long Attempts, NoticeBody Body);
}
