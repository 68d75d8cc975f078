using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.When;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>New tasks, with or without a word that says so.</summary>
internal struct Creates
{
    private const int MostSteps = 12;
    private const int FarListPlace = 400;

    private Moment _moment;
    private int _at;
    private bool _explicit;
    private bool _needed;
    private bool _open;

    public static Understanding? Read(Sentence s, int from, Asking asking) => new Creates { _at = from }.Run(s, asking);

    /// <summary>Everything after "/crear" is the task.</summary>
    public static Understanding After(Sentence s, int from)
    {
        var creates = new Creates { _at = from, _explicit = true };
        s.Release();
        creates._moment = Moment.Read(s, from);
        return creates.Result(s, from);
    }

    private Understanding? Run(Sentence s, Asking asking)
    {
        s.Release();
        var from = _at;
        _moment = Moment.Read(s, from);
        Prefixes(s, asking);
        if (_explicit)
        {
            if (asking.IsQuestion && !asking.IsPolite && !IsOrder(s, from, asking))
                return null;
            return asking.IsRefusal && !Lexicon.Remind.Has(s, from) && !Lexicon.Remind.Has(s, asking.Command) ? null : Result(s, from);
        }
        if (asking.IsRefusal || asking.IsQuestion && !(asking.IsPolite && asking.Command > from && !_needed))
            return null;
        if (_needed)
            return Result(s, from);
        if (_moment.Due is { } due && Lexicon.Having.At(s, _at, out var had) && (due.HasTime || s[_at].Word.Spanish && due.At.Date > s.Now.Date) && !Lexicon.NotTaskStart.Has(s, _at) | s[_at].Word.English && had < s.Limit && !Lexicon.NotTaskStart.Has(s, had) && new BareTask(s, had, _moment).IsThing(had))
        {
            _at = had;
            return Result(s, from) with { Confidence = 0.7 };
        }
        if (_moment.Priority is not null && IsLabelled(s, from, out var body) && new BareTask(s, body, _moment).IsThing(body) && !Lexicon.NotTaskStart.Has(s, body))
        {
            _at = body;
            return Result(s, from) with { Confidence = 0.8 };
        }
        return new BareTask(s, from, _moment).Reads() ? Result(s, from) with { Confidence = _moment.Due is null ? 0.75 : 0.8 } : null;
    }

    /// <summary>"prioridad alta: …", "[high] …", "low priority - …": what follows the label is the task.</summary>
    private static bool IsLabelled(Sentence s, int i, out int body)
    {
        body = i;
        while (body < s.Limit && s.Taken(body))
            body++;
        var label = body;
        body = s.SkipNoise(body);
        return label > i && body > label && body < s.Limit && s[label].Kind == TokenKind.Punctuation && s[label].Mark is ':' or '-' or '–' or ']' or ')';
    }

    /// <summary>"remind me …?" with a question mark is still an order.</summary>
    private static bool IsOrder(Sentence s, int from, Asking asking) =>
        Lexicon.Remind.Has(s, from) || Lexicon.Add.Has(s, from) || Lexicon.NewTask.Has(s, from) || Lexicon.Remind.Has(s, asking.Command);

    private void Prefixes(Sentence s, Asking asking)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            while (_at < s.Limit && (s.Taken(_at) || s.IsNoise(_at)))
                _at++;
            if (!Prefix(s, asking))
                return;
        }
    }

    private bool Prefix(Sentence s, Asking asking)
    {
        if (!_explicit && (Explicit(s, _at, out var next) || Asked(s, out next)))
        {
            (_explicit, _open, _at) = (true, true, next);
            return true;
        }
        if (_open && Lexicon.Linker.After(s, _at) is var link && link > _at)
        {
            _at = link;
            return true;
        }
        // "remind me 2 call Bob"
        if (_open && s[_at] is { Kind: TokenKind.Number, A: 2, Digits: 1 } && Lexicon.Verbs.Has(s, _at + 1) && s[_at + 1].Word.English)
        {
            _at++;
            return true;
        }
        if (_open && Lexicon.Remind.After(s, _at) is var again && again > _at + 1)
        {
            _at = again;
            return true;
        }
        if ((_open || !_explicit) && Lexicon.Filler.After(s, _at) is var filler && filler > _at && Lexicon.DoubtfulOpener.After(s, _at) == _at && _at > 0)
        {
            _at = filler;
            return true;
        }
        if ((_open || !_needed) && Needs(s, _at, out next))
        {
            (_needed, _open, _at) = (true, true, next);
            return true;
        }
        return false;
    }

    private readonly bool Asked(Sentence s, out int next)
    {
        next = _at;
        for (var count = 0; count < 4 && Lexicon.AskVerb.At(s, next, out var after); count++)
        {
            next = s.SkipNoise(Lexicon.Courtesy.After(s, after));
            while (next < s.Limit && s.Taken(next))
                next++;
            if (Explicit(s, next, out var end))
            {
                next = end;
                return true;
            }
        }
        return false;
    }

    private static bool Explicit(Sentence s, int i, out int next)
    {
        next = i;
        var task = Lexicon.NewTask.After(s, i);
        var remind = Lexicon.Remind.After(s, i);
        var add = Lexicon.Add.After(s, i);
        if (Lexicon.Labelled.At(s, i, out var label) && (s.IsPunctuation(label, ':') || s.IsPunctuation(label, '-') && (s[label].Shape & Shape.Joined) == 0 || s.IsPunctuation(label, ',')) && label >= remind && label >= add && label >= task)
        {
            next = label + 1;
            return true;
        }
        if (task > i && task >= remind && task >= add)
        {
            next = task;
            return true;
        }
        if (remind > i && remind >= add && IsReminder(s, i, remind))
        {
            next = remind;
            return true;
        }
        if (add > i)
        {
            next = Object(s, add);
            return next < s.Limit || next > add;
        }
        if (!Lexicon.Make.At(s, i, out var make))
            return false;
        // "schedule una llamada": the verb is English, the task is not.
        if (s[i].Word.Text is "schedule" && s[make].Word.Text is "una" or "un" or "la" or "el" or "mi")
        {
            next = make;
            return true;
        }
        next = Object(s, make);
        if (next > make)
            return true;
        next = make;
        return ListPlace(s, make) > 0 && s[i].Word.Text is not ("tengo" or "quiero" or "i");
    }

    private static int Object(Sentence s, int i)
    {
        var place = Lexicon.ListPlace.After(s, i);
        var next = Math.Max(place, Lexicon.MadeObject.After(s, place));
        return Math.Max(next, Lexicon.ListPlace.After(s, next));
    }

    /// <summary>"recordar" and "remember" need a task; "text me", "tell me" a link to it.</summary>
    private static bool IsReminder(Sentence s, int i, int next)
    {
        if (next >= s.Limit)
            return false;
        var word = s[i].Word.Text;
        if (word is "text" or "tell" or "message" or "let" or "lmk" or "wake")
            return s[next].Word.Text is "to" or "in" or "at" || word is "let" or "lmk" or "wake" && s[next].Word.Text is "when" or "tomorrow" or "about" or "on" or "every";
        if (next == i + 1 && word is "recordar" or "recordarle" or "recordarles" or "acordar" or "aviso" or "avisa" or "avisarle" or "avisar" or "recuerdale" or "remind" or "avisale")
            return (s[next].Shape & Shape.Infinitive) != 0 || s[next].Word.Text is "que" or "to" or "de" || s.IsPunctuation(next, ':') || s.Taken(next);
        if (next == i + 1 && word is "notify" or "alert" or "reminder" or "recordatorio" or "reminders")
            return s[next].Word.Text is "to" or "para" or "de" or "that" or "about" or "for" or "que" || s.Taken(next) || s[next].Kind != TokenKind.Word || (s[next].Shape & Shape.Infinitive) != 0 || Lexicon.Verbs.Has(s, next);
        return true;
    }

    private static bool Needs(Sentence s, int i, out int next)
    {
        if (!Lexicon.Need.At(s, i, out next) && !Lexicon.NeedVerb.At(s, i, out next))
            return false;
        var verb = s.SkipNoise(next);
        while (verb < s.Limit && s.Taken(verb))
            verb++;
        var isVerb = IsInfinitive(s, verb) || Lexicon.Verbs.Has(s, verb) && s[verb].Word.English;
        var text = s[next - 1].Word.Text;
        if (text is "que" or "q" or "k" or "to" or "de" or "2" or "gotta" or "hafta" or "oughta" or "wanna" or "toca" or "must" or "should" or "better")
            return isVerb || text is "que" or "q" or "k" or "to" && s[verb].Kind == TokenKind.Word;
        if (isVerb)
            return true;
        // "necesito leche", "I need milk": a thing is enough.
        return (s[i].Word.Text is "necesito" or "ocupo" or "necesitamos" or "need" or "falta" or "faltan" || s[i].Word.Text is "i" && s[next - 1].Word.Text is "need") && s[verb].Kind == TokenKind.Word && !Lexicon.QuestionWord.Has(s, verb)
            && s[verb].Word.Text is not ("you" or "help" or "ayuda" or "it" or "that" or "mucho" or "poco" or "a" or "someone" or "un" or "this" or "more" or "mas");
    }

    public static bool IsInfinitive(Sentence s, int i) =>
        (s[i].Shape & Shape.Infinitive) != 0 && !Lexicon.NotInfinitive.Has(s, i) || Lexicon.Infinitive.Has(s, i);

    private static int ListPlace(Sentence s, int from)
    {
        for (var i = from; i < s.Limit && i < from + FarListPlace; i++)
        {
            if (Lexicon.ListPlace.At(s, i, out var end) && (s.SkipNoise(end) >= s.Limit || s.Taken(end) || s[end].Word.Text is "with" or "for" or "con" or "para" or "by") && s[i].Word.Text is not "down")
                return i;
        }
        return 0;
    }

    private readonly Understanding Result(Sentence s, int from)
    {
        if (_explicit && ListPlace(s, _at) is var place and > 0)
            s.Take(place, Lexicon.ListPlace.After(s, place));
        Fillers(s);
        var title = Titles.Build(s, _at, s.Limit, afterCommand: _at > from || _explicit);
        return new Understanding
        {
            Intent = Intent.Create,
            Title = title,
            Due = _moment.Due,
            Recurrence = _moment.Recurrence,
            Priority = _moment.Priority,
            Confidence = title is null ? 0.3 : _explicit ? 1 : 0.9,
            SeveralTasks = Several.In(s, _at),
        };
    }

    /// <summary>"que tengo que uh llamar": hesitations and "please" inside a dictated sentence.</summary>
    private readonly void Fillers(Sentence s)
    {
        var last = s.Limit - 1;
        while (last > _at && (s.IsNoise(last) || s.Taken(last)))
            last--;
        if (last > _at + 1 && s[last].Word.Text is "too" or "tambien")
            s.Take(last, last + 1);
        for (var i = _at; i < s.Limit; i++)
        {
            if (s[i].Word.Text is "um" or "uh" or "eh" or "mmm" or "erm" or "porfa" or "porfavor" or "plis" or "pls" or "plz" or "xfa" or "porfis")
                s.Take(i, i + 1);
            else if (s[i].Word.Text is "por" && s[i + 1].Word.Text is "favor")
                s.Take(i, i + 2);
        }
    }
}
