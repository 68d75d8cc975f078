using System.Threading.Channels;
using FocoBot.WhatsApp.Connection;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>What goes on beside the stanzas that come, one thing after the other, as long as the connection lasts.</summary>
internal sealed class WorkQueue(StanzaConnection connection, ILogger log)
{
    private readonly Channel<Func<CancellationToken, Task>> waiting = Channel.CreateBounded<Func<CancellationToken, Task>>(
        new BoundedChannelOptions(Limits.PendingRetries) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Adds something; when too much waits already, it is dropped.</summary>
    public void Add(Func<CancellationToken, Task> work) => waiting.Writer.TryWrite(work);

    /// <summary>Works until it is told to end.</summary>
    public async Task RunAsync(CancellationToken token)
    {
        try
        {
            await foreach (var work in waiting.Reader.ReadAllAsync(token))
            {
                try
                {
                    await work(token);
                }
                catch (WhatsAppException failed) when (failed is not ConnectionEndedException)
                {
                    Log.NotSentAgain(log, failed);
                }
            }
        }
        catch (Exception over) when (over is ConnectionEndedException or OperationCanceledException)
        {
            // What is left comes up again on the next connection.
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            Log.HandlerFailed(log, failed);
            connection.End(new(EndCause.Internal));
        }
    }
}
