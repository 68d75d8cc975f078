using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Messages about the conversation itself: stop, help, undo, verification, thanks.</summary>
internal static class Talk
{
    private const int FewestDigits = 4;
    private const int MostDigits = 10;
    private const int CodeDigits = 6;

    public static Understanding? Read(Sentence s, int i, Asking asking)
    {
        if (s.Limit - i > Endings.MostTokens)
            return null;
        if (Lexicon.Stop.Has(s, i) && Coverage.Of(s, i, Lexicon.Stop, Lexicon.StopTail, Lexicon.Courtesy) || Stops(s, i, asking) || NoMore(s, i) || NoMore(s, asking.Command))
            return new Understanding { Intent = Intent.Stop, Confidence = 1 };
        if (Verify(s, i) is { } code)
            return new Understanding { Intent = Intent.Verify, Code = code, Confidence = 1 };
        if (!asking.IsRefusal && asking.MayChange && (Undo(s, i) || Undo(s, asking.Command)))
            return new Understanding { Intent = Intent.Undo, Confidence = 1 };
        return Help(s, i, asking) ? new Understanding { Intent = Intent.Help, Confidence = 1 } : null;
    }

    private static bool Stops(Sentence s, int i, Asking asking) =>
        asking.Command > i && !asking.IsRefusal && Lexicon.Stop.Has(s, asking.Command) && Coverage.Of(s, asking.Command, Lexicon.Stop, Lexicon.StopTail, Lexicon.Courtesy)
        && s[asking.Command].Word.Text is not ("quit" or "end");

    /// <summary>"ya no quiero recibir mensajes de este número", "stop messaging this number".</summary>
    private static bool NoMore(Sentence s, int i) =>
        Lexicon.StopVerb.At(s, i, out var next) && HasNoun(s, next) && Coverage.Of(s, next, Lexicon.StopNoun, Lexicon.StopWhat, Lexicon.StopTail, Lexicon.Courtesy);

    private static bool HasNoun(Sentence s, int i)
    {
        var removes = s[i - 1].Word.Text is "end" or "cancel" or "take" or "remove" or "borra" or "borren" or "quita" or "quiten" or "saquen";
        var wants = s[i - 1].Word.Text is "quiero" or "want";
        for (; i < s.Limit; i++)
        {
            if (Lexicon.StopNoun.Has(s, i) && (s[i].Word.Text is not ("nada" or "anything" or "these") || !wants && !removes) && (!removes || s[i].Word.Text is "mi" or "my" or "this" or "este" && !Lexicon.StopNoun.Has(s, i + 2)))
                return true;
        }
        return false;
    }

    private static string? Verify(Sentence s, int i)
    {
        var next = i;
        while (Lexicon.Verify.At(s, next, out var after))
            next = s.SkipNoise(after);
        var digits = new System.Text.StringBuilder();
        var at = next;
        for (; s[at].Kind is TokenKind.Number or TokenKind.Dash or TokenKind.Opaque && digits.Length <= MostDigits; at = s.SkipNoise(at + 1))
        {
            foreach (var c in s.Slice(at, at + 1))
            {
                if (char.IsAsciiDigit(c))
                    digits.Append(c);
                else if (c != '-')
                    return null;
            }
        }
        var said = next > i && (digits.Length is >= FewestDigits and <= MostDigits);
        var bare = next == i && digits.Length == CodeDigits && at == i + 1;
        return (said || bare) && Coverage.Of(s, at, Lexicon.Courtesy, Lexicon.Named, Lexicon.Verify) ? digits.ToString() : null;
    }

    private static bool Undo(Sentence s, int i) =>
        Lexicon.Undo.Has(s, i) && Coverage.Of(s, i, Lexicon.Undo, Lexicon.UndoWhat, Lexicon.Courtesy, Lexicon.Filler);

    private static bool Help(Sentence s, int i, Asking asking)
    {
        var covered = Lexicon.Help.Has(s, i) && Coverage.Of(s, i, Lexicon.Help, Lexicon.Courtesy, Lexicon.Filler, Lexicon.Named, Lexicon.HelpTail);
        if (covered || asking.Command > i && Lexicon.Help.Has(s, asking.Command) && !asking.IsRefusal && Coverage.Of(s, asking.Command, Lexicon.Help, Lexicon.Courtesy, Lexicon.Named, Lexicon.HelpTail))
            return true;
        if (!Lexicon.HowTo.At(s, i, out var next))
            return false;
        if (s[i].Word.Text is "puedo" or "puedes" or "can" or "se" || s[i].Word.Text is "how" or "como" && s[next].Word.Text is "many" or "much" or "is" or "are" or "was" or "esta" or "estan" or "va" or "van")
            return false;
        for (; next < s.Limit; next++)
        {
            if (Lexicon.BotWord.Has(s, next) && s[next].Word.Text is not ("you" or "date" or "mark" or "list" or "link" or "esto" or "numero" or "use" or "usar" or "uso") || Lexicon.BotWord.Has(s, next) && s.Limit - i <= 6)
                return true;
        }
        return false;
    }

    public static bool Thanks(Sentence s, int i) => Coverage.Of(s, i, Lexicon.Thanks, Lexicon.Praise, Lexicon.Filler, Lexicon.Named, Lexicon.Greeting, Lexicon.Farewell, Lexicon.Courtesy);
}
