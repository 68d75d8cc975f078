using FocoBot.Channels;
using FocoBot.Messages;
using FocoBot.Storage;

namespace FocoBot.Devices.Sending;

/// <summary>Takes the assistant's answers to the chat with oneself: they go out as any message of the device does, in the transaction that has made them.</summary>
internal sealed class AssistantReplies(Outbox answers, DeviceOutbox outbox)
{
    public void Begin() => answers.CarryBy(ChannelNames.Device, CarryAsync);

    private Task CarryAsync(Work work, OutgoingMessage answer) =>
        answer.UserId is { } account ? outbox.WriteToOneselfAsync(work, account, AssistantMail.DeviceOf(answer.Address), answer.Text) : Task.CompletedTask;
}
