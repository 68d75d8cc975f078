namespace FocoBot.Assistant.LanguageModels;

/// <summary>Why a provider gave no usable answer, split by what to do next.</summary>
internal enum FailureKind
{
    /// <summary>No answer within the time it had. The next provider is asked.</summary>
    Timeout,

    /// <summary>The connection failed or broke. The next provider is asked.</summary>
    Unreachable,

    /// <summary>Overloaded, rate-limited or broken on its side (408, 429, 5xx). The next provider is asked.</summary>
    Busy,

    /// <summary>An answer that is no chat completion or doesn't fit the schema. The next provider is asked.</summary>
    Malformed,

    /// <summary>Key refused, no balance, unknown model, redirecting base URL: a person must mend it. Opens the circuit at once.</summary>
    Account,

    /// <summary>The request itself was refused (400). Another provider would be sent the same, so nobody else is asked.</summary>
    Rejected,

    /// <summary>A content filter, or an end we don't know. The text isn't shown around to other providers.</summary>
    Refused,
}

internal static class FailureKinds
{
    /// <summary>Whether another provider may do better.</summary>
    public static bool FallsOver(this FailureKind kind) => kind is not (FailureKind.Rejected or FailureKind.Refused);

    /// <summary>The name in metrics and logs.</summary>
    public static string Label(this FailureKind kind) => kind.ToString().ToLowerInvariant();
}
