namespace FocoBot.StandIns.Twilio;

/// <summary>How a stand-in behaves before any fault is injected.</summary>
public sealed record TwilioStandInOptions
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The only account that exists; null accepts any well-formed one.</summary>
    public string? AccountSid { get; init; }

    /// <summary>The account's token: with the account checked on requests, and the key status callbacks are signed with.</summary>
    public string? AuthToken { get; init; }

    /// <summary>An API key that is accepted beside the account and token.</summary>
    public string? ApiKeySid { get; init; }

    /// <summary>The API key's secret.</summary>
    public string? ApiKeySecret { get; init; }

    /// <summary>Status callbacks to send for each message, in order, to the StatusCallback of its request.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>Messages kept; older ones are dropped and counted.</summary>
    public int Capacity { get; init; } = 200_000;

    /// <summary>Dates messages.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
