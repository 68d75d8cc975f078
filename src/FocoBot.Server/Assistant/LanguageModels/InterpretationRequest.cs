namespace FocoBot.Assistant.LanguageModels;

/// <summary>All that a provider gets to see of a person: nothing else leaves.</summary>
/// <param name="Text">The message.</param>
/// <param name="Language">The profile language, <c>es</c> or <c>en</c>.</param>
/// <param name="Now">The instant of the message.</param>
/// <param name="Zone">The person's zone; only the local wall clock is sent, not the zone's name.</param>
/// <param name="OpenTaskTitles">Titles of open tasks, most relevant first; cut to <see cref="LanguageModelLimits.OpenTasks"/>.</param>
public sealed record InterpretationRequest(string Text, string Language, DateTimeOffset Now, TimeZoneInfo Zone, IReadOnlyList<string> OpenTaskTitles)
{
    /// <summary>The person's wall clock.</summary>
    public DateTime LocalNow => TimeZoneInfo.ConvertTime(Now, Zone).DateTime;

    /// <summary>Without content, so that it can't reach a log by accident.</summary>
    public override string ToString() => nameof(InterpretationRequest);
}
