using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>Sent messages that the server has not acknowledged yet.</summary>
internal sealed class PendingAcks
{
    private readonly PendingRequests waiting = new();

    /// <exception cref="RequestTimeoutException">There was no acknowledgement in time.</exception>
    /// <exception cref="ConnectionEndedException">The connection has ended.</exception>
    public async Task<Node> SendAsync(StanzaConnection connection, string id, Node stanza, TimeProvider clock, CancellationToken token)
    {
        var ack = waiting.Add(id);
        try
        {
            await connection.SendAsync(stanza, token);
            return await ack.WaitAsync(StanzaConnection.RequestTimeout, clock, token);
        }
        catch (TimeoutException)
        {
            throw new RequestTimeoutException();
        }
        finally
        {
            waiting.Remove(id);
        }
    }

    public void Complete(Node ack)
    {
        if (ack["class"] == "message" && ack["id"] is { } id)
            waiting.Complete(id, ack);
    }

    public void Fail(ConnectionEnd end) => waiting.Fail(end);
}
