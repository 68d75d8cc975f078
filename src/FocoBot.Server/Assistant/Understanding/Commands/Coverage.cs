using FocoBot.Assistant.Understanding.Lexing;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Whether a stretch of the message is made of known phrases only: what a command cannot explain is a task's words.</summary>
internal static class Coverage
{
    public static bool Of(Sentence s, int from, params ReadOnlySpan<PhraseSet> sets)
    {
        for (var i = s.SkipNoise(from); i < s.Limit; i = s.SkipNoise(i))
        {
            var best = i;
            foreach (var set in sets)
                best = Math.Max(best, set.After(s, i));
            if (best == i)
                return false;
            i = best;
        }
        return true;
    }
}
