using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Messages that are sent, until the server has them: until then they leave again, unchanged, on each new connection.</summary>
internal sealed class MessageSender(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, DirectSender direct, GroupSender groups, ILogger log)
{
    private volatile bool _isResumed;

    /// <summary>Sends again what the server has not acknowledged.</summary>
    public async Task ResumeAsync(CancellationToken token)
    {
        _isResumed = true;
        foreach (var (_, stanza) in await memory.Sent.LoadAsync(state.Units, token))
            await connection.SendAsync(stanza, token);
    }

    /// <summary>
    /// The connection has ended by an error of the server's. The server takes messages in their order, so that the first one without an acknowledgement is what it
    /// stumbled over, if it was any; the one that this happens to again and again is given up, or nothing would ever leave again. A connection that just breaks
    /// says nothing about messages, however often.
    /// </summary>
    public async Task BlameAsync(CancellationToken token)
    {
        // Before, nothing has left.
        if (!_isResumed || await SentMessages.OldestAsync(state.Units, token) is not { } id)
            return;
        await memory.Sent.PrepareAsync(state.Units, token);
        await state.Units.RunAsync(unit => BlameAsync(unit, id, token), token);
    }

    private async Task BlameAsync(DeviceUnit unit, string id, CancellationToken token)
    {
        if (await unit.LoadAsync(RecordKind.Outgoing, id, token) is not { } outgoing || !SentMessages.CountEnd(unit, id, outgoing))
            return;
        Log.MessageGivenUp(log, Limits.ConnectionsAMessage);
        var chat = Stanza.Read(SentMessages.StanzaOf(outgoing).Span).RequireJid("to");
        memory.Sent.Forget(unit, id);
        unit.Tell(new MessageAcknowledged(id, chat, Time: null, Refusals.EndsConnections));
        unit.Then(() =>
        {
            memory.Acks.Fail(id, new RequestRefusedException(Refusals.EndsConnections, "ends-connections"));
            return Task.CompletedTask;
        });
    }

    /// <summary>Sends a message and waits until the server has it, over several connections if need be.</summary>
    public async Task<SentMessage> SendAsync(string id, Jid to, Message content, TimeProvider clock, CancellationToken token)
    {
        using var activity = Telemetry.Send(to.Server == JidServer.Group);
        var called = clock.GetTimestamp();
        var acknowledged = memory.Acks.Add(id);
        try
        {
            var (isUnderWay, taken) = await FindAsync(id, token);
            if (taken is not null)
                return new(id, taken.Chat, clock.GetUtcNow());
            if (!isUnderWay)
                await (to.Server == JidServer.Group ? groups.SendAsync(id, to, content, token) : direct.SendAsync(id, to, content, token));
            var ack = await acknowledged.WaitAsync(StanzaConnection.RequestTimeout, clock, token);
            Telemetry.AcknowledgedAfter(clock.GetElapsedTime(called));
            if (ack.GetNumber("error") is { } error and not 0)
                throw new RequestRefusedException((int)Math.Clamp(error, 0, 999), text: null);
            return new(id, ack.GetJid("from")?.WithoutDevice() ?? to, ack.GetTime("t") ?? clock.GetUtcNow());
        }
        catch (Exception failed) when (Telemetry.Fail(activity, failed))
        {
            throw;
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

    // Somebody who tries again with the same id waits for what is on its way, or learns that the server has it.
    private async Task<(bool IsUnderWay, SentContent? Taken)> FindAsync(string id, CancellationToken token)
    {
        await memory.Sent.PrepareAsync(state.Units, token);
        return await state.Units.ReadAsync(
            async unit => memory.Sent.IsUnderWay(id) ? (true, null) : (false, await memory.Sent.FindAsync(unit, id, token)),
            token);
    }
}
