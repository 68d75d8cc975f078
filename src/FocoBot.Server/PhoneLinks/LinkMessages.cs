using System.Text.Json.Serialization;

namespace FocoBot.PhoneLinks;

/// <summary>Asks for a code.</summary>
/// <param name="Phone">The phone as a person types it; without it, a code for a sender who hides the number.</param>
/// <param name="Country">ISO 3166-1 region of a phone in national form, such as <c>ID</c>.</param>
/// <param name="Delivery"><c>inbound</c> (default): the code is shown and comes back from the phone on WhatsApp; <c>send</c>: it goes to the phone and is typed into <c>verify</c>.</param>
/// <param name="DeviceLinking">Link FocoBot as a companion device as well, once the phone is verified.</param>
/// <param name="Method">How, with <paramref name="DeviceLinking"/>: <c>qr_code</c> or <c>pairing_code</c>.</param>
/// <param name="Password">The account's password, for any phone after the first: whoever borrows a session must not make their phone command the account.</param>
/// <param name="DeviceName">What the owner calls the device.</param>
/// <param name="Network">Where the device is linked: <c>live</c>, or <c>sandbox</c> in Development.</param>
/// <param name="Consent">What the owner allows the device.</param>
public sealed record LinkRequest(
    string? Phone = null, string? Country = null, string? Delivery = null, bool DeviceLinking = false, string? Method = null, string? Password = null,
    string? DeviceName = null, string? Network = null, DeviceConsent? Consent = null);

/// <summary>A code was made.</summary>
/// <param name="Phone">The canonical phone.</param>
/// <param name="Code">The code; never present when it was sent to the phone.</param>
/// <param name="Purpose"><c>inbound</c> or <c>outbound</c>.</param>
/// <param name="ExpiresAt">When the code dies.</param>
/// <param name="Instructions">What the person does next, in the account's language.</param>
/// <param name="WaLink">Opens WhatsApp with the message ready to send.</param>
public sealed record LinkAnswer(
    string? Phone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    string Purpose,
    DateTimeOffset ExpiresAt,
    string Instructions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WaLink);

/// <summary>A code that was sent to a phone, typed by the account.</summary>
public sealed record VerifyRequest(string? Phone, string? Code, string? Country = null);

/// <summary>The phone is proven.</summary>
/// <param name="Phone">The canonical phone.</param>
/// <param name="Verified">False while <paramref name="Status"/> is <c>confirm_on_whatsapp</c>: the phone is another account's and was asked there.</param>
/// <param name="Status"><c>linked</c> or <c>confirm_on_whatsapp</c>.</param>
public sealed record VerifyAnswer(string Phone, bool Verified, string Status);

/// <summary>One link of the caller's.</summary>
/// <param name="Id">For <c>unlink</c>, and the only name of a link without a phone.</param>
/// <param name="Phone">Canonical; null when the person hides it.</param>
/// <param name="Verified">Proven.</param>
/// <param name="LinkedAt">When.</param>
/// <param name="Suspended">Proven, but waiting for a new verification.</param>
/// <param name="CodeExpiresAt">When the code that was last asked for dies; null when none waits.</param>
/// <param name="DeviceLinking">What has become of the wish to link a device as well; null when there was none.</param>
public sealed record LinkView(Guid Id, string? Phone, bool Verified, DateTimeOffset? LinkedAt, bool Suspended, DateTimeOffset? CodeExpiresAt, DeviceLinkingView? DeviceLinking);

/// <summary>The caller's links; they fit one page.</summary>
public sealed record LinkList(IReadOnlyList<LinkView> Items, string? NextCursor = null);

/// <summary>What <c>DELETE unlink</c> would end.</summary>
/// <param name="Items">The links that can be ended.</param>
/// <param name="Ends">What ends with a link.</param>
/// <param name="Stays">What stays.</param>
public sealed record UnlinkPreview(IReadOnlyList<LinkView> Items, IReadOnlyList<string> Ends, IReadOnlyList<string> Stays);

/// <summary>Which link to end: by phone or by id (also <c>?id=</c>); neither when there is only one.</summary>
public sealed record UnlinkRequest(string? Phone = null, Guid? Id = null);
