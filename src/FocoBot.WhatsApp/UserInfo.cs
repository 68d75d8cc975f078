namespace FocoBot.WhatsApp;

/// <summary>Whether a phone number is on WhatsApp.</summary>
/// <param name="PhoneNumber">The digits that were asked for.</param>
/// <param name="PhoneJid">The account by phone number, which may be written otherwise than asked for; null when there is none.</param>
/// <param name="Lid">The account by hidden identity, if the server tells it.</param>
/// <param name="IsBusiness">Whether it is a business.</param>
public sealed record NumberLookup(string PhoneNumber, Jid? PhoneJid, Jid? Lid, bool IsBusiness)
{
    /// <summary>Whether the number is on WhatsApp.</summary>
    public bool IsOnWhatsApp => PhoneJid is not null || Lid is not null;

    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(NumberLookup);
}

/// <summary>What the server tells of a person.</summary>
/// <param name="Jid">The person, as asked for.</param>
/// <param name="Lid">The hidden identity, if the server tells it.</param>
/// <param name="About">The about text; null when there is none or it is not shown to this account.</param>
/// <param name="PictureId">The id of the picture; null when there is none or it is not shown to this account.</param>
/// <param name="IsBusiness">Whether it is a business.</param>
public sealed record UserInfo(Jid Jid, Jid? Lid, string? About, string? PictureId, bool IsBusiness)
{
    /// <summary>Nothing of what is inside.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(UserInfo);
}

/// <summary>A picture of a person or group.</summary>
/// <param name="Id">Changes with the picture.</param>
/// <param name="Url">Where it can be downloaded, for some hours; not encrypted.</param>
public sealed record ProfilePicture(string Id, Uri Url);
