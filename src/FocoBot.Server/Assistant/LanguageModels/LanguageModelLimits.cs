namespace FocoBot.Assistant.LanguageModels;

/// <summary>Every bound of this room, with its reason.</summary>
public static class LanguageModelLimits
{
    /// <summary>Calls an account may cause a day; the caller counts them. Caps the bill of one account.</summary>
    public const int CallsPerAccountPerDay = 50;

    /// <summary>For all providers and the repair round together: longer, and the person waits for a reply the parser already has.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    /// <summary>No call is started with less than this left; it could only end as a timeout that is blamed on the provider.</summary>
    public static readonly TimeSpan ShortestCall = TimeSpan.FromMilliseconds(250);

    /// <summary>A WhatsApp message holds 1,600 characters; longer texts are left to the parser, since cutting would change their meaning.</summary>
    public const int TextLength = 4_000;

    /// <summary>Open task titles sent along, so that the prompt's size doesn't grow with the list.</summary>
    public const int OpenTasks = 50;

    /// <summary>Characters of each of those titles; enough to recognise a task.</summary>
    public const int OpenTaskTitleLength = 120;

    /// <summary>Tokens of an answer: twenty results take about 2,000.</summary>
    public const int AnswerTokens = 3_000;

    /// <summary>Bytes of a response body: an honest answer has a few thousand, even with reasoning text beside it.</summary>
    public const int ResponseBytes = 256 * 1024;

    /// <summary>Characters of the answer itself, which a repair round sends back.</summary>
    public const int AnswerLength = 32 * 1024;

    /// <summary>Nesting of a response; chat answers nest five levels, ours three.</summary>
    public const int JsonDepth = 16;

    /// <summary>Results in one answer.</summary>
    public const int Items = 20;

    /// <summary>Task numbers in one result; more is "all" in disguise.</summary>
    public const int Refs = 100;

    /// <summary>The highest task number a list shows.</summary>
    public const int HighestRef = 999;

    /// <summary>Characters of a task title.</summary>
    public const int TitleLength = 500;

    /// <summary>Characters of a task named by words and of the words of a search.</summary>
    public const int WordsLength = 200;

    /// <summary>Characters of a recurrence rule; all parts we know at their longest stay below.</summary>
    public const int RecurrenceLength = 200;

    /// <summary>Years ahead that a due date may lie.</summary>
    public const int YearsAhead = 10;

    /// <summary>Failures in a row that open a provider's circuit.</summary>
    public const int FailuresInARow = 5;

    /// <summary>How long the circuit stays open after those; overload usually passes within a minute.</summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromMinutes(1);

    /// <summary>How long after a refused key or an empty balance: only a person can mend that. Also the longest Retry-After obeyed.</summary>
    public static readonly TimeSpan LongCoolDown = TimeSpan.FromMinutes(10);
}
