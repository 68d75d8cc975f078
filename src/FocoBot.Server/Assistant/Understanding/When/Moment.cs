using FocoBot.Assistant.Understanding.Lexing;
using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.When;

/// <summary>The date, time, repetition and priority said in a stretch of the message; what says them is taken.</summary>
internal struct Moment
{
    private Span _daySpan;
    private Span _weakSpan;
    private Span _untilSpan;
    private Span _clockSpan;
    private Span _partSpan;
    private Span _ruleSpan;
    private Span _lengthSpan;
    private Span _prioritySpan;
    private Day _day;
    private Day _weak;
    private Day _until;
    private Clock _clock;
    private PartOfDay _part;
    private Rule _rule;
    private Length _length;
    private DateTime _lengthBase;
    private bool _backwards;
    private bool _todayPart;

    public Due? Due { get; private set; }

    public string? Recurrence { get; private set; }

    public Priority? Priority { get; private set; }

    /// <summary>A past time was spoken of.</summary>
    public bool Past { get; private set; }

    public readonly bool IsEmpty => Due is null && Recurrence is null && Priority is null;

    private readonly record struct Span(int From, int To)
    {
        public bool Found => To > From;
    }

    /// <summary>Reads the tokens from <paramref name="from"/> up to the sentence's limit.</summary>
    public static Moment Read(Sentence s, int from)
    {
        var moment = default(Moment);
        moment.Scan(s, from);
        moment.Settle(s);
        return moment;
    }

    private void Scan(Sentence s, int from)
    {
        var found = 0;
        var dayEnd = -1;
        for (var i = from; i < s.Limit && i < from + UnderstandingLimits.DatedWords && found < UnderstandingLimits.Expressions;)
        {
            s.Work++;
            if (Names.After(s, i) is var name && name > i)
            {
                i = name;
                continue;
            }
            var next = One(s, i, from, ref dayEnd);
            found += next > i ? 1 : 0;
            i = Math.Max(next, i + 1);
        }
    }

    private int One(Sentence s, int i, int from, ref int dayEnd)
    {
        if (s[i].Kind is TokenKind.Punctuation or TokenKind.Emoji or TokenKind.NewLine or TokenKind.Opaque or TokenKind.Meridiem)
            return i;
        if (s[i].Kind == TokenKind.Word && !s[i].Word.MayTellTime)
            return i;
        // The second half of "check-in".
        if (s[i].Kind == TokenKind.Word && i > 0 && s.IsPunctuation(i - 1, '-') && (s[i - 1].Shape & Shape.Joined) != 0)
            return i;
        var afterDay = dayEnd == i;
        if (Leads.After(s, i) is var lead && lead > i && Names.After(s, lead) > lead)
            return i;
        var next = Importance.Read(s, i, out var priority);
        if (next > i)
        {
            if (_prioritySpan.Found)
            {
                if (Priority == priority)
                    s.Take(i, next);
                return next;
            }
            (_prioritySpan, Priority) = (new Span(i, next), priority);
            return next;
        }
        if (!_lengthSpan.Found && (next = ReadLength(s, i)) > i)
        {
            dayEnd = next;
            return next;
        }
        if (Repeats.Read(s, i, out var rule) is var repeat && repeat > i)
        {
            if (!_ruleSpan.Found)
                (_ruleSpan, _rule) = (new Span(i, repeat), rule);
            dayEnd = repeat;
            return repeat;
        }
        var clock = Clocks.Read(s, i, afterDay, out var time, out var today);
        var day = Days.Read(s, i, out var date);
        // "pagar lo del jueves"
        if (day > i && i > from && s[i].Word.Text is "del" or "de" && s[i - 1].Word.Text is "lo")
            return day;
        if (clock > i && clock >= day)
        {
            // "a las 8 am y 8 pm": one rule holds one time; the rest is no part of the title either.
            if (time.Hour >= 0 && Lexicon.AndWord.At(s, clock, out var and) && Clocks.Read(s, and, false, out var second, out _) is var end && end > and && second.Meridiem >= 0)
                clock = end;
            Keep(new Span(i, clock), time, today);
            dayEnd = today ? clock : -1;
            return Trailed(s, clock);
        }
        if (day > i)
        {
            dayEnd = day;
            Keep(new Span(i, day), date);
            return Trailed(s, day);
        }
        if (Lexicon.Vague.At(s, i, out next) && (i == from || s.SkipNoise(next) == s.Limit || i > 0 && Lexicon.Remind.Has(s, i - 1)))
            s.Take(i, next);
        return Math.Max(next, i);
    }

    private static int Trailed(Sentence s, int i)
    {
        var trailer = s.IsPunctuation(i, ',') ? i + 1 : i;
        if (!Lexicon.Trailer.At(s, trailer, out var next) || s[next].Kind is TokenKind.Number or TokenKind.Clock || Lexicon.AtHour.After(s, trailer) > next)
            return i;
        s.Take(i, next);
        return next;
    }

    private void Keep(Span span, Clock time, bool today)
    {
        if (today && !_daySpan.Found)
            _todayPart = true;
        if (time.Hour >= 0)
        {
            if (!_clockSpan.Found)
                (_clockSpan, _clock) = (span, time);
        }
        else if (!_partSpan.Found)
            (_partSpan, _part) = (span, time.Part);
    }

    private void Keep(Span span, Day date)
    {
        if (date.Kind == DayKind.Past)
            Past = true;
        else if (date.Until && !_untilSpan.Found)
            (_untilSpan, _until) = (span, date);
        else if (date.Weak && !_weakSpan.Found)
            (_weakSpan, _weak) = (span, date);
        else if (!date.Weak && !_daySpan.Found)
            (_daySpan, _day) = (span, date);
    }

    /// <summary>"en 3 días", "2 weeks from Friday", "20 minutos antes de las 6".</summary>
    private int ReadLength(Sentence s, int i)
    {
        int end;
        if (Lexicon.In.At(s, i, out var at) && (end = Amounts.Read(s, at, out var length)) > at && !IsCounted(s, end))
        {
            end = s[end].Word.Text is "time" ? end + 1 : end;
            return Found(s, i, Lexicon.FromNow.After(s, end), length);
        }
        end = Amounts.Read(s, i, out length);
        if (end == i)
            return i;
        if (Lexicon.FromNow.At(s, end, out var now) && s[end].Word.Text is not ("mas" or "later"))
            return Found(s, i, now, length);
        if (!length.HasTime && Lexicon.From.At(s, end, out var from) && Days.Read(s, from, out var start) is var day && day > from)
        {
            var found = Found(s, i, day, length);
            _lengthBase = start.Date.ToDateTime(default);
            return found;
        }
        var before = Lexicon.Before.Has(s, end);
        if (!before && !Lexicon.AfterWord.Has(s, end))
            return i;
        if (length.HasTime && Clocks.Read(s, end, false, out var clock, out _) is var hour && hour > end && clock.Hour >= 0)
        {
            clock.Shift += before ? -length.Minutes : length.Minutes;
            Keep(new Span(i, hour), clock, false);
            return hour;
        }
        if (!length.HasTime && Days.Read(s, end, out var anchor) is var date && date > end)
        {
            var found = Found(s, i, date, length);
            (_lengthBase, _backwards) = (anchor.Date.ToDateTime(default), before);
            return found;
        }
        return i;
    }

    private static bool IsCounted(Sentence s, int i) => s[i].Word.Text is "a" && s[i + 1].Word.Text is "row";

    private int Found(Sentence s, int from, int to, Length length)
    {
        (_lengthSpan, _length, _lengthBase) = (new Span(from, to), length, s.Now);
        return to;
    }

    private void Settle(Sentence s)
    {
        if (!_daySpan.Found && !_todayPart && !_lengthSpan.Found)
            (_daySpan, _day) = (_weakSpan, _weak);
        if (_ruleSpan.Found && _untilSpan.Found)
            _rule.Until = _until.Date;
        else if (!_ruleSpan.Found && !_daySpan.Found)
            (_daySpan, _day) = (_untilSpan, _until);
        else
            _untilSpan = default;
        Span<Span> spans = [_daySpan, _untilSpan, _clockSpan, _partSpan, _ruleSpan, _lengthSpan, _prioritySpan];
        foreach (var span in spans)
            s.Take(span.From, span.To);
        if (_part == PartOfDay.None)
            _part = _rule.Part;
        if (_ruleSpan.Found)
            Repeat(s);
        else
            Due = Once(s);
    }

    private readonly Due? Once(Sentence s)
    {
        DateOnly? date = _daySpan.Found ? _day.Date : _todayPart ? s.Today : null;
        if (_lengthSpan.Found)
        {
            var at = _backwards ? _length.Before(_lengthBase) : _length.After(_lengthBase);
            if (_length.HasTime)
                return new Due(at.AddSeconds(-at.Second).AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond)), true);
            date = DateOnly.FromDateTime(at);
        }
        if (!_clockSpan.Found && _part == PartOfDay.None)
            return date is { } only ? new Due(only.ToDateTime(default), false) : null;
        return new Due(new TimeOfDay(_clockSpan.Found ? _clock : Clock.In(_part), _part).On(date, s.Now), true);
    }

    private void Repeat(Sentence s)
    {
        Anchor(s);
        Recurrence = _rule.ToString();
        if (_rule.Frequency <= Frequency.Hourly)
        {
            var step = TimeSpan.FromMinutes(_rule.Interval * (_rule.Frequency == Frequency.Hourly ? 60 : 1));
            var start = new DateTime(s.Now.Year, s.Now.Month, s.Now.Day, s.Now.Hour, s.Now.Minute, 0) + step;
            Due = _clockSpan.Found ? Once(s) : new Due(start, true);
            return;
        }
        var first = _daySpan.Found && !_rule.HasAnchor ? _day.Date : s.Today;
        if (_daySpan.Found && _rule.HasAnchor && _day.Date > first)
            first = _day.Date;
        if (_lengthSpan.Found && !_length.HasTime)
            first = DateOnly.FromDateTime(_length.After(_lengthBase));
        var timed = _clockSpan.Found || _part != PartOfDay.None;
        var time = new TimeOfDay(_clockSpan.Found ? _clock : Clock.In(_part), _part);
        const int Horizon = 366 * 9;
        for (var ahead = 0; ahead < Horizon; ahead++, first = first.AddDays(1))
        {
            if (!_rule.Falls(first))
                continue;
            var at = timed ? time.InDay(first) : first.ToDateTime(default);
            if (timed && at < s.Now)
                continue;
            Due = new Due(at, timed);
            return;
        }
    }

    /// <summary>A date beside a bare frequency says on which days it falls: "cada mes el 20", "every year on March 3".</summary>
    private void Anchor(Sentence s)
    {
        if (!_daySpan.Found || _rule.HasAnchor)
            return;
        switch (_rule.Frequency, _day.Kind)
        {
            case (Frequency.Weekly, DayKind.Weekday):
                _rule.Weekdays = 1 << _day.Number;
                _day.Date = Calendar.NextWeekday(s.Today, _day.Number, todayCounts: true);
                break;
            case (Frequency.Daily, DayKind.Weekday):
                break;
            case (Frequency.Monthly, DayKind.DayOfMonth):
                _rule.MonthDays = 1u << _day.Number;
                break;
            case (Frequency.Monthly, DayKind.LastOfMonth):
                _rule.LastDay = true;
                break;
        }
    }
}
