using FocoBot.Channels.Twilio;
using FocoBot.Devices;
using FocoBot.Devices.Routing;
using FocoBot.Events;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Notifications;

/// <summary>
/// Brings notifications on their way, and on another way where one has failed: the row says which it took and why. In the end there is always the web. Each step is one unit, so that a
/// restart goes on where the last one ended.
/// </summary>
internal sealed class NotificationSender(
    Database database, NotificationBook book, NotificationCarriers carriers, DeviceSupervisor supervisor, EventLog events, TwilioOptions twilio, TimeProvider clock,
    ILogger<NotificationSender> log) : BackgroundService
{
    /// <summary>The event that tells of a notification, with its text: on the web it is the notification itself.</summary>
    public const string Event = "notification";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (await TurnAsync(stoppingToken).ConfigureAwait(false) < NotificationLimits.Batch) await book.Waits.WaitAsync(NotificationLimits.Look, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    // How many there were to look at. Each is looked at later if it is not done, so that none holds up another.
    private async Task<int> TurnAsync(CancellationToken stopping)
    {
        try
        {
            var open = await database.AsService("look for notifications").ReadAsync(work => NotificationBook.OpenAsync(work, clock.GetUtcNow()), stopping).ConfigureAwait(false);
            foreach (var id in open) await TryAsync(id, stopping).ConfigureAwait(false);
            return open.Count;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            NotificationsLog.NotSent(log, e.GetType().Name);
            return 0;
        }
    }

    private async Task TryAsync(Guid id, CancellationToken stopping)
    {
        var door = database.AsService("send a notification");
        try
        {
            await door.WriteAsync(work => StepAsync(work, id), stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            NotificationsLog.NotSent(log, e.GetType().Name);
            await door.WriteAsync(work => NotificationBook.PostponeAsync(work, id, clock.GetUtcNow() + NotificationLimits.AfterFault), stopping).ConfigureAwait(false);
        }
    }

    private async Task StepAsync(Work work, Guid id)
    {
        if (await NotificationBook.TakeAsync(work, id).ConfigureAwait(false) is not { } row) return;
        var payload = await book.OpenAsync(work, row).ConfigureAwait(false);
        string? failure = null;
        if (row.Status == "sending")
        {
            var now = clock.GetUtcNow();
            var carried = await carriers.AskAsync(work, row).ConfigureAwait(false);
            failure = carried.Failure;
            if (carried.IsSent) await EndAsync(work, row, payload.Text).ConfigureAwait(false);
            else if (failure is null) await NotificationBook.PostponeAsync(work, id, now + NotificationLimits.AskAgain(now - row.HandedAt!.Value)).ConfigureAwait(false);
            if (failure is null) return;
            row = row with { Tried = $"{row.Tried} {PlaceOf(row.Channel!, row.DeviceId)}".Trim() };
        }

        await GoAsync(work, row, payload, failure).ConfigureAwait(false);
    }

    // The next way that has not failed, as things stand now.
    private async Task GoAsync(Work work, NotificationRow row, NotificationPayload payload, string? failure)
    {
        var state = await RoutingTable.ReadAsync(work, row.AccountId, twilio.IsConfigured, device => supervisor.Find(device)?.Client.State is ConnectionState.Online).ConfigureAwait(false);
        foreach (var hop in HybridRouter.Route(payload.Route, state))
        {
            var place = PlaceOf(hop.Channel, hop.DeviceId);
            if (row.Tried.Split(' ').Contains(place)) continue;
            row = row with { Channel = hop.Channel, DeviceId = hop.DeviceId, Reason = failure is null ? hop.Why : $"{failure} {hop.Why}", HandedAt = clock.GetUtcNow() };
            if (hop.Channel == Hop.Web)
            {
                await EndAsync(work, row, payload.Text).ConfigureAwait(false);
                return;
            }

            var (isTaken, handed) = await carriers.HandOverAsync(work, row, payload.Text, hop).ConfigureAwait(false);
            if (!isTaken) continue;
            await work.ExecuteAsync(
                """
                UPDATE focobot_scheduled_notifications SET status = 'sending', channel = @Channel, device_id = @DeviceId, handed_id = @handed, handed_at = @HandedAt, reason = @Reason, tried = @Tried,
                  next_try_at = @next, attempts = attempts + 1 WHERE id = @Id
                """, new { row.Id, row.Channel, row.DeviceId, handed, row.HandedAt, row.Reason, row.Tried, next = row.HandedAt + NotificationLimits.Look }).ConfigureAwait(false);
            return;
        }
    }

    private async Task EndAsync(Work work, NotificationRow row, string text)
    {
        await work.ExecuteAsync(
            "UPDATE focobot_scheduled_notifications SET status = 'sent', channel = @Channel, device_id = @DeviceId, reason = @Reason, tried = @Tried, sent_at = @now WHERE id = @Id",
            new { row.Id, row.Channel, row.DeviceId, row.Reason, row.Tried, now = clock.GetUtcNow() }).ConfigureAwait(false);
        await events.AppendAsync(work, row.AccountId, Event, new { id = row.Id, row.Kind, row.Channel, row.Reason, text }, row.DeviceId).ConfigureAwait(false);
    }

    private static string PlaceOf(string channel, Guid? device) => device is { } id ? id.ToString("N") : channel;
}
