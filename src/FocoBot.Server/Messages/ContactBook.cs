using System.Security.Cryptography;
using System.Text;
using FocoBot.Security;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>A name in an address book.</summary>
internal sealed record BookName(string? FullName, string? FirstName);

/// <summary>
/// Names of people, sealed: those in the address book, which the phone shares with all devices of its account and tells of each change, and what the writers of kept messages
/// call themselves. Of writers whose messages are not kept nothing is put down.
/// </summary>
public sealed class ContactBook(TimeProvider clock)
{
    private const string BookColumn = "whatsapp_device_contacts.book_name";
    private const string PushColumn = "whatsapp_device_contacts.push_name";
    private const int MostName = 256; // of what others call themselves; WhatsApp has 25
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    // What people were called when they last wrote, so that not each message writes it down again.
    private readonly ForgetfulMap<string> _told = new(clock);

    internal const string Columns = "k.contact_id AS Contact, k.alternate_id AS ContactAlternate, k.book_name AS BookSealed, k.push_name AS PushSealed";

    /// <summary>Keeps what the address book says.</summary>
    internal async Task KeepAsync(Work work, KeptDevice device, ContactNamed named)
    {
        var (contact, alternate) = KeyOf(named.Contact, named.Alternate);
        var name = named.FullName is null && named.FirstName is null ? null : device.Key.SealJson(BookColumn, RowOf(contact), new BookName(named.FullName, named.FirstName));
        await SaveAsync(work, device, contact, alternate, "book_name", name).ConfigureAwait(false);
        if (name is null) await work.PostAsync("DELETE FROM whatsapp_device_contacts WHERE device_id = @Id AND contact_id = @contact AND push_name IS NULL", new { device.Id, contact }).ConfigureAwait(false);
    }

    /// <summary>Keeps what the writer of a kept message calls himself.</summary>
    internal async Task KeepAsync(Work work, KeptDevice device, MessageReceived message)
    {
        if (message is not { FromMe: false, PushName: { Length: > 0 and <= MostName } name }) return;
        var (contact, alternate) = KeyOf(message.Sender, message.SenderAlternate);
        var known = $"{device.Id:N}{contact}";
        if (_told.Find(known) == name) return;
        await SaveAsync(work, device, contact, alternate, "push_name", device.Key.Seal(PushColumn, RowOf(contact), name)).ConfigureAwait(false);
        work.OnCommit(() => _told.Update(known, (_, now) => (name, now + Remembered, null)));
    }

    internal static BookName? BookNameOf(KeptDevice device, string? contact, byte[]? name) => contact is null || name is null ? null : device.Key.OpenJson<BookName>(BookColumn, RowOf(contact), name);

    internal static string? PushNameOf(KeptDevice device, string? contact, byte[]? name) => contact is null || name is null ? null : device.Key.Open(PushColumn, RowOf(contact), name);

    // Under the phone number once that is known; what there was under the hidden identity alone comes again.
    private async Task SaveAsync(Work work, KeptDevice device, string contact, string? alternate, string column, byte[]? name)
    {
        if (alternate is not null) await work.PostAsync("DELETE FROM whatsapp_device_contacts WHERE device_id = @Id AND contact_id = @alternate", new { device.Id, alternate }).ConfigureAwait(false);
        await work.PostAsync(
            $"""
            INSERT INTO whatsapp_device_contacts (device_id, contact_id, alternate_id, {column}, updated_at) VALUES (@Id, @contact, @alternate, @name, @now)
            ON CONFLICT (device_id, contact_id) DO UPDATE SET {column} = excluded.{column}, alternate_id = COALESCE(excluded.alternate_id, whatsapp_device_contacts.alternate_id), updated_at = excluded.updated_at
            """, new { device.Id, contact, alternate, name, now = clock.GetUtcNow() }).ConfigureAwait(false);
    }

    private static (string Contact, string? Alternate) KeyOf(Jid one, Jid? other)
    {
        var (person, alternate) = (one.WithoutDevice(), other?.WithoutDevice());
        return person.Server == JidServer.Lid && alternate is { Server: JidServer.User } phone ? (phone.ToString(), person.ToString()) : (person.ToString(), alternate?.ToString());
    }

    // A contact's identity, to be bound into the seal; the key is the device's own.
    private static Guid RowOf(string contact) => new(SHA256.HashData(Encoding.UTF8.GetBytes(contact)).AsSpan(0, 16), bigEndian: true);
}
