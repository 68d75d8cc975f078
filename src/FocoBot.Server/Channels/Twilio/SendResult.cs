namespace FocoBot.Channels.Twilio;

/// <summary>What became of one request to send. Four cases, by what the caller may do next.</summary>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>Twilio has the message.</summary>
    /// <param name="Sid">Its id; status callbacks carry the same.</param>
    /// <param name="Status">Where it is, usually queued.</param>
    public sealed record Accepted(string Sid, MessageStatus Status) : SendResult;

    /// <summary>Twilio said no: there is no message.</summary>
    /// <param name="Code">Twilio's code, if the answer had one.</param>
    /// <param name="HttpStatus">The answer's status.</param>
    /// <param name="Class">What to do about it.</param>
    /// <param name="RetryAfter">How long Twilio asks us to wait, at most <see cref="TwilioLimits.RetryAfter"/>.</param>
    public sealed record Refused(int? Code, int HttpStatus, ErrorClass Class, TimeSpan? RetryAfter = null) : SendResult;

    /// <summary>The request may or may not have made a message. Look with <see cref="TwilioClient.ListAsync"/> before sending again.</summary>
    /// <param name="Cause">How the answer was lost.</param>
    public sealed record Unknown(LostAnswer Cause) : SendResult;

    /// <summary>No byte of the message left this machine: sending again is safe.</summary>
    /// <param name="Reason">What failed on the way, for a log line.</param>
    public sealed record NotSent(string Reason) : SendResult;
}

/// <summary>How the answer to a sent request was lost.</summary>
public enum LostAnswer
{
    /// <summary>None came in time.</summary>
    Timeout,

    /// <summary>The connection broke before the end of the answer.</summary>
    BrokenConnection,

    /// <summary>Something on the way or in Twilio failed (5xx other than 503) after it took the request.</summary>
    ServerFault,

    /// <summary>The answer said yes but could not be read.</summary>
    Unreadable,
}
