namespace FocoBot.Channels.Twilio;

/// <summary>What to do after Twilio refused a message.</summary>
public enum ErrorClass
{
    /// <summary>Send the same again when <see cref="RetrySchedule"/> says so.</summary>
    RetryLater,

    /// <summary>The request was turned away unread: sending again cannot make a second message. Back off all the same.</summary>
    RetryNow,

    /// <summary>This message will never go out.</summary>
    GiveUp,

    /// <summary>Nobody can be reached at this address.</summary>
    BadAddress,

    /// <summary>The person does not want our messages: send nothing until they write again.</summary>
    Suppress,

    /// <summary>The 24-hour window is closed: send an approved template in its place.</summary>
    NeedsTemplate,

    /// <summary>This message failed for a reason only an operator can mend.</summary>
    AlertOperator,

    /// <summary>Every message would fail the same way: stop sending and call an operator.</summary>
    StopChannel,
}

/// <summary>
/// Twilio's error codes we know, and what each asks of us. Source: twilio.com/docs/api/errors, one page a code.
/// Twilio splits codes over time, so an unknown one is judged by its HTTP status.
/// </summary>
public static class TwilioErrors
{
    /// <summary>The credentials are wrong.</summary>
    public const int Authenticate = 20003;

    /// <summary>The account or resource does not exist.</summary>
    public const int NotFound = 20404;

    /// <summary>Too many requests at once.</summary>
    public const int TooManyRequests = 20429;

    /// <summary>To is not a valid address.</summary>
    public const int InvalidTo = 21211;

    /// <summary>From is not a valid address.</summary>
    public const int InvalidFrom = 21212;

    /// <summary>Neither text nor media nor template was given.</summary>
    public const int BodyRequired = 21602;

    /// <summary>Neither From nor a messaging service was given.</summary>
    public const int FromRequired = 21603;

    /// <summary>To was not given.</summary>
    public const int ToRequired = 21604;

    /// <summary>The status callback is not a URL Twilio can reach.</summary>
    public const int InvalidStatusCallback = 21609;

    /// <summary>The recipient opted out.</summary>
    public const int OptedOut = 21610;

    /// <summary>The sender's queue at Twilio is full.</summary>
    public const int QueueFull = 21611;

    /// <summary>To is not a mobile number.</summary>
    public const int NotMobile = 21614;

    /// <summary>The text is longer than 1,600 characters.</summary>
    public const int BodyTooLong = 21617;

    /// <summary>The content id does not exist.</summary>
    public const int InvalidContentSid = 21655;

    /// <summary>The template variables are no valid JSON object.</summary>
    public const int InvalidContentVariables = 21656;

    /// <summary>The text or a variable is longer than 1,600 characters.</summary>
    public const int ContentTooLong = 21658;

    /// <summary>The channel knows no such recipient.</summary>
    public const int ChannelToNotFound = 63003;

    /// <summary>The channel refused the content.</summary>
    public const int ContentRejected = 63005;

    /// <summary>From is no WhatsApp sender of this account.</summary>
    public const int ChannelFromNotFound = 63007;

    /// <summary>WhatsApp had a fault of its own.</summary>
    public const int ProviderFault = 63012;

    /// <summary>The recipient blocked us.</summary>
    public const int Blocked = 63014;

    /// <summary>The recipient has not joined Twilio's sandbox.</summary>
    public const int SandboxNotJoined = 63015;

    /// <summary>The 24-hour window is closed.</summary>
    public const int OutsideWindow = 63016;

    /// <summary>Too many messages for the sender, the portfolio or this recipient.</summary>
    public const int ChannelRateLimit = 63018;

    /// <summary>The content or template is malformed or too long.</summary>
    public const int InvalidContent = 63021;

    /// <summary>The recipient is no WhatsApp user, uses an old app, or has not taken the terms.</summary>
    public const int InvalidRecipient = 63024;

    /// <summary>The template does not exist in that language.</summary>
    public const int TemplateNotFound = 63027;

    /// <summary>The number of template variables is wrong.</summary>
    public const int TemplateVariablesMismatch = 63028;

    /// <summary>Meta withholds the message from an experiment group.</summary>
    public const int ExperimentGroup = 63032;

    /// <summary>Meta withholds a marketing template from this person; in North America always.</summary>
    public const int MarketingWithheld = 63049;

    /// <summary>The WhatsApp business account is locked or restricted.</summary>
    public const int AccountLocked = 63051;

    /// <summary>What to do about a refused request or a failed message.</summary>
    /// <param name="code">Twilio's code; null when the answer had none.</param>
    /// <param name="httpStatus">The answer's status; 0 for a code out of a status callback.</param>
    /// <param name="to">The recipient: some refusals are for good in some countries.</param>
    public static ErrorClass Classify(int? code, int httpStatus, ChannelAddress to) => code switch
    {
        Authenticate or AccountLocked => ErrorClass.StopChannel,
        NotFound or ChannelFromNotFound or InvalidFrom or SandboxNotJoined or InvalidStatusCallback or InvalidContentSid or InvalidContentVariables
            or TemplateNotFound or TemplateVariablesMismatch => ErrorClass.AlertOperator,
        TooManyRequests => ErrorClass.RetryNow,
        QueueFull or ProviderFault or ChannelRateLimit => ErrorClass.RetryLater,
        InvalidTo or NotMobile or ChannelToNotFound or InvalidRecipient => ErrorClass.BadAddress,
        OptedOut or Blocked => ErrorClass.Suppress,
        OutsideWindow => ErrorClass.NeedsTemplate,
        MarketingWithheld => to.IsNorthAmerican ? ErrorClass.GiveUp : ErrorClass.RetryLater,
        BodyRequired or FromRequired or ToRequired or BodyTooLong or ContentTooLong or ContentRejected or InvalidContent or ExperimentGroup
            => ErrorClass.GiveUp,
        _ => ByHttpStatus(httpStatus),
    };

    private static ErrorClass ByHttpStatus(int status) => status switch
    {
        429 => ErrorClass.RetryNow,
        401 or 403 => ErrorClass.StopChannel,
        404 or 405 or (>= 300 and < 400) => ErrorClass.AlertOperator,
        408 or >= 500 => ErrorClass.RetryLater,
        _ => ErrorClass.GiveUp,
    };
}
