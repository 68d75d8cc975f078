namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>A contact that is sent.</summary>
/// <param name="Name">The name that is shown.</param>
/// <param name="VCard">All about the contact, as a vCard (RFC 2426).</param>
public sealed record ContactCard(string Name, string VCard)
{
    /// <summary>The card of somebody on WhatsApp.</summary>
    /// <param name="name">The name.</param>
    /// <param name="phoneNumber">The phone number's digits, with the country's.</param>
    /// <returns>The card.</returns>
    public static ContactCard Of(string name, string phoneNumber)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (phoneNumber.Length == 0 || phoneNumber.AsSpan().ContainsAnyExceptInRange('0', '9'))
            throw new ArgumentException("A phone number has digits only.", nameof(phoneNumber));
        var escaped = name.ReplaceLineEndings(" ").Replace("\\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal).Replace(";", @"\;", StringComparison.Ordinal);
        return new(name, $"BEGIN:VCARD\nVERSION:3.0\nN:;{escaped};;;\nFN:{escaped}\nTEL;type=CELL;waid={phoneNumber}:+{phoneNumber}\nEND:VCARD");
    }

    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(ContactCard);
}

/// <summary>What is shown of a link in a text. The sender makes it, so it may show something else than the link leads to.</summary>
/// <param name="Url">The link, exactly as it stands in the text.</param>
/// <param name="Title">The page's title.</param>
/// <param name="Description">What the page says of itself.</param>
/// <param name="JpegThumbnail">A small picture; empty for none.</param>
public sealed record LinkPreview(string Url, string Title, string? Description = null, ReadOnlyMemory<byte> JpegThumbnail = default)
{
    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(LinkPreview);
}
