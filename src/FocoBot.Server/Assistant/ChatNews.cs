using FocoBot.Channels;
using FocoBot.Events;
using FocoBot.Storage;

namespace FocoBot.Assistant;

/// <summary>Tells all windows of an account that the web chat has an answer. Its words are in the chat's history alone.</summary>
internal sealed class ChatNews(Outbox answers, EventLog events)
{
    public void Begin() => answers.CarryBy(ChannelNames.Web, TellAsync);

    private Task TellAsync(Work work, OutgoingMessage answer) =>
        answer.UserId is { } account ? events.AppendAsync(work, account, "chat.answered", new { }) : Task.CompletedTask;
}
