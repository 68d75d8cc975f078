using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Bench;

/// <summary>The smallest program that shows a QR code.</summary>
internal static class FirstQr
{
    public static async Task<int> RunAsync(string url, string root)
    {
        await using var client = new WhatsAppClient(new WhatsAppClientOptions { Store = new InMemoryDeviceStore(), Uri = new(url), RootKey = Convert.FromBase64String(root) });
        var linking = client.LinkByQrAsync();
        await foreach (var happened in client.Events)
        {
            if (happened is QrCodeShown code)
            {
                Console.WriteLine(code.Text);
                Environment.Exit(0);
            }
        }

        await linking;
        return 1;
    }
}
