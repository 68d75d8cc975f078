using QRCoder;

namespace FocoBot.Http;

/// <summary>QR codes as pictures.</summary>
internal static class CodeImage
{
    private const int PixelsAModule = 6;

    /// <summary>A PNG as a data URL, with so much redundancy that a logo may lie on it.</summary>
    public static string Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.H);
        using var image = new PngByteQRCode(code);
        return "data:image/png;base64," + Convert.ToBase64String(image.GetGraphic(PixelsAModule));
    }
}
