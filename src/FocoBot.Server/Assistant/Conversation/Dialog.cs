using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Conversation;

/// <summary>What a conversation remembers between two messages.</summary>
public sealed record Dialog
{
    /// <summary>The tasks of the list last shown, in its order: number 1 is the first.</summary>
    public IReadOnlyList<Guid> Listed { get; init; } = [];

    /// <summary>When that list was shown.</summary>
    public DateTimeOffset? ListedAt { get; init; }

    /// <summary>What was asked and waits for an answer.</summary>
    public Question? Question { get; init; }
}

/// <summary>A question to the user.</summary>
/// <param name="Kind">confirm: yes or no; choose: one number of <paramref name="Candidates"/>.</param>
/// <param name="Change">What is done on a yes, or to the chosen task.</param>
/// <param name="Candidates">The tasks to choose from.</param>
/// <param name="AskedAt">It is forgotten after <see cref="DialogMemory.QuestionLife"/>.</param>
public sealed record Question(string Kind, PlannedChange Change, IReadOnlyList<Guid> Candidates, DateTimeOffset AskedAt)
{
    public const string Confirm = "confirm";
    public const string Choose = "choose";
}

/// <summary>A change that is ready to be made, once it is known to which tasks.</summary>
/// <param name="Kind">complete, delete, edit or reschedule.</param>
/// <param name="Tasks">The tasks; empty while they are still to be chosen.</param>
/// <param name="Title">The new title (edit).</param>
/// <param name="Priority">The new priority (edit).</param>
/// <param name="Date">The new date (reschedule); null takes the date away.</param>
/// <param name="Time">The new time of day (reschedule).</param>
public sealed record PlannedChange(string Kind, IReadOnlyList<Guid> Tasks, string? Title = null, string? Priority = null, DateOnly? Date = null, TimeOnly? Time = null)
{
    public const string Complete = "complete";
    public const string Delete = "delete";
    public const string Edit = "edit";
    public const string Reschedule = "reschedule";
}

/// <summary>Keeps the dialog of each address, sealed.</summary>
public sealed class DialogMemory(Keyring keyring, TimeProvider clock)
{
    /// <summary>How long a question waits.</summary>
    public static readonly TimeSpan QuestionLife = TimeSpan.FromMinutes(30);

    private const string StateColumn = "dialogs.state";

    public async Task<Dialog> LoadAsync(Work work, Guid userId, string address)
    {
        var state = await work.FirstAsync<byte[]>("SELECT state FROM dialogs WHERE address = @address AND user_id = @userId", new { address, userId }).ConfigureAwait(false);
        if (state is null) return new Dialog();
        var key = await keyring.OfAsync(work, userId).ConfigureAwait(false);
        var dialog = key.OpenJson<Dialog>(StateColumn, userId, state);
        return dialog.Question is { } question && clock.GetUtcNow() - question.AskedAt > QuestionLife ? dialog with { Question = null } : dialog;
    }

    public async Task SaveAsync(Work work, Guid userId, string address, Dialog dialog)
    {
        var key = await keyring.OfAsync(work, userId).ConfigureAwait(false);
        await work.PostAsync(
            """
            INSERT INTO dialogs (address, user_id, state, updated_at) VALUES (@address, @userId, @state, @now)
            ON CONFLICT (address) DO UPDATE SET user_id = excluded.user_id, state = excluded.state, updated_at = excluded.updated_at
            """, new { address, userId, state = key.SealJson(StateColumn, userId, dialog), now = clock.GetUtcNow() }).ConfigureAwait(false);
    }

    /// <summary>Forgets the conversation; tasks are never touched.</summary>
    public static Task ForgetAsync(Work work, string address) =>
        work.ExecuteAsync("DELETE FROM dialogs WHERE address = @address", new { address });
}
