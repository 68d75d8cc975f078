using System.Buffers.Binary;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Care;

/// <summary>
/// The daily proof of each device that sending, acknowledgements, receiving and decrypting still work: a question to the own phone that nobody sees. A phone that is away does not
/// answer, which is no fault; a server that does not take the question is one.
/// </summary>
internal sealed class Canary(Database database, DeviceSupervisor supervisor, OwnerNotices notices, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Tests the devices here whose time has come.</summary>
    public async Task LookAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var rows = await database.AsService("look for canaries").ReadAsync(work => work.QueryAsync<Row>(
            "SELECT id, linked_at AS linkedAt, canary_at AS canaryAt, canary_outcome AS canaryOutcome FROM whatsapp_devices WHERE status = 'active' AND (canary_at IS NULL OR canary_at <= @since)",
            new { since = now - CareLimits.CanaryAgain }), stopping).ConfigureAwait(false);
        var due = rows.Select(row => (Row: row, Live: supervisor.Find(row.Id))).Where(one => one.Live is { Client.State: ConnectionState.Online } live && IsDue(one.Row, live, now)).ToList();
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = CareLimits.CanariesAtOnce, CancellationToken = stopping };
        await Parallel.ForEachAsync(due, atOnce, async (one, token) => await TestAsync(one.Live!, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    // Each device has a time of the day of its own, out of the random part of its id.
    private static bool IsDue(Row row, LiveDevice live, DateTimeOffset now)
    {
        if (live.ConnectedAt is not { } connected || now - connected < CareLimits.Settled) return false;
        if (row.CanaryOutcome == "failed") return true;
        var place = CareLimits.CanaryEvery * (BinaryPrimitives.ReadUInt32BigEndian(row.Id.ToByteArray().AsSpan(12)) / (double)uint.MaxValue);
        return DayOf(now, place) > DayOf(row.CanaryAt ?? row.LinkedAt ?? connected, place);
    }

    private static long DayOf(DateTimeOffset time, TimeSpan place) => (time - place).UtcTicks / CareLimits.CanaryEvery.Ticks;

    private async Task TestAsync(LiveDevice live, CancellationToken stopping)
    {
        var outcome = await AskAsync(live, stopping).ConfigureAwait(false);
        if (outcome is PhoneCheck.Failed)
        {
            // The connection may be at fault: another one gets another chance.
            var now = clock.GetUtcNow();
            live.Replace(now);
            outcome = await IsBackAsync(live, now, stopping).ConfigureAwait(false) ? await AskAsync(live, stopping).ConfigureAwait(false) : null;
        }

        if (outcome is { } known) await KeepAsync(live, known).ConfigureAwait(false);
    }

    // Null when that can't be said: the connection ended, which others take care of.
    private static async Task<PhoneCheck?> AskAsync(LiveDevice live, CancellationToken stopping)
    {
        try
        {
            return await live.Client.CheckPhoneAsync(CareLimits.CanaryPatience, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RequestRefusedException or RequestTimeoutException)
        {
            return PhoneCheck.Failed;
        }
        catch (Exception e) when (e is WhatsAppException or ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task<bool> IsBackAsync(LiveDevice live, DateTimeOffset since, CancellationToken stopping)
    {
        for (var waited = TimeSpan.Zero; waited < CareLimits.CanaryReconnect; waited += Look)
        {
            await Task.Delay(Look, clock, stopping).ConfigureAwait(false);
            if (live.Client.State is ConnectionState.Online && live.ConnectedAt > since) return true;
        }

        return false;
    }

    private Task KeepAsync(LiveDevice live, PhoneCheck outcome) => database.AsService("canary").WriteAsync(async work =>
    {
        var before = await work.FirstAsync<Row>(
            "SELECT id, linked_at AS linkedAt, canary_at AS canaryAt, canary_outcome AS canaryOutcome FROM whatsapp_devices WHERE id = @Id /*pg: FOR UPDATE */", new { live.Id }).ConfigureAwait(false);
        if (before is null) return;
        var word = outcome switch { PhoneCheck.Answered => "answered", PhoneCheck.Acknowledged => "acknowledged", _ => "failed" };
        await work.PostAsync("UPDATE whatsapp_devices SET canary_at = @now, canary_outcome = @word WHERE id = @Id", new { live.Id, word, now = clock.GetUtcNow() }).ConfigureAwait(false);
        if (word == "failed" && before.CanaryOutcome != "failed") await notices.TellAsync(work, live.Id, new Notice(Notice.Stalled)).ConfigureAwait(false);
    });

    private sealed record Row(Guid Id, DateTimeOffset? LinkedAt, DateTimeOffset? CanaryAt, string? CanaryOutcome);
}
