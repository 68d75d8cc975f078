using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>Somebody whose name is known.</summary>
/// <param name="Contact">The address: by phone number if that is known.</param>
/// <param name="Alternate">The address by hidden identity, if it is known as well.</param>
/// <param name="Number">The phone number, if it is known.</param>
/// <param name="Name">The name in the address book.</param>
/// <param name="FirstName">The short one there.</param>
/// <param name="PushName">What the person calls himself; known of writers of kept messages.</param>
internal sealed record ContactView(string Contact, string? Alternate, string? Number, string? Name, string? FirstName, string? PushName);

/// <summary>Where a list of contacts goes on.</summary>
internal sealed record ContactPosition(string Contact);

/// <summary>People whose names a device knows, by their addresses.</summary>
internal static class ContactList
{
    /// <summary>Contacts after a position, one more than asked for if there are more.</summary>
    public static async Task<List<ContactView>> ReadAsync(Work work, KeptDevice device, ContactPosition? after, int limit)
    {
        var rows = await work.QueryAsync<Row>(
            $"SELECT {ContactBook.Columns} FROM whatsapp_device_contacts k WHERE k.device_id = @Id AND k.contact_id > @after ORDER BY k.contact_id LIMIT @limit",
            new { device.Id, after = after?.Contact ?? "", limit = limit + 1 }).ConfigureAwait(false);
        return rows.ConvertAll(row =>
        {
            var book = ContactBook.BookNameOf(device, row.Contact, row.BookSealed);
            var number = MessageBook.NumberOf(Jid.Parse(row.Contact), row.ContactAlternate is null ? null : Jid.Parse(row.ContactAlternate));
            return new ContactView(row.Contact, row.ContactAlternate, number, book?.FullName, book?.FirstName, ContactBook.PushNameOf(device, row.Contact, row.PushSealed));
        });
    }

    private sealed record Row(string Contact, string? ContactAlternate, byte[]? BookSealed, byte[]? PushSealed);
}
