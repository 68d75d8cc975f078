using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>Why a message was not sent, as the product's codes and in plain words.</summary>
internal static class Refusal
{
    public static string? CodeOf(RefusalReason reason) => reason switch
    {
        RefusalReason.None => null,
        RefusalReason.ContactNotEstablished or RefusalReason.NewChatLimit => "REACHOUT_LIMITED",
        RefusalReason.NotFound => "INVALID_RECIPIENT",
        RefusalReason.TooMuch => "RATE_LIMITED",
        _ => "REFUSED",
    };
}
