using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.Replies;
using FocoBot.Storage;

namespace FocoBot.Assistant.Acting;

/// <summary>One message being acted on: who, where, when, and the unit of work that holds all its effects.</summary>
public sealed class Turn(Work work, Person person, string address, string messageId, DateTimeOffset now, Phrasebook phrases, Dialog dialog)
{
    public Work Work => work;
    public Person Person => person;
    public string Address => address;

    /// <summary>The provider's id of the message.</summary>
    public string MessageId => messageId;
    public DateTimeOffset Now => now;
    public Phrasebook Phrases { get; set; } = phrases;

    /// <summary>What the conversation remembers; saved with the turn when it changed.</summary>
    public Dialog Dialog { get; set; } = dialog;

    /// <summary>What the message turned out to ask for, where that is not what its words alone say: an answer, a command with a slash.</summary>
    public string? Intent { get; set; }

    public Guid UserId => person.UserId;
    public TimeZoneInfo Zone => person.Zone;
    public DateTime LocalNow => TimeZoneInfo.ConvertTime(now, person.Zone).DateTime;
    public DateOnly Today => DateOnly.FromDateTime(LocalNow);

    /// <summary>A reply in the user's language.</summary>
    public Reply Say(string key, params ReadOnlySpan<(string Name, object Value)> values) => new(Phrases.Say(key, values));

    /// <summary>A reply that says why nothing was done.</summary>
    public Reply Fail(string code, string key, params ReadOnlySpan<(string Name, object Value)> values) => new(Phrases.Say(key, values), code);
}

/// <summary>The account a message acts for.</summary>
public sealed record Person(Guid UserId, string Language, TimeZoneInfo Zone, Guid? ProjectId);

/// <summary>What is said back. With an error code nothing was changed.</summary>
public sealed record Reply(string Text, string? ErrorCode = null);
