using FocoBot.Sandbox.Phones;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;

namespace FocoBot.Sandbox.Http;

/// <summary>Plays the phones over HTTP.</summary>
internal static class PhoneEndpoints
{
    public static void MapPhones(this WebApplication app)
    {
        var sandbox = app.MapGroup("/sandbox").WithTags("Sandbox");
        sandbox.MapGet("/info", Info).WithSummary("Where clients connect, and what they must trust");
        sandbox.MapPost("/phones", Add).WithSummary("Adds a person with a phone");
        sandbox.MapPost("/faults", (SandboxNetwork network, FaultRequest request) => network.PlanFaults(ToJid(request.Target), request.Plan)).WithSummary("Makes things go wrong on the way to a device");
        sandbox.MapGet("/stats", (SandboxNetwork network) => network.Statistics()).WithSummary("What has happened so far");
        var phone = sandbox.MapGroup("/phones/{phoneNumber}");
        phone.MapGet("", (SandboxNetwork network, string phoneNumber) => PhoneState.Of(Find(network, phoneNumber))).WithSummary("A phone, its companions and contacts");
        phone.MapPost("/scan", (SandboxNetwork network, string phoneNumber, ScanRequest request) => Find(network, phoneNumber).Scan(request.Qr)).WithSummary("Scans a QR code");
        phone.MapPost("/enter-code", (SandboxNetwork network, string phoneNumber, CodeRequest request) => Find(network, phoneNumber).EnterCode(request.Code)).WithSummary("Types in a link code");
        phone.MapPost("/passkey", (SandboxNetwork network, string phoneNumber, PasskeyDecision request) => Find(network, phoneNumber).ConfirmPasskey(request.Confirm)).WithSummary("Agrees to a companion that has used the passkey, or does not");
        phone.MapPost("/passkey/assertion", (SandboxNetwork network, string phoneNumber, PasskeyQuestion request) => Find(network, phoneNumber).UsePasskey(request.Options)).WithSummary("Lets the account's passkey sign");
        phone.MapContent();
        phone.MapPrivacy();
        phone.MapGet("/messages", (SandboxNetwork network, string phoneNumber, int after = 0) => MessageList.Of(Find(network, phoneNumber), after)).WithSummary("What was read and written");
        phone.MapPost("/expire-media", (SandboxNetwork network, string phoneNumber, ExpireRequest request) => Find(network, phoneNumber).ExpireMedia(request.Id, request.AlsoOnPhone)).WithSummary("Takes the file of a message off the media host");
        phone.MapPost("/groups", (SandboxNetwork network, string phoneNumber, NewGroup request) => new MadeGroup(Find(network, phoneNumber).CreateGroup(request.Subject, [.. request.Members.Select(ToJid)]).ToString())).WithSummary("Makes a group");
        phone.MapPost("/offline", (SandboxNetwork network, string phoneNumber) => Find(network, phoneNumber).GoOffline()).WithSummary("Takes the phone off the network");
        phone.MapPost("/online", (SandboxNetwork network, string phoneNumber) => Find(network, phoneNumber).GoOnline()).WithSummary("Brings the phone back");
        phone.MapPost("/unlink", (SandboxNetwork network, string phoneNumber, UnlinkRequest request) => Find(network, phoneNumber).Unlink(Jid.Parse(request.DeviceJid))).WithSummary("Removes a companion");
        phone.MapState();
    }

    private static SandboxInfo Info(SandboxNetwork network, HttpRequest request) =>
        new($"{(request.IsHttps ? "wss" : "ws")}://{request.Host}/ws/chat", Convert.ToBase64String(network.RootPublicKey.Span), network.MediaBaseUrl?.ToString(), network.MediaCertificateAuthority);

    private static IResult Add(SandboxNetwork network, NewPhone request)
    {
        var phone = network.AddPhone(request.PhoneNumber, request.PushName, request.Passkey);
        return Results.Created($"/sandbox/phones/{phone.Number}", PhoneState.Of(phone));
    }

    internal static Jid ToJid(string text) => text.Contains('@', StringComparison.Ordinal) ? Jid.Parse(text) : new Jid(text, JidServer.User);

    internal static VirtualPhone Find(SandboxNetwork network, string number) =>
        network.FindPhone(number) ?? throw new SandboxException("NOT_FOUND", "Nobody has this number.");
}

/// <summary>Where clients connect.</summary>
/// <param name="WebSocketUrl">The server's address.</param>
/// <param name="RootPublicKey">Base64: the key to trust instead of WhatsApp's.</param>
/// <param name="MediaBaseUrl">Where files are uploaded to and downloaded from.</param>
/// <param name="MediaCertificateAuthority">PEM: the certificate authority to trust there.</param>
internal sealed record SandboxInfo(string WebSocketUrl, string RootPublicKey, string? MediaBaseUrl, string? MediaCertificateAuthority);

/// <summary>A person to add.</summary>
internal sealed record NewPhone(string PhoneNumber, string PushName, bool Passkey = false);

/// <summary>The text of a QR code.</summary>
internal sealed record ScanRequest(string Qr);

/// <summary>A link code, with or without its dash.</summary>
internal sealed record CodeRequest(string Code);

/// <summary>Whether the phone's owner agrees.</summary>
internal sealed record PasskeyDecision(bool Confirm);

/// <summary>What the passkey is asked: WebAuthn's options as JSON.</summary>
internal sealed record PasskeyQuestion(string Options);

internal sealed record SentMessage(string Id);

/// <summary>A group to make, with its members by number or address.</summary>
internal sealed record NewGroup(string Subject, IReadOnlyList<string> Members);

internal sealed record MadeGroup(string Jid);

/// <summary>Faults for a companion, by its address.</summary>
internal sealed record FaultRequest(string Target, double Drop, double Duplicate, double Reorder, double Corrupt, int DelayMs, int? DisconnectAfter, int? StreamError, int? Count, double LoseAcks, bool Deafens,
    int? Failure, int? BanCode, int? BanSeconds)
{
    public FaultPlan Plan => new(Drop, Duplicate, Reorder, Corrupt, DelayMs, DisconnectAfter, StreamError, Count, LoseAcks, Deafens, Failure, BanCode, BanSeconds);
}

internal sealed record UnlinkRequest(string DeviceJid);

/// <summary>A phone as it stands.</summary>
internal sealed record PhoneState(string PhoneNumber, string PushName, string Lid, IReadOnlyList<string> Companions, int Undecryptable, IReadOnlyDictionary<string, string> Contacts)
{
    public static PhoneState Of(VirtualPhone phone) => new(phone.Number, phone.PushName, phone.Lid.ToString(), [.. phone.Companions.Select(companion => companion.ToString())], phone.Undecryptable,
        phone.Contacts.ToDictionary(contact => contact.Key.ToString(), contact => contact.Value));
}

/// <summary>Messages, oldest first, and where to go on.</summary>
internal sealed record MessageList(IReadOnlyList<ShownMessage> Items, int Next)
{
    public static MessageList Of(VirtualPhone phone, int after)
    {
        var items = phone.Messages(after);
        return new([.. items.Select(message => new ShownMessage(message.Id, message.From.ToString(), message.Chat.ToString(), message.Text, message.Kind, message.At, ShownContent.Of(message.Content), message.Media))], after + items.Count);
    }
}

internal sealed record ShownMessage(string Id, string From, string Chat, string? Text, string Kind, DateTimeOffset At, ShownContent Content, PhoneMedia? Media);
