using FocoBot.Assistant.Understanding.Lexing;

namespace FocoBot.Assistant.Understanding.Commands;

/// <summary>"/tareas", "/done 3" and the like.</summary>
internal static class Slash
{
    public static Understanding Read(Sentence s, int i)
    {
        var rest = s.SkipNoise(i + 1);
        // "/add@focobot" as some clients write it.
        if (s.IsPunctuation(i + 1, '@'))
            rest = s.SkipNoise(i + 3);
        return s[i].Word.Text switch
        {
            "tareas" or "tasks" or "list" or "lista" or "pendientes" or "todos" or "tarea" or "task" => Lists.Of(s, rest),
            "crear" or "add" or "agregar" or "new" or "create" or "crea" or "agrega" or "nueva" => rest < s.Limit ? Creates.After(s, rest) : Unsure(Intent.Create),
            "completar" or "done" or "complete" or "completa" or "hecho" or "hecha" => Tasks(s, rest, Intent.Complete),
            "borrar" or "delete" or "eliminar" or "remove" or "borra" => Tasks(s, rest, Intent.Delete),
            "editar" or "edit" or "edita" => Changes.Numbered(s, rest) ?? Changes.Edit(s, rest) ?? Unsure(Intent.Unknown),
            "posponer" or "snooze" or "pospon" or "postpone" => Moves.Numbered(s, rest) ?? Unsure(Intent.Unknown),
            "deshacer" or "undo" => Sure(Intent.Undo),
            "ayuda" or "help" or "bot" or "start" or "menu" => Sure(Intent.Help),
            "stop" or "baja" => Sure(Intent.Stop),
            _ => Unsure(Intent.Unknown),
        };
    }

    private static Understanding Tasks(Sentence s, int i, Intent intent)
    {
        if (i >= s.Limit)
            return Unsure(Intent.Unknown);
        var task = Endings.Whole(s, i, sureAll: false)
            ?? new TaskRef { Text = Titles.Build(s, i, s.Limit, afterCommand: false) };
        return task.As(intent);
    }

    private static Understanding Sure(Intent intent) => new() { Intent = intent, Confidence = 1 };

    private static Understanding Unsure(Intent intent) => new() { Intent = intent, Confidence = 0.3 };
}
