using System.Security.Cryptography;
using System.Text.Json;
using FocoBot.Devices.Files;
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
internal sealed class DeviceOutbox(MessageBook messages, MediaSpool spool, SendSignal signal, DeviceKeys keys, TimeProvider clock)
{
    internal const string BodyColumn = "whatsapp_device_outbox.body";

    /// <summary>Accepts a message under an id, for the chat that its recipient was found to have. The same key with the same body is the same message; with another body it is refused (null).</summary>
    public async Task<Accepted?> AcceptAsync(Work work, KeptDevice device, DeviceRow row, Guid id, Jid chat, Wish wish, OutboxTarget? target)
    {
        var now = clock.GetUtcNow();
        var request = wish.Request;
        if (wish.Key is not null && !await IsNewAsync(work, device, wish, id, now).ConfigureAwait(false)) return (await BeforeAsync(work, device, wish).ConfigureAwait(false)).Before;
        var body = new OutboxBody(chat.ToString(), WhatsAppClient.NewMessageId(), request, target, wish.File);
        var own = row.PhoneNumber is { } phone ? new Jid(phone[1..], JidServer.User) : default;
        await messages.AddOutgoingAsync(work, device, new NewOutgoing(id, body.MessageId, body.Chat, own.ToString(), row.PhoneNumber, MessageBook.NumberOf(chat), request.ToKept(target?.MessageId, wish.File))).ConfigureAwait(false);
        var due = now + TimeSpan.FromSeconds(request.UndoSeconds ?? 0);
        await work.ExecuteAsync(
            "INSERT INTO whatsapp_device_outbox (id, user_id, device_id, body, due_at, created_at) VALUES (@id, @AccountId, @Device, @body, @due, @now)",
            new { id, device.AccountId, Device = device.Id, body = device.Key.SealJson(BodyColumn, id, body), due = request.SendAt > due ? request.SendAt.Value : due, now }).ConfigureAwait(false);
        await DeviceAudit.WriteAsync(work, clock, device.AccountId, device.Id, "message_sent", metadata: new { messageId = body.MessageId, type = request.MessageType ?? "text" }).ConfigureAwait(false);
        work.OnCommit(() => signal.Raise(device.Id));
        return new Accepted(id, body.MessageId, "pending");
    }

    /// <summary>Accepts a text for the chat with oneself of an account's device.</summary>
    /// <returns>The message's row; null when the device is gone or was logged out: there is nobody to write to.</returns>
    public async Task<Guid?> WriteToOneselfAsync(Work work, Guid account, Guid device, string text)
    {
        if (await DeviceTable.FindAsync(work, account, device).ConfigureAwait(false) is not { Wrapped: { } wrapped, PhoneNumber: { } phone, Status: "active" or "disconnected" } row) return null;
        var (id, kept) = (Ids.New(clock), new KeptDevice(row.Id, account, keys.Open(row.Id, wrapped)));
        await AcceptAsync(work, kept, row, id, new Jid(phone[1..], JidServer.User), new Wish(new SendRequest(phone, text), Key: null), target: null).ConfigureAwait(false);
        return id;
    }

    /// <summary>Takes a message back that WhatsApp can't have; false when it is too late.</summary>
    public async Task<bool> UndoAsync(Work work, KeptDevice device, Guid id)
    {
        if (await work.ExecuteAsync("DELETE FROM whatsapp_device_outbox WHERE id = @id AND device_id = @Device AND is_handed = false", new { id, Device = device.Id }).ConfigureAwait(false) == 0) return false;
        await messages.FailAsync(work, device, id, Refusal.Undone).ConfigureAwait(false);
        await work.PostAsync("UPDATE whatsapp_messages SET content = NULL WHERE id = @id", new { id }).ConfigureAwait(false);
        work.OnCommit(() => spool.Delete(id));
        return true;
    }

    /// <summary>A message that waits goes to another address: the one that WhatsApp has for the number.</summary>
    public async Task<OutboxBody> RedirectAsync(Work work, KeptDevice device, Guid id, OutboxBody body, Jid to)
    {
        var redirected = body with { Chat = to.ToString() };
        await NewChats.MoveAsync(work, device.Id, body.Chat, redirected.Chat).ConfigureAwait(false);
        await work.PostAsync("UPDATE whatsapp_device_outbox SET body = @sealed WHERE id = @id", new { id, @sealed = device.Key.SealJson(BodyColumn, id, redirected) }).ConfigureAwait(false);
        await messages.MoveAsync(work, device, id, body.Chat, to).ConfigureAwait(false);
        return redirected;
    }

    /// <summary>What became of an earlier call with the same key: (true, …) for a repeat, (true, null) for the same key with another body.</summary>
    public static async Task<(bool IsRepeat, Accepted? Before)> BeforeAsync(Work work, KeptDevice device, Wish wish)
    {
        var known = await work.FirstAsync<Known>(
            "SELECT k.body_hash AS hash, k.row_id AS row, m.message_id AS messageId, m.status FROM idempotency_keys k JOIN whatsapp_messages m ON m.id = k.row_id WHERE k.user_id = @AccountId AND k.key = @Key",
            new { device.AccountId, wish.Key }).ConfigureAwait(false);
        return known is null ? (false, null) : (true, known.Hash.AsSpan().SequenceEqual(wish.HashFor(device.Id)) ? new Accepted(known.Row, known.MessageId, known.Status) : null);
    }

    /// <summary>Bytes of an account's files that wait to be sent.</summary>
    public static Task<long> WaitingBytesAsync(Work work, Guid account) => work.ScalarAsync<long>(
        "SELECT CAST(COALESCE(SUM(m.media_size), 0) AS bigint) FROM whatsapp_device_outbox o JOIN whatsapp_messages m ON m.id = o.id WHERE o.user_id = @account", new { account });

    private static async Task<bool> IsNewAsync(Work work, KeptDevice device, Wish wish, Guid id, DateTimeOffset now) => await work.ExecuteAsync(
        "INSERT INTO idempotency_keys (user_id, key, body_hash, row_id, created_at) VALUES (@AccountId, @Key, @hash, @id, @now) ON CONFLICT (user_id, key) DO NOTHING",
        new { device.AccountId, wish.Key, hash = wish.HashFor(device.Id), id, now }).ConfigureAwait(false) > 0;

    private sealed record Known(byte[] Hash, Guid Row, string MessageId, string Status);
}

/// <summary>What a caller wants to have sent.</summary>
/// <param name="Request">The message.</param>
/// <param name="Key">The caller's name for this call; null for none.</param>
/// <param name="File">The file that goes with it.</param>
/// <param name="Sha256">Of a file that came along; null for one that the request names by its address.</param>
internal sealed record Wish(SendRequest Request, string? Key, OutboxFile? File = null, byte[]? Sha256 = null)
{
    /// <summary>Tells two wishes under the same key apart. An address stands for its file: what it leads to may change or end between two tries.</summary>
    public byte[] HashFor(Guid device) => SHA256.HashData([.. device.ToByteArray(), .. JsonSerializer.SerializeToUtf8Bytes(Request, JsonSerializerOptions.Web), .. Sha256 ?? []]);
}

/// <summary>Wakes the sender of a device. A hint only: the table is the truth.</summary>
internal sealed class SendSignal
{
    private Action<Guid>? _listener;

    public void Listen(Action<Guid> listener) => _listener = listener;

    public void Raise(Guid device) => _listener?.Invoke(device);
}
