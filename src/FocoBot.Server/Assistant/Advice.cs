using FocoBot.Assistant.Acting;

namespace FocoBot.Assistant;

/// <summary>What a language model made of one waiting message, asked before the message's unit of work begins.</summary>
internal sealed record Advice(Guid MessageId, IReadOnlyList<Meaning> Meanings)
{
    /// <summary>The meanings, if they are about this message.</summary>
    public IReadOnlyList<Meaning>? For(Guid messageId) => messageId == MessageId ? Meanings : null;
}
