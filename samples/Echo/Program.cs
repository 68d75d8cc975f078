// Links to a phone by QR code and says back what it is told. For the sandbox: --url ws://… --root-key (base64).
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Storage;
using QRCoder;

var options = new WhatsAppClientOptions { Store = new InMemoryDeviceStore() };
if (Argument("--url") is { } url) options = options with { Uri = new(url) };
if (Argument("--root-key") is { } key) options = options with { RootKey = Convert.FromBase64String(key) };
await using var client = new WhatsAppClient(options);
var linking = client.LinkByQrAsync();
await foreach (var happened in client.Events)
{
    if (happened is QrCodeShown qr)
        Console.WriteLine($"{AsciiQRCodeHelper.GetQRCode(qr.Text, QRCodeGenerator.ECCLevel.L, drawQuietZones: true)}\n{qr.Text}");
    else if (happened is MessageReceived { FromMe: false } message && await client.DescribeAsync(message) is TextContent said)
        await client.SendTextAsync(message.Chat, said.Text, new SendOptions { ReplyTo = message });
    else if (happened is DeviceNotLinked or Disconnected { RetryIn: null })
        await linking;
}

string? Argument(string name) => args.SkipWhile(argument => argument != name).ElementAtOrDefault(1);
