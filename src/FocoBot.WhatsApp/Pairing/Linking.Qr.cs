using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Pairing;

// QR codes: the first reference is good for 60 s, each further one for 20 s. Then the server has none left for this connection.
internal sealed partial class Linking
{
    private static readonly TimeSpan FirstReference = TimeSpan.FromSeconds(60), NextReference = TimeSpan.FromSeconds(20);

    private readonly Queue<string> _references = new();
    private string _reference = "";

    private async Task ShowReferencesAsync(Node pairing)
    {
        foreach (var given in pairing.ChildrenOf("ref").Take(Limits.QrReferences))
            _references.Enqueue(given.Content.Text);
        _deadline = clock.GetUtcNow();
        await ShowNextReferenceAsync(FirstReference);
    }

    private Task ShowNextReferenceAsync() => ShowNextReferenceAsync(NextReference);

    private async Task ShowNextReferenceAsync(TimeSpan lasts)
    {
        if (!_references.TryDequeue(out var following))
            throw new LinkingException(LinkingFailure.QrExpired);
        _reference = following;
        _deadline += lasts;
        await ShowQrAsync();
    }

    // The phone may have got hold of a secret that leaked: the server asks for a new one. The reference stays, and so does its time.
    private async Task RotateSecretAsync()
    {
        // By code the secret is made with the phone at the end, and must then stay; that of a passkey's pairing is no part of a QR code.
        if (method.Phone is not null || _passkeyStep is not PasskeyStep.None)
            return;
        _advSecret = random.Take(32);
        if (_reference.Length > 0)
            await ShowQrAsync();
    }

    private ValueTask ShowQrAsync() => publish(new QrCodeShown(
        QrCode.Build(_reference, device.Noise.Public.Span, device.Identity.Public.Span, _advSecret, Platform.ClientType), _deadline));
}
