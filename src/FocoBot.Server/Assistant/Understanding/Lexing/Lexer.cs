using FocoBot.Assistant.Understanding.Words;

namespace FocoBot.Assistant.Understanding.Lexing;

/// <summary>Cuts a message into tokens, once, looking each word up in the vocabulary.</summary>
internal ref struct Lexer
{
    private readonly string _text;
    private Token[] _tokens;
    private int _count;
    private int _at;
    private int _noLinkBefore;
    private int _steps;

    private Lexer(string text)
    {
        _text = text;
        _tokens = new Token[Math.Max(16, text.Length / 3)];
    }

    public static Sentence Read(string text, DateTime now)
    {
        var lexer = new Lexer(text);
        lexer.Run();
        return new Sentence(text, lexer._tokens, lexer._count, now) { Work = lexer._steps };
    }

    private void Run()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '\n')
                Add(TokenKind.NewLine, _at + 1);
            else if (char.IsWhiteSpace(c) || c is '\u200b' or '\ufeff' || char.IsControl(c))
                _at++;
            else if (IsRunStart() && LinkEnd() is var end and > 0)
                Add(TokenKind.Opaque, end);
            else if (c == '@' && _at + 1 < _text.Length && (_text[_at + 1] == ' ' || char.IsAsciiDigit(_text[_at + 1])))
                Add(TokenKind.Word, _at + 1).Word = Lexicon.Find("at") ?? Lexing.Word.Unknown;
            else if (char.IsAsciiDigit(c))
                Number();
            else if (Fold.IsWordPart(c))
                Word();
            else if (IsSymbol(c))
                Symbols();
            else
                Add(TokenKind.Punctuation, _at + 1).Mark = c;
        }
    }

    private readonly bool IsRunStart() => _at == 0 || char.IsWhiteSpace(_text[_at - 1]) || _text[_at - 1] is '(' or '<' or '"';

    /// <summary>The end of a link or an e-mail address that begins here, or 0.</summary>
    private int LinkEnd()
    {
        var bare = _text.AsSpan(_at).StartsWith("www.", StringComparison.OrdinalIgnoreCase) && _at + 4 < _text.Length && !char.IsWhiteSpace(_text[_at + 4]);
        // The rest of a run that was looked through already: "((((((".
        if (_at < _noLinkBefore && !bare)
            return 0;
        var end = _at;
        var link = bare;
        for (; end < _text.Length && !char.IsWhiteSpace(_text[end]); end++)
        {
            if (_text[end] == ':' && end + 2 < _text.Length && _text[end + 1] == '/' && _text[end + 2] == '/' && end > _at
                || _text[end] == '@' && end > _at && char.IsAsciiLetterOrDigit(_text[end - 1]) && end + 1 < _text.Length && char.IsAsciiLetter(_text[end + 1]))
                link = true;
        }
        _steps += end - _at;
        if (link)
            return end;
        _noLinkBefore = end;
        return 0;
    }

    private void Word()
    {
        var start = _at;
        var end = start;
        while (end < _text.Length && Fold.IsWordPart(_text[end]))
            end++;
        if (_count > 0 && TryMeridiem(start))
            return;
        if (end == start + 1 && TryShort(start))
            return;
        Span<char> letters = stackalloc char[UnderstandingLimits.WordLetters];
        ref var token = ref Add(TokenKind.Word, end);
        token.Shape = Shapes.Of(_text.AsSpan(start, end - start), letters, out var length);
        if (length > 0)
            token.Word = Lookup(letters[..length], ref token.Shape);
        // "Sunday's game" names a game, and is no "Sundays".
        if (token.Word.PluralWeekday && length < end - start)
            token.Word = Lexing.Word.Unknown;
    }

    /// <summary>"c/ lunes" and "p/ el 2": cada, para.</summary>
    private bool TryShort(int start)
    {
        if (start + 1 >= _text.Length || _text[start + 1] != '/')
            return false;
        var meant = (_text[start] | 32) switch { 'c' => "cada", 'p' => "para", 'x' => "para", 'd' => "de", 'w' => "with", _ => null };
        if (meant is null)
            return false;
        Add(TokenKind.Word, start + 2).Word = Lexicon.Find(meant) ?? Lexing.Word.Unknown;
        return true;
    }

    private static Word Lookup(ReadOnlySpan<char> letters, ref Shape shape)
    {
        if (Lexicon.Find(letters) is { } word)
            return word;
        if (Typos.Stretched(letters) is { } calm)
            return calm;
        if (Typos.Mend(letters) is { } mended)
        {
            shape |= Shape.Mended;
            return mended;
        }
        return Lexing.Word.Unknown;
    }

    /// <summary>"am", "p.m.", "p. m." or "hrs" right after a number.</summary>
    private bool TryMeridiem(int start)
    {
        ref var before = ref _tokens[_count - 1];
        if (before.Kind is not (TokenKind.Number or TokenKind.Clock or TokenKind.Decimal or TokenKind.Dash or TokenKind.Word))
            return false;
        var first = _text[start] | 32;
        if (first is not ('a' or 'p'))
            return false;
        var i = start + 1;
        var dotted = Skip(ref i, '.');
        var apart = i + 1 < _text.Length && _text[i] == ' ' && (_text[i + 1] | 32) == 'm' && before.Kind != TokenKind.Dash && (before.Kind != TokenKind.Word || before.Word.Number is > 0 and <= 12 or >= 20);
        if (dotted || apart)
            Skip(ref i, ' ');
        if (i >= _text.Length || (_text[i] | 32) != 'm')
        {
            // "5p", "5 p": only glued to the number, since "a" alone is a word.
            if (dotted || before.Kind == TokenKind.Word || start != before.End || start + 1 < _text.Length && Fold.IsWordPart(_text[start + 1]))
                return false;
            i = start;
        }
        i++;
        if (i < _text.Length && Fold.IsWordPart(_text[i]))
            return false;
        if (before.Kind == TokenKind.Word && before.Word.Number < 0 && !Lexicon.BeforeMeridiem.Has(before.Word))
            return false;
        if (dotted)
            Skip(ref i, '.');
        Add(TokenKind.Meridiem, i).A = first == 'p' ? 12 : 0;
        return true;
    }

    private readonly bool Skip(ref int i, char c)
    {
        if (i >= _text.Length || _text[i] != c)
            return false;
        i++;
        return true;
    }

    private void Number()
    {
        var start = _at;
        var scan = new NumberScan(_text, start);
        scan.Read();
        if (start > 0 && _text[start - 1] is '$' or '€' or '£' or '+' || scan.End < _text.Length && _text[scan.End] == '%')
        {
            Add(TokenKind.Opaque, scan.End);
            return;
        }
        if (scan.Kind == TokenKind.Opaque && scan.IsWord)
        {
            Word();
            return;
        }
        ref var token = ref Add(scan.Kind, scan.End);
        token.A = scan.A;
        token.B = scan.B;
        token.C = scan.C;
        token.Digits = (byte)Math.Min(scan.Digits, 255);
    }

    private static bool IsSymbol(char c) => char.IsSurrogate(c) || c is >= '\u2190' and <= '\u2bff' or '\u200d' or '\ufe0f' or '\u3030' or '\u303d';

    private void Symbols()
    {
        var end = _at;
        while (end < _text.Length && (IsSymbol(_text[end]) || _text[end] == '\u20e3'))
            end++;
        Add(TokenKind.Emoji, end);
    }

    private ref Token Add(TokenKind kind, int end)
    {
        if (_count == _tokens.Length)
            Array.Resize(ref _tokens, _tokens.Length * 2);
        ref var token = ref _tokens[_count++];
        token = new Token { Kind = kind, Start = _at, End = end, B = -1, C = -1, Word = Lexing.Word.Unknown };
        if (kind == TokenKind.Punctuation && _at > 0 && end < _text.Length && Fold.IsWordPart(_text[_at - 1]) && Fold.IsWordPart(_text[end]))
            token.Shape = Shape.Joined;
        _at = end;
        return ref token;
    }
}
