using FocoBot.WhatsApp;

namespace FocoBot.Messages;

/// <summary>Why a message was not sent, as the product's codes and in plain words.</summary>
internal static class Refusal
{
    public const string ReachoutLimited = "REACHOUT_LIMITED";
    public const string NewChatLimit = "NEW_CHAT_LIMIT";
    public const string InvalidRecipient = "INVALID_RECIPIENT";
    public const string Blocked = "BLOCKED";
    public const string NotAllowed = "NOT_ALLOWED";
    public const string TooMuch = "RATE_LIMITED";
    public const string NotUploaded = "NOT_UPLOADED";
    public const string Undone = "UNDONE";
    public const string Other = "REFUSED";

    /// <summary>The code for what the server has said; null when it has not refused.</summary>
    public static string? CodeOf(RefusalReason reason) => reason switch
    {
        RefusalReason.None => null,
        RefusalReason.ContactNotEstablished => ReachoutLimited,
        RefusalReason.NewChatLimit => NewChatLimit,
        RefusalReason.NotFound => InvalidRecipient,
        RefusalReason.NotAllowed => NotAllowed,
        RefusalReason.TooMuch => TooMuch,
        _ => Other,
    };

    /// <summary>What a code means, and what to do about it.</summary>
    public static string? ReasonOf(string? code) => code switch
    {
        null => null,
        ReachoutLimited => "WhatsApp lets this account not write first to people who have not written to it. Wait until they write; answers, and messages to people it has chats with, go on.",
        NewChatLimit => "The account has begun as many new chats as WhatsApp lets it for now. Answers, and messages to people it has chats with, go on.",
        InvalidRecipient => "Nobody with this number is on WhatsApp, or the group is gone.",
        Blocked => "The account has blocked this person. Unblock them on WhatsApp first.",
        NotAllowed => "The account may not write there: it is not in the group any more, or only the group's admins may write.",
        TooMuch => "WhatsApp wants fewer messages from this account. Wait before sending more.",
        NotUploaded => "The file could not be brought to WhatsApp in many tries. Send it again later.",
        Undone => "It was taken back before it left.",
        "MESSAGE_TOO_LARGE" => "The message is larger than WhatsApp takes.",
        "DEVICE_BANNED" => "WhatsApp has restricted the account. Look at the phone for the reason.",
        _ => "WhatsApp did not take the message, and gave no reason that can be acted on.",
    };
}
