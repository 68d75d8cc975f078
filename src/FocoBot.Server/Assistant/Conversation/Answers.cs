using System.Globalization;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Conversation;

/// <summary>Reads the answer to a question that was asked.</summary>
internal static class Answers
{
    private static readonly HashSet<string> Yes =
        ["si", "sii", "siii", "s", "claro", "claro que si", "si por favor", "si porfa", "si porfavor", "ok", "okay", "dale", "va", "sale", "de acuerdo", "confirmo", "hazlo", "adelante", "simon",
         "yes", "y", "yep", "yeah", "yup", "sure", "yes please", "do it", "go ahead", "confirm", "👍"];

    private static readonly HashSet<string> No =
        ["no", "n", "nel", "no gracias", "mejor no", "ninguna", "ninguno", "cancela", "cancelar", "olvidalo", "dejalo", "para nada",
         "nope", "nah", "no thanks", "none", "cancel", "never mind", "nevermind", "forget it", "👎"];

    private static readonly HashSet<string> Articles = ["la", "el", "numero", "opcion", "the", "number", "option", "task", "tarea"];

    /// <summary>True for yes, false for no, null for neither.</summary>
    public static bool? YesOrNo(string text)
    {
        var folded = TextMatch.Fold(text);
        if (folded.Length == 0) folded = text.Trim();
        return Yes.Contains(folded) ? true : No.Contains(folded) ? false : null;
    }

    /// <summary>The number that was chosen: "2", "la 2", "option 2".</summary>
    public static int? Number(string text)
    {
        var words = TextMatch.Words(text);
        var last = words.Length is 0 or > 3 ? null : words[^1];
        return last is not null && words[..^1].All(Articles.Contains)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
