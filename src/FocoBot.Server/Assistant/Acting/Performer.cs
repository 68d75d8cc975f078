using FocoBot.Assistant.Admission;
using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.Understanding;
using FocoBot.Channels;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Acting;

/// <summary>Carries out a message that was let in: remembers the dialog, acts, and records what came of it.</summary>
internal sealed class Performer(Actions actions, DialogMemory memory, TimeProvider clock)
{
    public async Task<Outcome> PerformAsync(Work work, PendingMessage message, InboundContent content, Admission.Admission admission, IReadOnlyList<Meaning>? advice)
    {
        var person = admission.Person!;
        var read = admission.Read;
        var before = admission.DialogDropped ? new Dialog() : await memory.LoadAsync(work, person.UserId, message.Address).ConfigureAwait(false);
        var turn = new Turn(work, person, message.Address, message.ProviderId, clock.GetUtcNow(), read.Phrases, before);
        // A model that knows nothing better leaves the parser's answer as it is.
        var meaning = advice is [{ Intent: not Intent.Unknown } only] ? only : Meaning.Of(read.Understood);
        var reply = await ReplyAsync(turn, content, read.Text, meaning, advice).ConfigureAwait(false);
        if (!ReferenceEquals(turn.Dialog, before)) await memory.SaveAsync(work, person.UserId, message.Address, turn.Dialog).ConfigureAwait(false);
        return new Outcome
        {
            Reply = reply.Text, Phrases = turn.Phrases, UserId = person.UserId, Subject = admission.Subject, ErrorCode = reply.ErrorCode,
            Action = reply.ErrorCode is null ? AuditActions.CommandExecuted : AuditActions.CommandFailed,
            Intent = turn.Intent ?? meaning.Intent.ToString().ToLowerInvariant(),
        };
    }

    private async Task<Reply> ReplyAsync(Turn turn, InboundContent content, string text, Meaning meaning, IReadOnlyList<Meaning>? advice)
    {
        if (text.Length == 0) return turn.Fail("UNSUPPORTED_MEDIA", content.Media.Count > 0 || content.Location is not null ? "media.unsupported" : "unknown");
        if (await actions.TryDirectAsync(turn, text).ConfigureAwait(false) is { } direct) return direct;
        return advice is { Count: > 1 } several && several.All(item => item.Intent == Intent.Create)
            ? await actions.CreateSeveralAsync(turn, several).ConfigureAwait(false)
            : await actions.ActAsync(turn, meaning).ConfigureAwait(false);
    }
}
