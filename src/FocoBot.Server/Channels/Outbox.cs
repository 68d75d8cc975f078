using FocoBot.Channels.Twilio;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Channels;

/// <summary>The channels a message can come and go by.</summary>
public static class ChannelNames
{
    /// <summary>The business number, through Twilio.</summary>
    public const string Twilio = "twilio";

    /// <summary>The chat in the web app and <c>POST /api/chat</c>.</summary>
    public const string Web = "web";

    /// <summary>The chat with oneself on a linked device.</summary>
    public const string Device = "device";
}

/// <summary>A message on its way out.</summary>
/// <param name="Channel">One of <see cref="ChannelNames"/>.</param>
/// <param name="Address">The exact channel address, such as <c>whatsapp:+5215512345678</c>.</param>
/// <param name="Purpose">reply, refusal, notice, code.</param>
/// <param name="Text">What the person reads.</param>
public sealed record OutgoingMessage(string Channel, string Address, string Purpose, string Text)
{
    public Guid? UserId { get; init; }

    /// <summary>The inbox row this answers.</summary>
    public Guid? InboxId { get; init; }

    /// <summary>The kind of template (<c>CODE</c>, <c>NOTICE</c>, …) to use outside the 24-hour window; null when it can only go inside.</summary>
    public string? Template { get; init; }

    /// <summary>Values of the template's variables 1, 2, …</summary>
    public IReadOnlyList<string> TemplateValues { get; init; } = [];

    /// <summary>The failed message whose place this one takes; null for a new one.</summary>
    public FailedTry? After { get; init; }

    /// <summary>The notice to the owner of a device that this carries, which is mailed if this can't be delivered.</summary>
    public Guid? NoticeId { get; init; }

    /// <summary>Which language's template to take: es or en.</summary>
    public string Language { get; init; } = "es";
}

/// <summary>What a message inherits from the one it takes the place of, so that trying comes to an end.</summary>
/// <param name="Attempts">How often that one was tried.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="NextTryAt">When to try again; null for at once.</param>
public sealed record FailedTry(long Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextTryAt);

/// <summary>Puts messages into the outbox, in the transaction of what caused them; the channel's sender takes them from there.</summary>
public sealed class Outbox(Keyring keyring, OutboxSignal signal, TimeProvider clock)
{
    internal const string BodyColumn = "outbox.body";

    private readonly Dictionary<string, Func<Work, OutgoingMessage, Task>> _carriers = new(StringComparer.Ordinal);

    /// <summary>
    /// Names who takes a channel's messages further, within the unit that enqueues them. Twilio's sender works the table off instead, and the web reads its answers from there.
    /// </summary>
    public void CarryBy(string channel, Func<Work, OutgoingMessage, Task> carrier) => _carriers.Add(channel, carrier);

    /// <summary>Enqueues a message; it is sent once the unit is durable. A text too long for the channel becomes several, cut at sentence ends.</summary>
    public async Task EnqueueAsync(Work work, OutgoingMessage message)
    {
        if (message.Channel != ChannelNames.Twilio || message.Text.Length <= TwilioLimits.OutboundTextLength)
        {
            await InsertAsync(work, message).ConfigureAwait(false);
            return;
        }

        foreach (var part in MessageSplitter.Split(message.Text))
            await InsertAsync(work, message with { Text = part }).ConfigureAwait(false);
    }

    private async Task InsertAsync(Work work, OutgoingMessage message)
    {
        var id = Ids.New(clock);
        var key = message.UserId is { } user ? await keyring.OfAsync(work, user).ConfigureAwait(false) : keyring.Service;
        await work.PostAsync(
            """
            INSERT INTO outbox (id, user_id, inbox_id, channel, address, purpose, body, state, attempts, next_try_at, created_at, done_at, notice_id)
            VALUES (@id, @UserId, @InboxId, @Channel, @Address, @Purpose, @body, @state, @attempts, @next, @created, @done, @NoticeId)
            """,
            new
            {
                id,
                message.UserId,
                message.InboxId,
                message.Channel,
                message.Address,
                message.Purpose,
                message.NoticeId,
                body = key.SealJson(BodyColumn, id, new OutboxBody(message.Text, message.Template, message.TemplateValues, message.Language)),
                // Twilio's sender takes them from here. The web reads its answers from the log and the chat call; who carries the others is told below.
                state = message.Channel == ChannelNames.Twilio ? "pending" : "delivered",
                attempts = message.After?.Attempts ?? 0,
                next = message.After?.NextTryAt,
                created = message.After?.CreatedAt ?? clock.GetUtcNow(),
                done = message.Channel == ChannelNames.Twilio ? (DateTimeOffset?)null : clock.GetUtcNow(),
            }).ConfigureAwait(false);
        if (message.Channel == ChannelNames.Twilio) work.OnCommit(signal.Raise);
        else if (_carriers.TryGetValue(message.Channel, out var carrier)) await carrier(work, message).ConfigureAwait(false);
    }
}

/// <summary>The sealed content of an outbox row.</summary>
internal sealed record OutboxBody(string Text, string? Template, IReadOnlyList<string> TemplateValues, string Language);

/// <summary>Wakes the senders. A hint only: the outbox is the truth.</summary>
public sealed class OutboxSignal
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        try
        {
            _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already raised: one look at the table serves both.
        }
    }

    /// <summary>True when raised, false when <paramref name="patience"/> ran out.</summary>
    public Task<bool> WaitAsync(TimeSpan patience, CancellationToken cancellation) => _raised.WaitAsync(patience, cancellation);
}
