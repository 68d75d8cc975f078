namespace FocoBot.Channels.Twilio;

/// <summary>What an approved template says; outside the 24-hour window nothing else may be sent.</summary>
public enum TemplateKind
{
    /// <summary>The day's tasks, in the morning.</summary>
    Digest,

    /// <summary>What was done, in the evening.</summary>
    Summary,

    /// <summary>One task is due.</summary>
    Reminder,

    /// <summary>A verification code.</summary>
    Code,

    /// <summary>Anything else worth a message.</summary>
    Notice,
}
