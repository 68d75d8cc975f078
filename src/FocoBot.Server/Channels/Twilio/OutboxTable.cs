using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Channels.Twilio;

/// <summary>The outbox as the sender sees it: what to claim, and how to settle what came back.</summary>
internal sealed class OutboxTable(Keyring keyring, TwilioOptions options, TimeProvider clock)
{
    /// <summary>Twilio's clock against ours.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    /// <summary>When Twilio's listing has not answered for this long, a second copy is better than none.</summary>
    public static readonly TimeSpan StopLooking = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>Claims up to <paramref name="limit"/> messages: the oldest of each recipient, and lost ones that are due for a look.</summary>
    public async Task<List<Claimed>> ClaimAsync(Work work, int limit, HashSet<Guid> flying)
    {
        var now = clock.GetUtcNow();
        // A plan made while the table was small is kept, and a bitmap scan reads the entries of all that was sent since the last vacuum.
        await work.PostAsync("/*pg: SET LOCAL enable_bitmapscan = off */").ConfigureAwait(false);
        var rows = await work.QueryAsync<Row>(
            """
            SELECT o.id, o.user_id AS UserId, o.address, o.purpose, o.body, o.state, o.attempts, o.attempted_at AS AttemptedAt, o.created_at AS CreatedAt,
              c.last_inbound_at AS LastInboundAt, c.suppressed_at AS SuppressedAt, c.bad_at AS BadAt
            FROM outbox o LEFT JOIN contacts c ON c.address = o.address
            WHERE o.done_at IS NULL AND o.channel = 'twilio' AND (o.next_try_at IS NULL OR o.next_try_at <= @now)
              AND (o.state = 'pending' OR o.attempted_at <= @lost)
              AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.done_at IS NULL AND e.address = o.address AND e.id < o.id
                AND (e.state = 'sending' OR e.next_try_at IS NULL OR e.inbox_id = o.inbox_id))
            ORDER BY o.id LIMIT @limit /*pg: FOR UPDATE OF o SKIP LOCKED */
            """, new { now, lost = now - options.LookUpEvery, limit }).ConfigureAwait(false);
        var claimed = new List<Claimed>(rows.Count);
        foreach (var row in rows)
        {
            if (flying.Contains(row.Id)) continue;
            if (await PrepareAsync(work, row, now).ConfigureAwait(false) is { } message) claimed.Add(message);
        }

        var fresh = claimed.Where(message => !message.LostAnswer).Select(message => message.Id).ToArray();
        foreach (var id in fresh)
            await work.PostAsync("UPDATE outbox SET state = 'sending', attempts = attempts + 1, attempted_at = @now, next_try_at = NULL WHERE id = @id", new { id, now }).ConfigureAwait(false);
        return claimed;
    }

    /// <summary>Writes down what came of claimed messages.</summary>
    public async Task SettleAsync(Work work, IReadOnlyList<Verdict> verdicts)
    {
        foreach (var verdict in verdicts)
            await SettleAsync(work, verdict, clock.GetUtcNow()).ConfigureAwait(false);
    }

    private async Task SettleAsync(Work work, Verdict verdict, DateTimeOffset now)
    {
        var row = new { verdict.Id, verdict.Sid, verdict.ErrorCode, now, next = now + verdict.Delay };
        switch (verdict.Kind)
        {
            case VerdictKind.Accepted:
                // A status callback may have come first and moved the row further already.
                await work.PostAsync(
                    "UPDATE outbox SET provider_id = @Sid, done_at = @now, state = CASE state WHEN 'sending' THEN 'accepted' ELSE state END WHERE id = @Id", row).ConfigureAwait(false);
                return;
            case VerdictKind.PutBack:
                await work.PostAsync("UPDATE outbox SET state = 'pending', next_try_at = @next WHERE id = @Id AND state = 'sending'", row).ConfigureAwait(false);
                return;
            case VerdictKind.LookLater:
                await work.PostAsync("UPDATE outbox SET next_try_at = @next WHERE id = @Id AND state = 'sending'", row with { next = now + options.LookUpEvery }).ConfigureAwait(false);
                return;
        }

        if (verdict is { Class: ErrorClass.NeedsTemplate, HasTemplate: true })
        {
            // Twilio knows better than we do when the person last wrote; without a window the template is taken next.
            await work.PostAsync("UPDATE contacts SET last_inbound_at = NULL WHERE address = @Address", new { verdict.Address }).ConfigureAwait(false);
            await work.PostAsync("UPDATE outbox SET state = 'pending', next_try_at = NULL WHERE id = @Id AND state = 'sending'", row).ConfigureAwait(false);
            return;
        }

        await SendConsequences.ApplyAsync(work, verdict.Address, verdict.Class, now).ConfigureAwait(false);
        await EndAsync(work, verdict.Id, verdict.Class == ErrorClass.Suppress ? "suppressed" : "failed", verdict.ErrorCode!, now).ConfigureAwait(false);
    }

    private async Task<Claimed?> PrepareAsync(Work work, Row row, DateTimeOffset now)
    {
        if (!ChannelAddress.TryParse(row.Address, out var to) || row.Body is null)
        {
            await EndAsync(work, row.Id, "failed", "INVALID_RECIPIENT", now).ConfigureAwait(false);
            return null;
        }

        var lost = row.State == "sending";
        if (!lost && row.SuppressedAt is not null && row.Purpose != "farewell")
        {
            await EndAsync(work, row.Id, "suppressed", "OPTED_OUT", now).ConfigureAwait(false);
            return null;
        }

        if (!lost && row.BadAt is not null)
        {
            await EndAsync(work, row.Id, "failed", "BAD_ADDRESS", now).ConfigureAwait(false);
            return null;
        }

        var key = row.UserId is { } user ? await keyring.OfAsync(work, user).ConfigureAwait(false) : keyring.Service;
        var body = key.OpenJson<OutboxBody>(Outbox.BodyColumn, row.Id, row.Body);
        var template = body.Template is { } kind ? options.Template(Enum.Parse<TemplateKind>(kind, ignoreCase: true), body.Language) : null;
        var open = row.LastInboundAt > now - Window;
        if (!open && !lost && template is null)
        {
            await EndAsync(work, row.Id, "failed", "OUTSIDE_WINDOW", now).ConfigureAwait(false);
            return null;
        }

        OutboundContent content = open || template is null ? new OutboundContent.Text(body.Text) : new OutboundContent.Template(template, Numbered(body.TemplateValues));
        var known = lost ? await KnownSidsAsync(work, row).ConfigureAwait(false) : [];
        return new Claimed(row.Id, to, content, row.Attempts + (lost ? 0 : 1), row.CreatedAt, lost ? row.AttemptedAt!.Value : now, lost, template is not null, known);
    }

    private static async Task<HashSet<string>> KnownSidsAsync(Work work, Row row) => [.. await work.QueryAsync<string>(
        "SELECT provider_id FROM outbox WHERE address = @Address AND provider_id IS NOT NULL AND created_at > @since", new { row.Address, since = row.CreatedAt - TimeSpan.FromDays(1) }).ConfigureAwait(false)];

    private static Task EndAsync(Work work, Guid id, string state, string code, DateTimeOffset now) =>
        work.PostAsync("UPDATE outbox SET state = @state, error_code = @code, done_at = @now WHERE id = @id", new { id, state, code, now });

    private static Dictionary<string, string> Numbered(IReadOnlyList<string> values) =>
        values.Select((value, i) => (Key: (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), value)).ToDictionary(pair => pair.Key, pair => pair.value);

    private sealed record Row(
        Guid Id, Guid? UserId, string Address, string Purpose, byte[]? Body, string State, long Attempts, DateTimeOffset? AttemptedAt, DateTimeOffset CreatedAt,
        DateTimeOffset? LastInboundAt, DateTimeOffset? SuppressedAt, DateTimeOffset? BadAt);
}

/// <summary>A message that this process has claimed: to be sent, or (a lost answer) to be looked up.</summary>
internal sealed record Claimed(
    Guid Id, ChannelAddress To, OutboundContent Content, long Attempts, DateTimeOffset CreatedAt, DateTimeOffset AttemptedAt, bool LostAnswer, bool HasTemplate, IReadOnlySet<string> KnownSids);

internal enum VerdictKind
{
    Accepted,
    PutBack,
    LookLater,
    Failed,
}

/// <summary>What came of a claimed message.</summary>
internal sealed record Verdict(VerdictKind Kind, Guid Id, string Address)
{
    public string? Sid { get; private init; }
    public TimeSpan Delay { get; private init; }
    public string? ErrorCode { get; private init; }
    public ErrorClass Class { get; private init; }
    public bool HasTemplate { get; private init; }

    public static Verdict Accepted(Claimed message, string sid) => new(VerdictKind.Accepted, message.Id, message.To.Value) { Sid = sid };

    public static Verdict PutBack(Claimed message, TimeSpan delay) => new(VerdictKind.PutBack, message.Id, message.To.Value) { Delay = delay };

    public static Verdict LookLater(Claimed message) => new(VerdictKind.LookLater, message.Id, message.To.Value);

    public static Verdict Failed(Claimed message, string code, ErrorClass error) =>
        new(VerdictKind.Failed, message.Id, message.To.Value) { ErrorCode = code, Class = error, HasTemplate = message.HasTemplate && message.Content is OutboundContent.Text };
}
