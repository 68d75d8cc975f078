using System.Net;

namespace FocoBot.StandIns.Twilio;

/// <summary>A message on its way in, as Twilio posts it: the fields of a WhatsApp text, encoded and signed.</summary>
/// <param name="Body">The form.</param>
/// <param name="Signature">The value of <c>X-Twilio-Signature</c>.</param>
public sealed record InboundWebhook(string Body, string Signature)
{
    /// <summary>Where a server takes webhooks.</summary>
    public const string Path = "/api/integrations/whatsapp/webhook";

    /// <summary>The content type of <see cref="Body"/>.</summary>
    public const string ContentType = "application/x-www-form-urlencoded";

    /// <summary>A text.</summary>
    /// <param name="account">Whose it is, and the token it is signed with.</param>
    /// <param name="publicUrl">The server's public address, which the signature covers.</param>
    /// <param name="sid">The message's id; a repeat has the same.</param>
    /// <param name="from">Who wrote, such as <c>whatsapp:+5215512345678</c>.</param>
    /// <param name="to">Our sender.</param>
    /// <param name="text">What was written.</param>
    public static InboundWebhook Of((string Sid, string Token) account, string publicUrl, string sid, string from, string to, string text)
    {
        KeyValuePair<string, string>[] form =
        [
            new("SmsMessageSid", sid), new("NumMedia", "0"), new("ProfileName", "Ana"), new("MessageType", "text"), new("SmsSid", sid),
            new("WaId", from["whatsapp:+".Length..]), new("SmsStatus", "received"), new("Body", text), new("To", to), new("NumSegments", "1"),
            new("ReferralNumMedia", "0"), new("MessageSid", sid), new("AccountSid", account.Sid), new("From", from), new("ApiVersion", "2010-04-01"),
        ];
        return new InboundWebhook(
            string.Join('&', form.Select(field => $"{field.Key}={WebUtility.UrlEncode(field.Value)}")),
            TwilioSigner.Sign(account.Token, publicUrl + Path, form));
    }
}
