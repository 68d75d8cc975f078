using FocoBot.Assistant.Understanding;

namespace FocoBot.Assistant.Acting;

/// <summary>Does what an understood message asks for, in the turn's unit of work, and says what was done.</summary>
public sealed class Actions(CreateAction create, ListAction list, ChangeAction change, UndoAction undo, SettingsAction settings, SlashCommands slash)
{
    /// <summary>Tries what needs no understanding: an answer to a question, or a slash command of ours.</summary>
    public async Task<Reply?> TryDirectAsync(Turn turn, string text)
    {
        if (await slash.RunAsync(turn, text).ConfigureAwait(false) is not { } reply) return await change.AnswerAsync(turn, text).ConfigureAwait(false);
        if (turn.Dialog.Question is not null) turn.Dialog = turn.Dialog with { Question = null };
        return reply;
    }

    /// <summary>Acts on a meaning.</summary>
    public async Task<Reply> ActAsync(Turn turn, Meaning meaning)
    {
        // A new request takes the place of the question that was open.
        if (turn.Dialog.Question is not null && meaning.Intent != Intent.Unknown) turn.Dialog = turn.Dialog with { Question = null };
        return meaning.Intent switch
        {
            Intent.Create => await create.CreateAsync(turn, [meaning]).ConfigureAwait(false),
            Intent.List => await list.ShowAsync(turn, meaning.Filter).ConfigureAwait(false),
            Intent.Complete or Intent.Delete or Intent.Edit or Intent.Reschedule => await change.ChangeAsync(turn, meaning).ConfigureAwait(false),
            Intent.Undo => await undo.UndoAsync(turn).ConfigureAwait(false),
            Intent.Settings => await settings.ChangeAsync(turn, meaning.Setting).ConfigureAwait(false),
            Intent.Help => turn.Say("help"),
            Intent.Greeting => turn.Say("greeting"),
            Intent.Thanks => turn.Say("thanks"),
            Intent.Verify => turn.Say("link.already"),
            Intent.Stop => turn.Say("stop.elsewhere"),
            _ => turn.Fail("NOT_UNDERSTOOD", "unknown"),
        };
    }

    /// <summary>Writes several tasks of one message down.</summary>
    public Task<Reply> CreateSeveralAsync(Turn turn, IReadOnlyList<Meaning> items)
    {
        turn.Intent = "create";
        turn.Dialog = turn.Dialog with { Question = null };
        return create.CreateAsync(turn, items);
    }
}
