using System.Globalization;
using FocoBot.Tasks;

namespace FocoBot.Assistant.Conversation;

/// <summary>Reads the answer to a question that was asked.</summary>
internal static class Answers
{
    private const int LongestAnswer = 6; // words
    private const int LongestChoice = 40; // characters

    private static readonly HashSet<string> Yes =
        ["si", "sii", "siii", "s", "claro", "claro que si", "si por favor", "si porfa", "si porfavor", "ok", "okay", "dale", "va", "sale", "de acuerdo", "confirmo", "hazlo", "adelante", "simon",
         "yes", "y", "yep", "yeah", "yup", "sure", "yes please", "do it", "go ahead", "confirm", "👍"];

    private static readonly HashSet<string> No =
        ["no", "n", "nel", "no gracias", "mejor no", "ninguna", "ninguno", "cancela", "cancelar", "olvidalo", "dejalo", "para nada",
         "nope", "nah", "no thanks", "none", "cancel", "never mind", "nevermind", "forget it", "👎"];

    // What may follow a yes without making it anything else: "sí, bórralas todas", "yes, delete them all".
    private static readonly HashSet<string> AfterYes =
        ["todas", "todos", "todo", "las", "los", "borralas", "borralos", "borra", "completalas", "completa", "marcalas", "muevelas", "cambialas", "hazlo", "por", "favor", "porfa", "porfavor", "gracias", "si", "claro", "adelante",
         "all", "them", "of", "it", "delete", "complete", "mark", "move", "change", "please", "do", "go", "ahead", "thanks", "yes"];

    private static readonly HashSet<string> AfterNo =
        ["no", "gracias", "mejor", "las", "los", "la", "lo", "borres", "completes", "marques", "muevas", "cambies", "hagas", "nada", "por", "favor", "todavia", "aun", "espera", "cancela", "dejalo", "olvidalo",
         "thanks", "thank", "you", "don", "t", "dont", "delete", "them", "it", "please", "wait", "not", "yet", "cancel"];

    // As many as are ever offered to choose from.
    private static readonly string[][] Spelt =
    [
        ["uno", "una", "primera", "primero", "one", "first"], ["dos", "segunda", "segundo", "two", "second"], ["tres", "tercera", "tercero", "three", "third"],
        ["cuatro", "cuarta", "cuarto", "four", "fourth"], ["cinco", "quinta", "quinto", "five", "fifth"], ["seis", "sexta", "sexto", "six", "sixth"],
        ["siete", "septima", "septimo", "seven", "seventh"], ["ocho", "octava", "octavo", "eight", "eighth"], ["nueve", "novena", "noveno", "nine", "ninth"],
    ];

    private static readonly HashSet<string> Articles = ["la", "el", "numero", "opcion", "the", "number", "option", "task", "tarea"];

    /// <summary>True for yes, false for no, null for neither.</summary>
    public static bool? YesOrNo(string text)
    {
        var folded = TextMatch.Fold(text);
        if (folded.Length == 0) folded = text.Trim();
        if (Yes.Contains(folded)) return true;
        if (No.Contains(folded)) return false;
        var words = folded.Split(' ');
        if (words.Length > LongestAnswer) return null;
        return words[0] switch
        {
            "si" or "yes" when words[1..].All(AfterYes.Contains) => true,
            "no" when words[1..].All(AfterNo.Contains) => false,
            _ => null,
        };
    }

    /// <summary>The number that was chosen: "2", "la 2", "option two", "the second one".</summary>
    public static int? Number(string text)
    {
        if (text.Length > LongestChoice) return null;
        var words = TextMatch.Words(text).Where(word => !Articles.Contains(word)).ToList();
        // "The second one" is the second; "one" alone is the first.
        if (words is [_, "one"]) words.RemoveAt(1);
        if (words is not [var said]) return null;
        var spelt = Array.FindIndex(Spelt, forms => forms.Contains(said));
        return spelt >= 0 ? spelt + 1 : int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
