using FocoBot.Tasks;

namespace FocoBot.Assistant.Conversation;

/// <summary>The words that end a silence asked for with STOP or BAJA.</summary>
internal static class OptIn
{
    private static readonly HashSet<string> Words = ["start", "alta", "unstop", "iniciar", "reanudar", "subscribe", "suscribir", "resume"];

    public static bool IsMeantBy(string text) => text.Length <= 40 && Words.Contains(TextMatch.Fold(text));
}
