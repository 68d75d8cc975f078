using System.Globalization;
using System.Text;
using FocoBot.StandIns.Twilio;

namespace FocoBot.Bench;

/// <summary>What is sent and when: the same for whoever knows the numbers, so that processes need not tell each other.</summary>
/// <param name="First">The number of the first message; a warm-up takes the numbers before it.</param>
/// <param name="Count">How many messages.</param>
/// <param name="Rate">Messages a second.</param>
/// <param name="Phones">How many phones take turns.</param>
internal sealed record LoadPlan(int First, int Count, int Rate, int Phones)
{
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";
    public const string AuthToken = "0123456789abcdef0123456789abcdef";
    public const string Sender = "+14155238886";
    public const string PublicUrl = "https://bot.example.com";
    private const int ListEvery = 10;

    /// <summary>When a message is due, from the start.</summary>
    public TimeSpan DueAt(int index) => TimeSpan.FromSeconds((double)index / Rate);

    /// <summary>Who writes a message.</summary>
    public string From(int index) => LinkedPhones.Address((First + index) % Phones);

    /// <summary>One in ten asks for the list; the others are tasks.</summary>
    public bool IsTask(int index) => (First + index) % ListEvery != 0;

    /// <summary>The whole request, ready for the wire.</summary>
    public byte[] Request(int index)
    {
        var number = First + index;
        var text = IsTask(index) ? string.Create(CultureInfo.InvariantCulture, $"Nueva tarea - Comprar leche {number:D6}") : "/tareas";
        var webhook = InboundWebhook.Of(
            (AccountSid, AuthToken), PublicUrl, string.Create(CultureInfo.InvariantCulture, $"SM{number:x32}"), From(index), "whatsapp:" + Sender, text);
        return Encoding.UTF8.GetBytes(
            $"POST {InboundWebhook.Path} HTTP/1.1\r\nHost: bot.example.com\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
            + $"Content-Type: {InboundWebhook.ContentType}; charset=UTF-8\r\nX-Twilio-Signature: {webhook.Signature}\r\nContent-Length: {webhook.Body.Length}\r\n\r\n{webhook.Body}");
    }
}
