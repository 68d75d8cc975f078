namespace FocoBot.Channels.Twilio;

/// <summary>Every limit of this room, with its reason.</summary>
public static class TwilioLimits
{
    /// <summary>Bytes of a webhook body. The longest text (1,600 units, nine encoded bytes each) is 15 kB; media URLs, button payloads and channel metadata share the rest.</summary>
    public const int WebhookBytes = 64 * 1024;

    /// <summary>Fields of a webhook form. Twilio documents about 60, ten media items included, and adds new ones without notice.</summary>
    public const int FormFields = 256;

    /// <summary>Characters of a key we look at; the longest documented key has 28.</summary>
    public const int FormKeyBytes = 128;

    /// <summary>Characters of an inbound text. WhatsApp itself stops at 4,096; Twilio documents 1,600 today.</summary>
    public const int InboundTextLength = 4096;

    /// <summary>Characters of a profile name, label, button text or media type: shown to people, never parsed.</summary>
    public const int LabelLength = 256;

    /// <summary>Characters of a button payload or a media URL.</summary>
    public const int PayloadLength = 2048;

    /// <summary>Media items of one inbound message; Twilio's maximum.</summary>
    public const int MediaItems = 10;

    /// <summary>Characters of a user id without phone, after its country code and dot.</summary>
    public const int UserIdLength = 128;

    /// <summary>UTF-16 units of one outbound text or template variable; Twilio refuses more with 21617 or 21658.</summary>
    public const int OutboundTextLength = 1600;

    /// <summary>Bytes of an API answer. A page of <see cref="ListPageSize"/> messages with every character escaped stays below.</summary>
    public const int AnswerBytes = 1024 * 1024;

    /// <summary>Messages a page when listing.</summary>
    public const int ListPageSize = 50;

    /// <summary>Pages read when listing: 500 messages to one recipient is more than any reconciliation needs.</summary>
    public const int ListPages = 10;

    /// <summary>Characters of a next-page path we follow.</summary>
    public const int PagePathLength = 2048;

    /// <summary>Longest wait a Retry-After header may ask of us; more would outlive the message.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);

    /// <summary>Recipients with a rate bucket at a time. A bucket lives a minute at most, in which one sender at 80/s reaches 4,800.</summary>
    public const int RecipientBuckets = 20_000;

    /// <summary>Seconds a message per recipient, sustained; Meta answers a faster pair with 63018.</summary>
    public const double RecipientSecondsPerMessage = 6;

    /// <summary>Messages a recipient may get at once before the pace above applies.</summary>
    public const int RecipientBurst = 10;
}
