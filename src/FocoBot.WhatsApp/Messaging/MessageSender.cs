using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Messages that are sent, until the server has them: until then they leave again, unchanged, on each new connection.</summary>
internal sealed class MessageSender(StanzaConnection connection, DeviceState state, MessagingMemory memory, DirectSender direct, GroupSender groups)
{
    /// <summary>Sends again what the server has not acknowledged.</summary>
    public async Task ResumeAsync(CancellationToken token)
    {
        foreach (var (_, stanza) in await memory.Sent.LoadAsync(state.Units, token))
            await connection.SendAsync(stanza, token);
    }

    /// <summary>Sends a message and waits until the server has it, over several connections if need be.</summary>
    public async Task<SentMessage> SendAsync(string id, Jid to, Message content, TimeProvider clock, CancellationToken token)
    {
        var acknowledged = memory.Acks.Add(id);
        try
        {
            if (!await IsUnderWayAsync(id, token))
                await (to.Server == JidServer.Group ? groups.SendAsync(id, to, content, token) : direct.SendAsync(id, to, content, token));
            var ack = await acknowledged.WaitAsync(StanzaConnection.RequestTimeout, clock, token);
            if (ack.GetNumber("error") is { } error and not 0)
                throw new RequestRefusedException((int)Math.Clamp(error, 0, 999), text: null);
            return new(id, ack.GetJid("from")?.WithoutDevice() ?? to, ack.GetTime("t") ?? clock.GetUtcNow());
        }
        catch (TimeoutException)
        {
            throw new RequestTimeoutException();
        }
        finally
        {
            memory.Acks.Remove(id);
        }
    }

    // Somebody who tries again with the same id waits for what is on its way.
    private async Task<bool> IsUnderWayAsync(string id, CancellationToken token) =>
        (await state.Units.BeginAsync(async unit => await unit.LoadAsync(RecordKind.Outgoing, id, token) is not null, token)).Result;
}
