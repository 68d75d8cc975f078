using FocoBot.Channels;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Sending;

/// <summary>Takes the assistant's answers to the chat with oneself: they go out as any message of the device does, in the transaction that has made them.</summary>
internal sealed class AssistantReplies(Outbox answers, DeviceOutbox outbox, DeviceKeys keys, TimeProvider clock)
{
    public void Begin() => answers.CarryBy(ChannelNames.Device, CarryAsync);

    private async Task CarryAsync(Work work, OutgoingMessage answer)
    {
        // Unlinked meanwhile: there is nobody to answer.
        if (answer.UserId is not { } account || await DeviceTable.FindAsync(work, account, AssistantMail.DeviceOf(answer.Address)).ConfigureAwait(false) is not { Wrapped: { } wrapped, PhoneNumber: { } phone, Status: "active" or "disconnected" } row)
            return;
        await outbox.AcceptAsync(work, new KeptDevice(row.Id, account, keys.Open(row.Id, wrapped)), row, Ids.New(clock), new Jid(phone[1..], JidServer.User), new Wish(new SendRequest(phone, answer.Text), Key: null), target: null).ConfigureAwait(false);
    }
}
