using System.Collections.Concurrent;
using FocoBot.Messages;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Sending;

/// <summary>Whom a message is for.</summary>
/// <param name="Chat">Where it goes: the address that was asked for, or the one that WhatsApp has for the number.</param>
/// <param name="IsResolved">WhatsApp has it like that.</param>
/// <param name="IsKnown">No stranger: they have written, or a message got through.</param>
/// <param name="Refusal">The code of what speaks against it; null for nothing.</param>
internal sealed record Recipient(Jid Chat, bool IsResolved, bool IsKnown, string? Refusal = null)
{
    /// <summary>The number or address as WhatsApp has it; null while that is not known.</summary>
    public string? ResolvedTo => IsResolved ? MessageBook.NumberOf(Chat) ?? Chat.ToString() : null;
}

/// <summary>
/// Finds out whom a message is for: under which address WhatsApp knows a number (Mexican, Brazilian and Argentine ones are dialled in two ways), whether the account has blocked them, whether
/// there is a chat already. What WhatsApp was asked once is kept; what can't be asked now is asked when the message leaves.
/// </summary>
internal sealed class Recipients(Database database, DeviceNetworks networks, MessageBook messages, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(Guid Device, Jid Chat), DateTimeOffset> _notBlocked = new();

    /// <summary>What is known without asking anybody.</summary>
    public async Task<Recipient> LookAsync(Work work, DeviceRow row, Jid asked)
    {
        if (IsAtHome(row, asked)) return new Recipient(asked, IsResolved: true, IsKnown: true);
        var now = clock.GetUtcNow();
        // It may be asked for as it is dialled, or as it turned out to be.
        var found = await work.FirstAsync<Found>(
            "SELECT address, asked_at AS AskedAt FROM whatsapp_device_numbers WHERE device_id = @Id AND (chat_id = @chat OR address = @chat) ORDER BY CASE WHEN chat_id = @chat THEN 0 ELSE 1 END LIMIT 1",
            new { row.Id, chat = asked.ToString() }).ConfigureAwait(false);
        if (found is { Address: null } && found.AskedAt > now - SendingLimits.NumberUnknown) return new Recipient(asked, IsResolved: false, IsKnown: false, Refusal.InvalidRecipient);
        var isFresh = found is { Address: not null } && found.AskedAt > now - SendingLimits.NumberKnown;
        var chat = isFresh ? Jid.Parse(found!.Address) : asked;
        var isKnown = await NewChats.IsKnownAsync(work, row.Id, chat).ConfigureAwait(false);
        return new Recipient(chat, isFresh || isKnown || chat.Server == JidServer.Lid, isKnown);
    }

    /// <summary>The same, and asks WhatsApp for what is missing if the device is connected; not for long.</summary>
    /// <param name="live">The device at work; null when it is not.</param>
    /// <param name="row">Its row.</param>
    /// <param name="device">Its messages' keeper.</param>
    /// <param name="asked">The address that was asked for.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Recipient> FindAsync(LiveDevice? live, DeviceRow row, KeptDevice device, Jid asked, CancellationToken cancellation)
    {
        var recipient = await database.AsAccount(row.AccountId).ReadAsync(work => LookAsync(work, row, asked), cancellation).ConfigureAwait(false);
        if (recipient.Refusal is not null || IsAtHome(row, recipient.Chat)) return recipient;
        if (live is { Client.State: ConnectionState.Online })
        {
            using var limit = new CancellationTokenSource(SendingLimits.Patience, clock);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                if (!recipient.IsResolved) recipient = await ResolveAsync(live, row, recipient, patience.Token).ConfigureAwait(false);
                if (recipient.Refusal is null && await IsBlockedAsync(live, recipient.Chat, patience.Token).ConfigureAwait(false)) return recipient with { Refusal = Refusal.Blocked };
            }
            catch (Exception e) when (e is WhatsAppException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // Not now: when the message leaves.
            }
        }

        return recipient.IsKnown || recipient.Refusal is not null ? recipient : recipient with { IsKnown = await HasChatAsync(live, row, device, recipient.Chat, cancellation).ConfigureAwait(false) };
    }

    /// <summary>What WhatsApp has said of a number turned out to be wrong.</summary>
    public static Task ForgetAsync(Work work, Guid device, string chat) => work.PostAsync("DELETE FROM whatsapp_device_numbers WHERE device_id = @device AND address = @chat", new { device, chat });

    // Groups that one is in, and the chat with oneself: nothing to find out.
    private static bool IsAtHome(DeviceRow row, Jid chat) => chat.Server == JidServer.Group || (chat.Server == JidServer.User && "+" + chat.User == row.PhoneNumber);

    private async Task<Recipient> ResolveAsync(LiveDevice live, DeviceRow row, Recipient recipient, CancellationToken patience)
    {
        var (asked, now) = (recipient.Chat, clock.GetUtcNow());
        if (PhoneNumber.Parse("+" + asked.User) is null) return recipient with { Refusal = Refusal.InvalidRecipient };
        var lately = await database.AsAccount(row.AccountId).ReadAsync(
            work => work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_numbers WHERE device_id = @Id AND asked_at > @since", new { row.Id, since = now - TimeSpan.FromHours(1) }), patience).ConfigureAwait(false);
        if (lately >= SendingLimits.NumbersAnHour) return recipient;
        var answer = (await live.Client.FindNumbersAsync(["+" + asked.User], patience).ConfigureAwait(false))[0];
        var address = answer.PhoneJid ?? answer.Lid;
        return await database.AsAccount(row.AccountId).WriteAsync(async work =>
        {
            await work.PostAsync(
                """
                INSERT INTO whatsapp_device_numbers (device_id, chat_id, address, asked_at) VALUES (@Id, @chat, @address, @now)
                ON CONFLICT (device_id, chat_id) DO UPDATE SET address = excluded.address, asked_at = excluded.asked_at
                """, new { row.Id, chat = asked.ToString(), address = address?.ToString(), now }).ConfigureAwait(false);
            return address is { } chat
                ? new Recipient(chat, IsResolved: true, await NewChats.IsKnownAsync(work, row.Id, chat).ConfigureAwait(false))
                : recipient with { Refusal = Refusal.InvalidRecipient };
        }, CancellationToken.None).ConfigureAwait(false);
    }

    // Before the first message to somebody in a day. Who has blocked us nobody tells.
    private async Task<bool> IsBlockedAsync(LiveDevice live, Jid chat, CancellationToken patience)
    {
        var now = clock.GetUtcNow();
        if (_notBlocked.TryGetValue((live.Id, chat), out var asked) && asked > now - SendingLimits.NotBlocked) return false;
        if (await live.Client.IsBlockedAsync(chat, patience).ConfigureAwait(false)) return true;
        if (_notBlocked.Count >= SendingLimits.NotBlockedKept) _notBlocked.Clear();
        _notBlocked[(live.Id, chat)] = now;
        return false;
    }

    // A device that is not at work here still knows whom it has chats with.
    private async Task<bool> HasChatAsync(LiveDevice? live, DeviceRow row, KeptDevice device, Jid chat, CancellationToken cancellation)
    {
        try
        {
            if (live is not null) return await live.Client.HasChatAsync(chat, cancellation).ConfigureAwait(false);
            var client = await networks.ClientAsync(row.Network, new DeviceStore(database, messages, device, epoch: 0), cancellation).ConfigureAwait(false);
            await using (client.ConfigureAwait(false)) return await client.HasChatAsync(chat, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WhatsAppException or InvalidOperationException or HttpRequestException)
        {
            return false;
        }
    }

    private sealed record Found(string? Address, DateTimeOffset AskedAt);
}
