using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Signal.Curve25519;

namespace FocoBot.WhatsApp.Pairing;

// A code typed into the phone, in three stages:
//   C companion_hello (our ephemeral key, wrapped with the code)      S the request's reference
//   S primary_hello (the phone's ephemeral key, likewise; its identity)
//   C companion_finish (key bundle)                                   S result, then pair-success
internal sealed partial class Linking
{
    private const int HellosACode = 3;

    private static readonly TimeSpan CodeLasts = TimeSpan.FromSeconds(180), SuccessTimeout = TimeSpan.FromSeconds(60);

    private string _code = "";
    private KeyPair? _ephemeral;
    private byte[] _codeReference = [];
    private int _hellos;

    private async Task RequestCodeAsync(string phone, CancellationToken token)
    {
        _code = method.Code ?? LinkCode.FromBytes(random.Take(LinkCode.RandomLength));
        _ephemeral = KeyPair.Generate(random);
        _hellos = 0;
        _deadline = clock.GetUtcNow() + CodeLasts;
        var answer = await AskAsync(phone, "companion_hello",
        [
            new("link_code_pairing_wrapped_companion_ephemeral_pub", LinkCode.Wrap(_code, _ephemeral.Public.Span, random.Take(32), random.Take(16))),
            new("companion_server_auth_key_pub", device.Noise.Public.ToArray()),
            new("companion_platform_id", $"{Platform.ClientType}"),
            new("companion_platform_display", Platform.Display),
            new("link_code_pairing_nonce", "0"),
        ], token);
        _codeReference = answer.RequireChild("link_code_companion_reg").RequireChild("link_code_pairing_ref").Content.Bytes.ToArray();
        await publish(new LinkCodeShown(LinkCode.Display(_code), _deadline));
    }

    private Task HandleCodeAsync(Node registration, CancellationToken token)
    {
        // What belongs to a code before this one means nothing any more.
        if (method.Phone is not { } phone || _ephemeral is null || registration.Child("link_code_pairing_ref") is not { } about
            || !about.Content.Bytes.Span.SequenceEqual(_codeReference))
            return Task.CompletedTask;
        return registration["stage"] switch
        {
            "primary_hello" => FinishCodeAsync(phone, _ephemeral, registration, token),
            "refresh_code" when registration["force_manual_refresh"] == "true" => CodeExpiredAsync(token),
            "refresh_code" => RequestCodeAsync(phone, token),
            _ => Task.CompletedTask,
        };
    }

    private async Task FinishCodeAsync(string phone, KeyPair ours, Node registration, CancellationToken token)
    {
        if (++_hellos > HellosACode)
            throw new LinkingException(LinkingFailure.CodeExpired);
        var phoneEphemeral = LinkCode.Unwrap(_code, registration.RequireChild("link_code_pairing_wrapped_primary_ephemeral_pub").Content.Bytes.Span);
        var phoneIdentity = registration.RequireChild("primary_identity_pub").Content.Bytes;
        (var bundle, _advSecret) = LinkCodeFinish.Companion(ours, device.Identity, phoneEphemeral, phoneIdentity.Span, random.Take(76));
        await AskAsync(phone, "companion_finish",
        [
            new("link_code_pairing_wrapped_key_bundle", bundle),
            new("companion_identity_public", device.Identity.Public.ToArray()),
            new("link_code_pairing_ref", _codeReference),
        ], token);
        _deadline = clock.GetUtcNow() + SuccessTimeout;
    }

    private async Task<Node> AskAsync(string phone, string stage, Node[] content, CancellationToken token)
    {
        var push = stage == "companion_hello" ? "true" : null;
        var registration = new Node(
            "link_code_companion_reg", [("jid", new Jid(phone, JidServer.User)), ("stage", stage), ("should_show_push_notification", push)], content);
        try
        {
            return await connection.RequestAsync("md", "set", registration, token);
        }
        catch (RequestRefusedException refused)
        {
            throw new LinkingException(refused.Code == 429 ? LinkingFailure.RateLimited : LinkingFailure.CodeRefused, refused);
        }
    }

    private static Task CodeExpiredAsync(CancellationToken token) => throw new LinkingException(LinkingFailure.CodeExpired);
}
