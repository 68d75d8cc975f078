namespace FocoBot.Assistant.Understanding;

/// <summary>The bounds of this room, each with its reason.</summary>
public static class UnderstandingLimits
{
    /// <summary>Characters of a message that are read; WhatsApp's own limit. Longer texts are not a task and mean nothing.</summary>
    public const int Text = 65_536;

    /// <summary>Task numbers in one command; nobody counts further, and a range must not grow memory.</summary>
    public const int Refs = 100;

    /// <summary>The highest task number a list shows.</summary>
    public const int HighestRef = 9_999;

    /// <summary>Confidence below which the answer is a guess.</summary>
    public const double Unsure = 0.5;

    /// <summary>Letters of the longest word in the vocabulary; longer words are never looked up.</summary>
    internal const int WordLetters = 24;

    /// <summary>Amounts ("in N days") beyond this are not dates and could overflow the calendar.</summary>
    internal const int Amount = 1_000;

    /// <summary>Words searched for dates; a text with more is no task, and each word costs microseconds.</summary>
    internal const int DatedWords = 2_048;

    /// <summary>Date and time expressions kept of one message; further ones stay in the title.</summary>
    internal const int Expressions = 64;
}
