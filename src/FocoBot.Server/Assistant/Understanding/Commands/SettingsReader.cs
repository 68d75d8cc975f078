using System.Globalization;
using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.When;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Changing the zone, the language or the digest.</summary>
internal static class SettingsReader
{
    public static Understanding? Read(Sentence s, int i, Asking asking)
    {
        if (s.Limit - i > Endings.MostTokens || asking.IsQuestion && !asking.IsPolite)
            return null;
        var setting = Digest(s, i) ?? (asking.IsRefusal ? null : Zone(s, i) ?? Language(s, i));
        return setting is null ? null : new Understanding { Intent = Intent.Settings, Setting = setting, Confidence = 1 };
    }

    private static Setting? Digest(Sentence s, int i)
    {
        var named = false;
        var sure = false;
        var off = false;
        var on = false;
        DateTime? time = null;
        for (i = s.SkipNoise(i); i < s.Limit; i = s.SkipNoise(i))
        {
            var clock = Clocks.Read(s, i, false, out var said, out _);
            if (clock > i && said.Hour >= 0)
            {
                time ??= new TimeOfDay(said, PartOfDay.None).InDay(s.Today);
                i = clock;
            }
            else if (Lexicon.DigestNoun.At(s, i, out var noun))
            {
                sure |= noun > i + 1 || s[i].Word.Text is "digest" or "digests";
                named = true;
                i = noun;
            }
            else if (Lexicon.TurnOff.At(s, i, out var next) && !off && !named | s[i].Word.Text is not ("para" or "sin" or "no" or "end"))
            {
                off = true;
                i = next;
            }
            else if (Lexicon.TurnOn.At(s, i, out next) || Lexicon.SetVerb.At(s, i, out next))
            {
                on = true;
                i = next;
            }
            else if (Lexicon.AskVerb.At(s, i, out next) || Lexicon.SetFiller.At(s, i, out next) || Lexicon.Courtesy.At(s, i, out next) || Lexicon.Morning.At(s, i, out next) || Lexicon.Daily.At(s, i, out next)
                || Lexicon.EveryMorning.At(s, i, out next) || s[i].Word.Text is "off" or "on" or "apagado" or "apagada" or "activado" or "activo" or "desactivado" or "prendido" && (next = i + 1) > i)
            {
                off |= s[i].Word.Text is "off" or "apagado" or "apagada" or "desactivado";
                on |= s[i].Word.Text is "on" or "activado" or "activo" or "prendido";
                i = next;
            }
            else
                return null;
        }
        if (!named || !sure && !on && !off)
            return null;
        if (off)
            return new Setting("digest", "off");
        if (time is { } at)
            return new Setting("digest", at.ToString("HH:mm", CultureInfo.InvariantCulture));
        return on ? new Setting("digest", "on") : null;
    }

    private static Setting? Zone(Sentence s, int i)
    {
        string? zone = null;
        var sure = false;
        var named = false;
        var verb = false;
        for (i = s.SkipNoise(i); i < s.Limit; i = s.SkipNoise(i))
        {
            if (Zones.At(s, i, out var next) is { } found)
                zone = found;
            else if (Lexicon.ZoneNoun.At(s, i, out next))
            {
                named = true;
                sure |= Lexicon.SureZoneNoun.Has(s, i);
            }
            else if (Lexicon.SetVerb.At(s, i, out next))
                verb = true;
            else if (!(Lexicon.AskVerb.At(s, i, out next) || Lexicon.SetFiller.At(s, i, out next) || Lexicon.Courtesy.At(s, i, out next)))
                return null;
            i = next;
        }
        return zone is not null && (sure || named && verb) ? new Setting("timezone", zone) : null;
    }

    private static Setting? Language(Sentence s, int i)
    {
        string? language = null;
        for (i = s.SkipNoise(i); i < s.Limit; i = s.SkipNoise(i))
        {
            if (Lexicon.SpanishName.At(s, i, out var next))
                language = "es";
            else if (Lexicon.EnglishName.At(s, i, out next))
                language = "en";
            else if (!(Lexicon.LanguageNoun.At(s, i, out next) || Lexicon.Speak.At(s, i, out next) || Lexicon.SetVerb.At(s, i, out next) || Lexicon.AskVerb.At(s, i, out next)
                || Lexicon.SetFiller.At(s, i, out next) || Lexicon.Courtesy.At(s, i, out next)))
                return null;
            i = next;
        }
        return language is null ? null : new Setting("language", language);
    }
}
