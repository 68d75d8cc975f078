using System.Globalization;

namespace FocoBot.Channels.Twilio;

/// <summary>The <c>TWILIO_*</c> settings. A class and not a record: its text must never show a secret.</summary>
public sealed class TwilioOptions
{
    /// <summary>Where Twilio answers unless <c>TWILIO_API_BASE_URL</c> says otherwise.</summary>
    public static readonly Uri LiveApi = new("https://api.twilio.com");

    /// <summary>Where the typing indicator lives.</summary>
    public static readonly Uri LiveMessaging = new("https://messaging.twilio.com");

    /// <summary>True when messages can be sent and webhooks be checked: account, token and sender are there and nothing is wrong.</summary>
    public bool IsConfigured => Problems.Count == 0 && AccountSid.Length > 0;

    /// <summary>What is wrong, one sentence a variable, each beginning with the variable's name and none with its value.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary><c>TWILIO_ACCOUNT_SID</c>; "" when the channel is not configured.</summary>
    public string AccountSid { get; init; } = "";

    /// <summary><c>TWILIO_AUTH_TOKEN</c>: the primary token, and during a rotation the one it replaces.</summary>
    public IReadOnlyList<string> AuthTokens { get; init; } = [];

    /// <summary><c>TWILIO_API_KEY_SID</c>; preferred over the account's token for sending. Null when there is none.</summary>
    public string? ApiKeySid { get; init; }

    /// <summary><c>TWILIO_API_KEY_SECRET</c>.</summary>
    public string? ApiKeySecret { get; init; }

    /// <summary>Our WhatsApp sender.</summary>
    public ChannelAddress Sender { get; init; }

    /// <summary><c>WHATSAPP_BUSINESS_NUMBER</c>, the number shown to people, in E.164; the sender's when not set, null when neither is.</summary>
    public string? BusinessNumber { get; init; }

    /// <summary>The API; https, or http on this machine.</summary>
    public Uri ApiBase { get; init; } = LiveApi;

    /// <summary>The messaging API, for the typing indicator.</summary>
    public Uri MessagingBase { get; init; } = LiveMessaging;

    /// <summary><c>TWILIO_MESSAGES_PER_SECOND</c> a sender may send; WhatsApp's standard is 80.</summary>
    public int MessagesPerSecond { get; init; } = 80;

    /// <summary>How long a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>TWILIO_REQUEST_TIMEOUT_SECONDS</c>: how long a request may take in all.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// <c>TWILIO_LOOKUP_SECONDS</c>: how long after a send without an answer, and between looks, Twilio's listing is asked for it.
    /// Longer than a request can take, so that another node's request is not mistaken for a lost one.
    /// </summary>
    public TimeSpan LookUpEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// <c>TWILIO_ABSENCE_SECONDS</c>: a message still queued at Twilio may be missing from a listing; after this long it no longer
    /// is, and is sent again.
    /// </summary>
    public TimeSpan AbsenceIsProof { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Content ids by kind and language ("es", "en").</summary>
    internal IReadOnlyDictionary<(TemplateKind Kind, string Language), string> Templates { get; init; } =
        new Dictionary<(TemplateKind, string), string>();

    /// <summary>The approved template of a kind in a language ("es" or "en"); null when none is set.</summary>
    public string? Template(TemplateKind kind, string language) => Templates.GetValueOrDefault((kind, language));

    /// <summary>A link that opens WhatsApp with our number and a prepared text; null without a number.</summary>
    public Uri? WaMeLink(string? text = null)
    {
        if (BusinessNumber is null)
            return null;
        var link = "https://wa.me/" + BusinessNumber[1..];
        return new Uri(string.IsNullOrEmpty(text) ? link : $"{link}?text={Uri.EscapeDataString(text)}");
    }

    /// <summary>Reads and checks the settings. Nothing set at all is fine and means "not configured"; half of it is a problem.</summary>
    public static TwilioOptions Read(IConfiguration configuration)
    {
        var settings = new TwilioSettings(configuration);
        var account = settings.Text("TWILIO_ACCOUNT_SID", TwilioSid.IsAccount, "must be AC and 32 hexadecimal digits");
        var tokens = settings.AuthTokens("TWILIO_AUTH_TOKEN");
        var keySid = settings.Text("TWILIO_API_KEY_SID", TwilioSid.IsApiKey, "must be SK and 32 hexadecimal digits");
        var keySecret = settings.Text("TWILIO_API_KEY_SECRET", s => s.Length >= 16, "must have at least 16 characters");
        // The second name is the more telling one, so it wins when an SMS number stands in the first.
        var first = settings.Phone("TWILIO_PHONE_NUMBER");
        var sender = settings.Phone("TWILIO_WHATSAPP_NUMBER") ?? first;
        var business = settings.Phone("WHATSAPP_BUSINESS_NUMBER");
        var api = settings.ApiBase("TWILIO_API_BASE_URL");
        var pace = settings.Number("TWILIO_MESSAGES_PER_SECOND", 1, 10_000) ?? 80;
        var timeout = settings.Number("TWILIO_REQUEST_TIMEOUT_SECONDS", 1, 60) ?? 15;
        var lookUp = settings.Number("TWILIO_LOOKUP_SECONDS", timeout + 1, 600) ?? Math.Max(20, timeout + 1);
        var absence = settings.Number("TWILIO_ABSENCE_SECONDS", 1, 3_600) ?? 60;

        var templates = new Dictionary<(TemplateKind, string), string>();
        foreach (var kind in Enum.GetValues<TemplateKind>())
        {
            foreach (var language in (ReadOnlySpan<string>)["es", "en"])
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"TWILIO_TEMPLATE_{kind}_{language}").ToUpperInvariant();
                if (settings.Text(name, TwilioSid.IsContent, "must be HX and 32 hexadecimal digits") is { } content)
                    templates[(kind, language)] = content;
            }
        }

        settings.RequireTogether("TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET");
        if (settings.IsSet("TWILIO_ACCOUNT_SID") || settings.IsSet("TWILIO_AUTH_TOKEN") || settings.IsSet("TWILIO_API_KEY_SID"))
            settings.Require("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER|TWILIO_WHATSAPP_NUMBER");

        return new TwilioOptions
        {
            Problems = settings.Problems,
            AccountSid = account ?? "",
            AuthTokens = tokens,
            ApiKeySid = keySid,
            ApiKeySecret = keySecret,
            Sender = sender ?? default,
            BusinessNumber = business?.Phone ?? sender?.Phone,
            ApiBase = api ?? LiveApi,
            MessagingBase = api ?? LiveMessaging,
            MessagesPerSecond = pace,
            RequestTimeout = TimeSpan.FromSeconds(timeout),
            LookUpEvery = TimeSpan.FromSeconds(lookUp),
            AbsenceIsProof = TimeSpan.FromSeconds(absence),
            Templates = templates,
        };
    }
}
