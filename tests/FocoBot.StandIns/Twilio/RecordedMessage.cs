namespace FocoBot.StandIns.Twilio;

/// <summary>A message some client sent.</summary>
public sealed class RecordedMessage
{
    /// <summary>Counts from 1 in order of arrival.</summary>
    public long Number { get; internal set; }

    /// <summary>Its id.</summary>
    public required string Sid { get; init; }

    /// <summary>The account of the request's path.</summary>
    public required string AccountSid { get; init; }

    /// <summary>The recipient.</summary>
    public required string To { get; init; }

    /// <summary>The sender; null when a messaging service was named.</summary>
    public string? From { get; init; }

    /// <summary>The text, "" without one.</summary>
    public string Body { get; init; } = "";

    /// <summary>The template, if any.</summary>
    public string? ContentSid { get; init; }

    /// <summary>The template's variables as the JSON received.</summary>
    public string? ContentVariables { get; init; }

    /// <summary>The first media URL, if any.</summary>
    public string? MediaUrl { get; init; }

    /// <summary>Where to report its status.</summary>
    public string? StatusCallback { get; init; }

    /// <summary>When the request had been read.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Where it is.</summary>
    public string Status { get; internal set; } = "queued";

    /// <summary>Why it failed, if it did.</summary>
    public int? ErrorCode { get; internal set; }

    /// <summary>A failure to report in place of the configured statuses.</summary>
    internal int? FailWith { get; init; }
}
