using System.Globalization;
using System.Text;

namespace FocoBot.Accounts.Mail;

/// <summary>A mail to one person, plain text.</summary>
public sealed record MailMessage(string To, string Subject, string Text)
{
    private const int LineBytes = 57; // 76 characters of base64, RFC 2045 §6.8

    /// <summary>The message as it travels (RFC 5322), with everything that is not ASCII encoded.</summary>
    public string ToWire(string from, Guid id, DateTimeOffset now)
    {
        var wire = new StringBuilder();
        wire.Append(CultureInfo.InvariantCulture, $"From: FocoBot <{from}>\r\n");
        wire.Append(CultureInfo.InvariantCulture, $"To: <{To}>\r\n");
        wire.Append(CultureInfo.InvariantCulture, $"Subject: =?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(Subject))}?=\r\n");
        wire.Append(CultureInfo.InvariantCulture, $"Date: {now:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");
        wire.Append(CultureInfo.InvariantCulture, $"Message-ID: <{id:N}@{from[(from.LastIndexOf('@') + 1)..]}>\r\n");
        wire.Append("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        foreach (var line in Encoding.UTF8.GetBytes(Text).Chunk(LineBytes))
            wire.Append(Convert.ToBase64String(line)).Append("\r\n");
        return wire.ToString().TrimEnd();
    }
}
