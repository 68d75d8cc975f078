using System.Globalization;
using FocoBot.Security;

namespace FocoBot.Operations;

/// <summary>How long things are kept, in days: the <c>FOCOBOT_RETENTION_…_DAYS</c> settings.</summary>
public sealed record RetentionOptions
{
    /// <summary>The longest anything can be asked to be kept.</summary>
    public const int Longest = 36_500;

    /// <summary>What was written to us and by us (sealed), after it was worked off.</summary>
    public int MessageBodies { get; init; } = 7;

    /// <summary>The rows of messages without their bodies. Not less than 30: by them a repeated webhook is known.</summary>
    public int Messages { get; init; } = 30;

    /// <summary>The history of commands.</summary>
    public int Commands { get; init; } = 30;

    /// <summary>Bot sessions, after their end.</summary>
    public int BotSessions { get; init; } = 90;

    /// <summary>Violations of the rate limits. A penalty that still runs is kept however old.</summary>
    public int Violations { get; init; } = 731;

    /// <summary>The security audit log: two years, whatever the leap day.</summary>
    public int Audit { get; init; } = 731;

    /// <summary>Deleted tasks, and the undo steps they appear in.</summary>
    public int DeletedTasks { get; init; } = 30;

    /// <summary>Undo steps beyond the last 20.</summary>
    public int Undo { get; init; } = 30;

    /// <summary>What a conversation remembers, after its last message.</summary>
    public int Dialogs { get; init; } = 7;

    /// <summary>Requests and tries of phone codes. Not less than 2: caps are counted over a day.</summary>
    public int LinkRequests { get; init; } = 2;

    /// <summary>One-time tokens (invitations, resets), after they were used or expired.</summary>
    public int Tokens { get; init; } = 7;

    /// <summary>How many language-model calls an account made a day.</summary>
    public int LlmUsage { get; init; } = 60;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StartupException">A value can't be used; the message names it.</exception>
    public static RetentionOptions Load(IConfiguration configuration)
    {
        var standard = new RetentionOptions();
        return new RetentionOptions
        {
            MessageBodies = Days("MESSAGE_BODIES", standard.MessageBodies),
            Messages = Days("MESSAGES", standard.Messages, atLeast: 30),
            Commands = Days("COMMANDS", standard.Commands),
            BotSessions = Days("BOT_SESSIONS", standard.BotSessions),
            Violations = Days("VIOLATIONS", standard.Violations),
            Audit = Days("AUDIT", standard.Audit),
            DeletedTasks = Days("DELETED_TASKS", standard.DeletedTasks),
            Undo = Days("UNDO", standard.Undo),
            Dialogs = Days("DIALOGS", standard.Dialogs),
            LinkRequests = Days("LINK_REQUESTS", standard.LinkRequests, atLeast: 2),
            Tokens = Days("TOKENS", standard.Tokens),
            LlmUsage = Days("LLM_USAGE", standard.LlmUsage),
        };

        int Days(string name, int fallback, int atLeast = 1)
        {
            var setting = $"FOCOBOT_RETENTION_{name}_DAYS";
            if (configuration[setting] is not { Length: > 0 } text) return fallback;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days >= atLeast && days <= Longest
                ? days : throw new StartupException($"{setting} must be a whole number of days from {atLeast} to {Longest}.");
        }
    }
}
