using System.Text;
using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

/// <summary>Webhook forms as Twilio would post them.</summary>
internal static class Forms
{
    public const string Account = "AC0123456789abcdef0123456789abcdef";
    public const string MessageSid = "SM0123456789abcdef0123456789abcdef";
    public const string From = "whatsapp:+5215512345678";
    public const string Sender = "whatsapp:+14155238886";

    public static TwilioForm Parse(string body)
    {
        Assert.True(TwilioForm.TryParse(Encoding.UTF8.GetBytes(body), out var form));
        return form;
    }

    public static TwilioForm Of(params ReadOnlySpan<(string Key, string Value)> fields)
    {
        var body = new StringBuilder();
        foreach (var (key, value) in fields)
            body.Append(body.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value));
        return Parse(body.ToString());
    }

    public static TwilioForm Inbound(params ReadOnlySpan<(string Key, string Value)> more) => Of(
    [
        ("MessageSid", MessageSid), ("SmsMessageSid", MessageSid), ("AccountSid", Account), ("From", From), ("To", Sender),
        ("SmsStatus", "received"), ("NumSegments", "1"), ("ApiVersion", "2010-04-01"), .. more,
    ]);
}
