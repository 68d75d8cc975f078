using FocoBot.Assistant.Understanding.Commands;
using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding;

/// <summary>The deterministic parser: same text, language, instant and zone, same result. It reads nothing else.</summary>
public static class Understander
{
    /// <summary>Understands one message in Spanish, English or both.</summary>
    /// <param name="text">The message; beyond <see cref="UnderstandingLimits.Text"/> characters it means nothing.</param>
    /// <param name="language">The user's language: decides where the text does not.</param>
    /// <param name="now">The instant the message was written.</param>
    /// <param name="zone">The user's zone; dates are read on its wall clock.</param>
    public static Understanding Understand(string text, Language language, DateTimeOffset now, TimeZoneInfo zone) =>
        Understand(text, language, TimeZoneInfo.ConvertTime(now, zone).DateTime, out _);

    internal static Understanding Understand(string text, Language language, DateTime local, out int work)
    {
        work = 0;
        var nothing = new Understanding { DetectedLanguage = language };
        if (text.Length > UnderstandingLimits.Text)
            return nothing;
        var sentence = Lexer.Read(text, local);
        sentence.Language = LanguageGuess.Of(sentence, language);
        var result = Read(sentence) with { DetectedLanguage = sentence.Language };
        work = sentence.Work;
        return result;
    }

    private static Understanding Read(Sentence s)
    {
        var opening = Openings.Strip(s);
        var from = opening.From;
        if (from >= s.Limit)
            return Said(opening.Thanked ? Intent.Thanks : opening.Greeted ? Intent.Greeting : Intent.Unknown);
        if (s.IsPunctuation(from, '/') && s[from + 1].Kind == TokenKind.Word)
            return Slash.Read(s, from + 1);
        var asking = Asking.Of(s, from);
        if (Talk.Read(s, from, asking) is { } talk)
            return talk;
        if (opening.Thanked && Talk.Thanks(s, from))
            return Said(Intent.Thanks);
        if (opening.Greeted && Coverage.Of(s, from, Lexicon.Greeting, Lexicon.Named, Lexicon.Filler))
            return Said(Intent.Greeting);
        if (!asking.IsQuestion && Endings.Following(s, from) is { } following)
            return following;
        if (SettingsReader.Read(s, from, asking) is { } setting)
            return setting;
        if (!asking.IsRefusal && (Lists.Read(s, from, asking.IsQuestion) ?? Lists.Read(s, asking.Command, asking.IsQuestion)) is { } list)
            return list;
        if (asking.MayChange && Command(s, asking.Command) is { } command)
            return command;
        if (asking.MayChange && asking.Command > from && Command(s, from) is { } statement)
            return statement;
        return Creates.Read(s, from, asking) ?? Said(Intent.Unknown);
    }

    private static Understanding? Command(Sentence s, int i)
    {
        var result = Moves.Read(s, i) ?? Endings.Complete(s, i) ?? Changes.Edit(s, i) ?? Endings.Delete(s, i);
        return result is { Intent: not Intent.Edit, RefText: null } && Asking.Negates(s, i, s.Limit) && result.Due is not null | result.Intent is Intent.Complete or Intent.Delete
            && !Lexicon.Reason.Has(s, i) && !Explained(s, i) ? null : result;
    }

    /// <summary>A negation after "porque" or "because" belongs to the reason, not to the command.</summary>
    private static bool Explained(Sentence s, int i)
    {
        for (; i < s.Limit; i++)
        {
            if (Lexicon.Reason.Has(s, i))
                return true;
            if (Asking.Negates(s, i, i + 1))
                return false;
        }
        return false;
    }

    private static Understanding Said(Intent intent) => new() { Intent = intent, Confidence = intent == Intent.Unknown ? 0.2 : 1 };
}
