using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Pairing;

/// <summary>
/// What a companion says it is. One choice decides three values that must fit together: the client type in QR code and code
/// request, the name that the phone lists, and <see cref="DeviceProps.PlatformType"/>.
/// </summary>
/// <param name="ClientType">Client type letter; the server refuses 0 for pairing by code.</param>
/// <param name="Browser">A name that the server knows: Chrome, Edge, Firefox, Opera, Safari.</param>
/// <param name="Os">Likewise: Windows, Mac OS, Linux, Ubuntu.</param>
/// <param name="Type">Which icon the phone shows.</param>
internal sealed record CompanionPlatform(char ClientType, string Browser, string Os, DeviceProps.Types.PlatformType Type)
{
    /// <summary>The commonest of web clients.</summary>
    public static CompanionPlatform Chrome { get; } = new('1', "Chrome", "Mac OS", DeviceProps.Types.PlatformType.Chrome);

    /// <summary>The <c>companion_platform_display</c> of a code request: the server accepts no other form.</summary>
    public string Display => $"{Browser} ({Os})";
}
