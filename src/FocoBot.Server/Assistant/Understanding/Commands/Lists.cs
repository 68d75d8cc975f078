using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>Asking for a list: every word must belong to such a request, or name what is searched for.</summary>
internal struct Lists
{
    private bool _asks;
    private bool _shows;
    private bool _verb;
    private bool _noun;
    private bool _sure;
    private bool _only;
    private bool _all;
    private bool _things;
    private string? _filter;

    public static Understanding? Read(Sentence s, int i, bool question)
    {
        if (s.Limit - i > Endings.MostTokens)
            return null;
        return default(Lists).Run(s, i, question) ?? Search(s, i);
    }

    /// <summary>The arguments of "/tareas".</summary>
    public static Understanding Of(Sentence s, int i)
    {
        var lists = new Lists { _sure = true, _noun = true };
        return lists.Walk(s, i, question: false) ? lists.Result() : Found("search:" + Titles.Build(s, i, s.Limit, afterCommand: false));
    }

    private Understanding? Run(Sentence s, int i, bool question)
    {
        var start = i;
        if (s[i].Word.Text is "hacer")
            return null;
        if (Lexicon.Need.Has(s, i) && !question && !Lexicon.ListAsk.Has(s, i) || Lexicon.Need.Has(s, i) && s[i].Word.Text is "hay" && s[i + 1].Word.Text is "que")
            return null;
        while (true)
        {
            var verb = Lexicon.ListVerb.After(s, i);
            var ask = s[i].Word.Text is "what" && s[i + 1].Word.Text is "a" or "an" ? i : Lexicon.ListAsk.After(s, i);
            if (verb == i && ask == i)
                break;
            _sure |= s[i].Word.Text is "lista" or "list" or "listado" && verb >= s.Limit;
            _shows |= Lexicon.ShowVerb.After(s, i) == verb && verb > i;
            _asks |= ask > i && ask >= verb;
            _verb |= verb > ask;
            _noun |= ask > i && s[ask - 1].Word.Text is "tareas" or "tasks" or "pendientes" or "recordatorios" or "todos" or "reminders";
            _sure |= _noun;
            i = s.SkipNoise(Math.Max(verb, ask));
            if (Lexicon.DoneFilter.Has(s, i - 1) && _asks)
                _filter = "done";
        }
        if (!Walk(s, i, question))
            return null;
        _only &= !Lexicon.Complete.Has(s, start) && !Lexicon.Delete.Has(s, start) && !Lexicon.Move.Has(s, start) && !Lexicon.MarkVerb.Has(s, start) && !Lexicon.Edit.Has(s, start) && !Lexicon.Done.Has(s, start) || _verb;
        var enough = _asks && _verb || IsBare(s, start) || _asks ? !_asks || _verb || _noun || _filter is not null || question || _all : _verb ? _sure || _shows && (_all || _noun || _filter is not null) || _filter is not null && (_noun || _only) : _only && _filter is "high" or "overdue" or "no_date" or "recurring" or "done" || (question || _things) && _filter is not null || _sure && (_filter is not null || IsWhole(s));
        return enough ? Result() : null;
    }

    /// <summary>"vencidas", "overdue": one word that can only be asked for.</summary>
    private static bool IsBare(Sentence s, int i) =>
        s.SkipNoise(i + 1) >= s.Limit && s[i].Word.Text is "overdue" or "vencidas" or "vencidos" or "atrasadas" or "atrasados" or "urgentes" or "recurrentes" or "recurring" or "completadas" or "importantes";

    private readonly bool IsWhole(Sentence s) => s[s.Limit - 1].Word.Text is not ("tarea" or "pendiente" or "recordatorio" or "task");

    private readonly Understanding Result() => Found(_filter ?? "open");

    private static Understanding Found(string filter) => new() { Intent = Intent.List, Filter = filter, Confidence = 1 };

    private bool Walk(Sentence s, int i, bool question)
    {
        for (i = s.SkipNoise(i); i < s.Limit; i = s.SkipNoise(i))
        {
            if (Lexicon.SearchFor.At(s, i, out var words) && (_noun || _verb || _asks) && !Known(s, words) && (s[i].Word.Text is not ("for" or "having" or "with" or "con" or "including") || _noun && !Known(s, i)))
            {
                if (Titles.Build(s, words, s.Limit, afterCommand: false) is not { } text || words >= s.Limit)
                    return false;
                _filter = "search:" + text;
                return true;
            }
            if (s[i].Word.Text is "de" or "del" && i > 0 && _asks && s[i - 1].Word.Text is "algo" or "anotado" or "anotada" or "apuntado" or "guardado" or "agendado" or "nada" && i + 1 < s.Limit && !Known(s, i + 1) && Filters.Read(s, i, out _) == i
                && Titles.Build(s, i + 1, s.Limit, afterCommand: false) is { } about)
            {
                _filter = "search:" + about;
                return true;
            }
            var end = Filters.Read(s, i, out var filter);
            var noun = Lexicon.ListNoun.After(s, i);
            var filler = Math.Max(Lexicon.ListFiller.After(s, i), Math.Max(Lexicon.Courtesy.After(s, i), Lexicon.Named.After(s, i)));
            if (end > i && end >= filler && end > noun)
            {
                if (_filter is null || _filter is "done" or "today" || filter is not ("today" or "tomorrow") && _filter is not ("high" or "overdue"))
                    _filter = filter;
                i = end;
            }
            else if (noun > i && noun >= filler)
            {
                _noun = true;
                _only |= s[i].Word.Text is "ones";
                _sure |= Lexicon.SureListNoun.Has(s, i);
                i = noun;
            }
            else if (Lexicon.ListAsk.At(s, i, out var ask) && ask > filler && (ask > i + 1 || s[i].Word.Text is "cuales"))
            {
                _asks = true;
                i = ask;
            }
            else if (filler > i)
            {
                _things |= s[i].Word.Text is "lo";
                _only |= s[i].Word.Text is "lo" or "solo" or "nomas" or "only" or "just" or "puras" or "puros" or "las" or "los" or "mis" or "unicamente" or "nada";
                _all |= s[i].Word.Text is "todo" or "todas" or "todos" or "everything" or "all";
                i = filler;
            }
            else
                return question && s[i].Word.Text is "o" or "or" && (_noun || _filter is not null || _asks);
        }
        return true;
    }

    private static bool Known(Sentence s, int i) => Filters.Read(s, i, out _) > i || Lexicon.ListNoun.Has(s, i) && s[i].Word.Text is not "work" || Lexicon.ListFiller.Has(s, i) && s.SkipNoise(Lexicon.ListFiller.After(s, i)) >= s.Limit;

    /// <summary>"busca dentista", "find tasks about taxes".</summary>
    private static Understanding? Search(Sentence s, int i)
    {
        if (!Lexicon.SearchVerb.At(s, i, out var next))
            return null;
        var bare = s[i].Word.Text is "busca" or "search" or "buscame" or "searching" or "filtra" or "filter" or "searh";
        next = s.SkipNoise(next);
        var noun = Math.Max(Lexicon.ListNoun.After(s, next), Lexicon.ListNoun.After(s, Lexicon.Article.After(s, next)));
        if (noun > next)
        {
            next = s[noun].Word.Text is "de" or "del" or "for" or "about" or "with" or "con" ? noun + 1 : noun;
            next = Math.Max(next, Lexicon.SearchFor.After(s, noun));
        }
        else if (References.Text(s, next, s.Limit) is { } named)
            return Found("search:" + named);
        else if (!bare || Lexicon.Article.Has(s, next) || s[next].Word.Text is "un" or "una" or "a" or "an" or "some" || s.Limit - next > 3)
            return null;
        return next < s.Limit && Titles.Build(s, next, s.Limit, afterCommand: false) is { } text ? Found("search:" + text) : null;
    }
}
