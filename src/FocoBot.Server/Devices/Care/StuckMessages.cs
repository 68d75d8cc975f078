using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Care;

/// <summary>Messages that should have left long ago. Those that wait for a later try without having begun one are held back on purpose.</summary>
internal sealed class StuckMessages(Database database, DeviceSupervisor supervisor, TimeProvider clock, ILogger<StuckMessages> log)
{
    private const string Stuck = "due_at <= @since AND (attempts > 0 OR next_try_at IS NULL)";

    /// <summary>How often the one of a device that was tried most was begun; null when none is stuck.</summary>
    public static Task<long?> OfAsync(Work work, Guid device, DateTimeOffset now) =>
        work.ScalarAsync<long?>($"SELECT max(attempts) FROM whatsapp_device_outbox WHERE device_id = @device AND {Stuck}", new { device, since = now - CareLimits.Stuck });

    /// <summary>Replaces the connections on which nothing leaves.</summary>
    public async Task ReplaceAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var devices = await database.AsService("look for stuck messages").ReadAsync(work => work.QueryAsync<Guid>(
            $"SELECT DISTINCT device_id FROM whatsapp_device_outbox WHERE {Stuck}", new { since = now - CareLimits.Stuck }), stopping).ConfigureAwait(false);
        foreach (var id in devices)
        {
            if (supervisor.Find(id) is not { Client.State: ConnectionState.Online } live || !DeviceHealth.IsStuck(live, 0, now) || now - live.ReplacedAt < CareLimits.ReplaceEvery) continue;
            DevicesLog.Stuck(log, id);
            live.Replace(now);
        }
    }
}
