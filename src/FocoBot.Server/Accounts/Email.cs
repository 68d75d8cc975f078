using System.Net.Mail;
using System.Text;

namespace FocoBot.Accounts;

/// <summary>An e-mail address as written, and the key that accounts are found by.</summary>
internal readonly record struct Email(string Address, string Key)
{
    /// <summary>Takes an address of the form <c>name@host.tld</c>; no display name, no comments, no control characters.</summary>
    public static bool TryParse(string? text, out Email email)
    {
        email = default;
        if (text is null || text.Length > AccountLimits.Email * 2) return false;
        var address = text.Trim().Normalize(NormalizationForm.FormC);
        if (address.Length > AccountLimits.Email || address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '<' or '>')) return false;
        if (!MailAddress.TryCreate(address, out var parsed) || parsed.Address != address) return false;
        email = new Email(address, address.ToLowerInvariant());
        return true;
    }
}
