using FocoBot.Storage;

namespace FocoBot.Devices.Care;

/// <summary>Warns owners whose phone is away, before WhatsApp unlinks their devices for it.</summary>
internal sealed class PhoneWatch(Database database, OwnerNotices notices, TimeProvider clock)
{
    /// <summary>Warns all who are to be warned by now; each once, and of the later day alone if both have come.</summary>
    public async Task LookAsync(CancellationToken stopping)
    {
        foreach (var (days, left) in CareLimits.PhoneWarnings)
        {
            while (await WarnAsync(days, clock.GetUtcNow() + left, stopping).ConfigureAwait(false) == CareLimits.Batch)
            {
            }
        }
    }

    private async Task<int> WarnAsync(int days, DateTimeOffset bound, CancellationToken stopping)
    {
        const string Due = "status = 'active' AND expires_at <= @bound AND phone_warned < @days";
        var found = await database.AsService("look for phones that are away").ReadAsync(work => work.QueryAsync<Guid>(
            $"SELECT id FROM whatsapp_devices WHERE {Due} ORDER BY id LIMIT @Batch", new { bound, days, CareLimits.Batch }), stopping).ConfigureAwait(false);
        foreach (var id in found)
        {
            await database.AsService("a phone is away").WriteAsync(async work =>
            {
                // Seen, or warned about by another server, meanwhile.
                if (await work.ExecuteAsync($"UPDATE whatsapp_devices SET phone_warned = @days WHERE id = @id AND {Due}", new { id, bound, days }).ConfigureAwait(false) == 0) return;
                await notices.TellAsync(work, id, new Notice(Notice.PhoneAway, Days: days)).ConfigureAwait(false);
            }, stopping).ConfigureAwait(false);
        }

        return found.Count;
    }
}
