using System.Security.Cryptography;
using System.Text.Json;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Sending;

/// <summary>What became of the wish to send something.</summary>
/// <param name="Row">The message's row.</param>
/// <param name="MessageId">Its id at WhatsApp.</param>
/// <param name="Status">pending, or whatever it has come to if this is a repeat.</param>
internal sealed record Accepted(Guid Row, string MessageId, string Status);

/// <summary>Takes messages in that are to be sent through a device: when the unit commits they are on the disk, and will leave exactly once.</summary>
internal sealed class DeviceOutbox(MessageBook messages, SendSignal signal, TimeProvider clock)
{
    internal const string BodyColumn = "whatsapp_device_outbox.body";

    /// <summary>Accepts a message. The same key with the same body is the same message; with another body it is refused (null).</summary>
    public async Task<Accepted?> AcceptAsync(Work work, KeptDevice device, DeviceRow row, SendRequest request, OutboxTarget? target, string? idempotencyKey)
    {
        var id = Ids.New(clock);
        var now = clock.GetUtcNow();
        if (idempotencyKey is not null && await RepeatAsync(work, device, request, idempotencyKey, id, now).ConfigureAwait(false) is (true, var before)) return before;
        var chat = request.Recipient()!.Value;
        var body = new OutboxBody(chat.ToString(), WhatsAppClient.NewMessageId(), request, target);
        var own = row.PhoneNumber is { } phone ? new Jid(phone[1..], JidServer.User) : default;
        await messages.AddOutgoingAsync(work, device, new NewOutgoing(id, body.MessageId, body.Chat, own.ToString(), row.PhoneNumber, MessageBook.NumberOf(chat), request.ToKept(target?.MessageId))).ConfigureAwait(false);
        var due = now + TimeSpan.FromSeconds(request.UndoSeconds ?? 0);
        await work.ExecuteAsync(
            "INSERT INTO whatsapp_device_outbox (id, user_id, device_id, body, due_at, created_at) VALUES (@id, @AccountId, @Device, @body, @due, @now)",
            new { id, device.AccountId, Device = device.Id, body = device.Key.SealJson(BodyColumn, id, body), due = request.SendAt > due ? request.SendAt.Value : due, now }).ConfigureAwait(false);
        await DeviceAudit.WriteAsync(work, clock, device.AccountId, device.Id, "message_sent", metadata: new { messageId = body.MessageId, type = request.MessageType ?? "text" }).ConfigureAwait(false);
        work.OnCommit(() => signal.Raise(device.Id));
        return new Accepted(id, body.MessageId, "pending");
    }

    /// <summary>Takes a message back that has not begun to leave; false when it is too late.</summary>
    public static async Task<bool> UndoAsync(Work work, Guid device, Guid id)
    {
        if (await work.ExecuteAsync("DELETE FROM whatsapp_device_outbox WHERE id = @id AND device_id = @device AND attempts = 0", new { id, device }).ConfigureAwait(false) == 0) return false;
        await work.ExecuteAsync("UPDATE whatsapp_messages SET status = 'failed', refusal_code = 'UNDONE', content = NULL WHERE id = @id", new { id }).ConfigureAwait(false);
        return true;
    }

    // (true, …) for a repeat; (true, null) for the same key with another body.
    private static async Task<(bool IsRepeat, Accepted? Before)> RepeatAsync(Work work, KeptDevice device, SendRequest request, string key, Guid id, DateTimeOffset now)
    {
        var hash = SHA256.HashData([.. device.Id.ToByteArray(), .. JsonSerializer.SerializeToUtf8Bytes(request, JsonSerializerOptions.Web)]);
        var isNew = await work.ExecuteAsync(
            "INSERT INTO idempotency_keys (user_id, key, body_hash, row_id, created_at) VALUES (@AccountId, @key, @hash, @id, @now) ON CONFLICT (user_id, key) DO NOTHING",
            new { device.AccountId, key, hash, id, now }).ConfigureAwait(false) > 0;
        if (isNew) return (false, null);
        var known = (await work.FirstAsync<Known>(
            "SELECT k.body_hash AS hash, k.row_id AS row, m.message_id AS messageId, m.status FROM idempotency_keys k JOIN whatsapp_messages m ON m.id = k.row_id WHERE k.user_id = @AccountId AND k.key = @key",
            new { device.AccountId, key }).ConfigureAwait(false))!;
        return (true, known.Hash.AsSpan().SequenceEqual(hash) ? new Accepted(known.Row, known.MessageId, known.Status) : null);
    }

    private sealed record Known(byte[] Hash, Guid Row, string MessageId, string Status);
}

/// <summary>Wakes the sender of a device. A hint only: the table is the truth.</summary>
internal sealed class SendSignal
{
    private Action<Guid>? _listener;

    public void Listen(Action<Guid> listener) => _listener = listener;

    public void Raise(Guid device) => _listener?.Invoke(device);
}
