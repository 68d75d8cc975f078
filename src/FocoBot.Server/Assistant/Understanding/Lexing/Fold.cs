namespace FocoBot.Assistant.Understanding.Lexing;

/// <summary>Folds letters to lower case without accents, one character to one.</summary>
internal static class Fold
{
    /// <summary>Stands for characters that vanish: combining accents, apostrophes, joiners.</summary>
    public const char Nothing = '\0';

    private const string From = "áàâäãåéèêëíìîïóòôöõúùûüñç";
    private const string To = "aaaaaaeeeeiiiiooooouuuunc";

    public static char Letter(char c)
    {
        if (c < 128)
            return c is >= 'A' and <= 'Z' ? (char)(c | 32) : c == '\'' ? Nothing : c;
        if (c is '’' or '‘' or '´' or '`' or '\u200d' or '\ufe0f' or '\u200b' or '\u00ad' || c is >= '\u0300' and <= '\u036f')
            return Nothing;
        if (c is >= 'À' and <= 'ÿ')
        {
            var lower = c is >= 'À' and <= 'Þ' and not '×' ? (char)(c + 32) : c;
            var at = From.IndexOf(lower);
            return at < 0 ? lower : To[at];
        }
        return char.ToLowerInvariant(c);
    }

    public static bool IsAccented(char c) => c is >= 'À' and <= 'ÿ' || c is >= '\u0300' and <= '\u036f';

    public static bool IsWordPart(char c)
    {
        if (c < 128)
            return char.IsAsciiLetterOrDigit(c) || c == '\'';
        return char.IsLetterOrDigit(c) && c is not ('º' or 'ª') || c is >= '\u0300' and <= '\u036f' || c is '’' or '‘' or '´';
    }
}
