using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Events;

/// <summary>
/// An account's durable, ordered log. A seq is taken from the account's counter row inside the transaction that appends,
/// so seqs become visible in order and a cursor never skips a late commit.
/// </summary>
public sealed class EventLog(Keyring keyring, EventSignal signal, TimeProvider clock)
{
    private const string PayloadColumn = "events.payload";

    /// <summary>Appends an event to the account's log; readers are woken once the unit is durable.</summary>
    public async Task<long> AppendAsync(Work work, Guid accountId, string type, object payload, Guid? deviceId = null)
    {
        var key = await keyring.OfAsync(work, accountId).ConfigureAwait(false);
        var seq = await work.ScalarAsync<long>(
            """
            INSERT INTO event_counters (user_id, last_seq) VALUES (@accountId, 1)
            ON CONFLICT (user_id) DO UPDATE SET last_seq = event_counters.last_seq + 1
            RETURNING last_seq
            """, new { accountId }).ConfigureAwait(false);
        await work.PostAsync(
            "INSERT INTO events (user_id, seq, type, device_id, payload, created_at) VALUES (@accountId, @seq, @type, @deviceId, @payload, @now)",
            new { accountId, seq, type, deviceId, payload = key.SealJson(PayloadColumn, RowOf(accountId, seq), payload), now = clock.GetUtcNow() }).ConfigureAwait(false);
        work.OnCommit(() => signal.Raise(accountId));
        return seq;
    }

    /// <summary>Up to <paramref name="limit"/> events after <paramref name="after"/>, oldest first.</summary>
    public async Task<List<LoggedEvent>> ReadAsync(Work work, Guid accountId, long after, int limit)
    {
        var key = await keyring.OfAsync(work, accountId).ConfigureAwait(false);
        var rows = await work.QueryAsync<Row>(
            """
            SELECT seq, type, device_id AS deviceId, payload, created_at AS at FROM events
            WHERE user_id = @accountId AND seq > @after ORDER BY seq LIMIT @limit
            """, new { accountId, after, limit }).ConfigureAwait(false);
        return rows.ConvertAll(row => View(key, accountId, row));
    }

    /// <summary>Goes through a device's events of one type, after <paramref name="after"/>, and changes what some of them say: for what must be erased, and nothing else.</summary>
    /// <param name="work">The unit.</param>
    /// <param name="accountId">Whose log it is.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="type">The type.</param>
    /// <param name="after">Where to begin.</param>
    /// <param name="limit">How many are looked at.</param>
    /// <param name="rewrite">What an event says from now on; null when it stays.</param>
    /// <returns>Where to go on; null at the end.</returns>
    public async Task<long?> RewriteAsync(Work work, Guid accountId, Guid deviceId, string type, long after, int limit, Func<LoggedEvent, object?> rewrite)
    {
        var key = await keyring.OfAsync(work, accountId).ConfigureAwait(false);
        var rows = await work.QueryAsync<Row>(
            """
            SELECT seq, type, device_id AS deviceId, payload, created_at AS at FROM events
            WHERE user_id = @accountId AND seq > @after AND device_id = @deviceId AND type = @type ORDER BY seq LIMIT @limit
            """, new { accountId, deviceId, type, after, limit }).ConfigureAwait(false);
        foreach (var row in rows)
        {
            if (rewrite(View(key, accountId, row)) is { } anew)
                await work.PostAsync("UPDATE events SET payload = @payload WHERE user_id = @accountId AND seq = @Seq", new { accountId, row.Seq, payload = key.SealJson(PayloadColumn, RowOf(accountId, row.Seq), anew) }).ConfigureAwait(false);
        }

        return rows.Count < limit ? null : rows[^1].Seq;
    }

    private static LoggedEvent View(DataKey key, Guid accountId, Row row) =>
        new(row.Seq, row.Type, row.DeviceId, row.At, key.OpenJson<System.Text.Json.JsonElement>(PayloadColumn, RowOf(accountId, row.Seq), row.Payload));

    // An event's identity is (account, seq): both are bound into the seal.
    private static Guid RowOf(Guid accountId, long seq)
    {
        Span<byte> bytes = stackalloc byte[16];
        accountId.TryWriteBytes(bytes, bigEndian: true, out _);
        for (var i = 0; i < 8; i++) bytes[15 - i] ^= (byte)(seq >> (8 * i));
        return new Guid(bytes, bigEndian: true);
    }

    private sealed record Row(long Seq, string Type, Guid? DeviceId, byte[] Payload, DateTimeOffset At);
}

/// <summary>One entry of an account's log, as it is sent to readers.</summary>
public sealed record LoggedEvent(long Seq, string Type, Guid? DeviceId, DateTimeOffset At, System.Text.Json.JsonElement Data);
