using FocoBot.Storage;

namespace FocoBot.Assistant.Admission;

/// <summary>What is known of a sender on the business channel, linked or not.</summary>
internal sealed record Contact(string? Language, DateTimeOffset? SuppressedAt, DateTimeOffset? LastRefusalAt);

/// <summary>The contacts table, as far as incoming messages change it.</summary>
internal static class Contacts
{
    private const string Blocked = "blocked";

    /// <summary>Notes that the person wrote: that opens the 24-hour window, and shows that the address is good and no longer blocks us. What was asked for by STOP stays.</summary>
    public static async Task<Contact> HeardFromAsync(Work work, PendingMessage message, string? phone, DateTimeOffset now)
    {
        await work.PostAsync(
            """
            INSERT INTO contacts (address, phone, last_inbound_at, created_at) VALUES (@Address, @phone, @ReceivedAt, @now)
            ON CONFLICT (address) DO UPDATE SET last_inbound_at = excluded.last_inbound_at, bad_at = NULL,
              suppressed_at = CASE WHEN contacts.suppressed_reason = 'blocked' THEN NULL ELSE contacts.suppressed_at END
            """, new { message.Address, phone, message.ReceivedAt, now }).ConfigureAwait(false);
        return new Contact(message.Language, message.SuppressedReason == Blocked ? null : message.SuppressedAt, message.LastRefusalAt);
    }

    /// <summary>Stops all sends to the address, or (without a time) lets them flow again.</summary>
    public static Task SuppressAsync(Work work, string address, DateTimeOffset? at, string reason) => work.ExecuteAsync(
        "UPDATE contacts SET suppressed_at = @at, suppressed_reason = @reason WHERE address = @address", new { address, at, reason = at is null ? null : reason });

    public static Task RefusedAsync(Work work, string address, DateTimeOffset now) =>
        work.ExecuteAsync("UPDATE contacts SET last_refusal_at = @now WHERE address = @address", new { address, now });
}
