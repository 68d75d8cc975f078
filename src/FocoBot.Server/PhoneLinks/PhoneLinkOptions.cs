using FocoBot.Security;

namespace FocoBot.PhoneLinks;

/// <summary>What linking a phone needs to know of the business channel.</summary>
public sealed record PhoneLinkOptions
{
    /// <summary>The number that people write to; null when it was not set.</summary>
    public PhoneNumber? BusinessNumber { get; init; }

    /// <summary>Whether the business channel can send: without it no code can go to a phone.</summary>
    public required bool CanSend { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StartupException">The business number is no phone number.</exception>
    public static PhoneLinkOptions Load(IConfiguration configuration)
    {
        bool Has(string name) => configuration[name] is { Length: > 0 };
        var number = configuration["WHATSAPP_BUSINESS_NUMBER"];
        return new PhoneLinkOptions
        {
            BusinessNumber = string.IsNullOrEmpty(number) ? null : PhoneNumber.Parse(number)
                ?? throw new StartupException("WHATSAPP_BUSINESS_NUMBER must be a phone number with its country code, such as +14155238886."),
            CanSend = Has("TWILIO_ACCOUNT_SID") && (Has("TWILIO_AUTH_TOKEN") || (Has("TWILIO_API_KEY_SID") && Has("TWILIO_API_KEY_SECRET")))
                && (Has("TWILIO_PHONE_NUMBER") || Has("TWILIO_WHATSAPP_NUMBER")),
        };
    }
}
