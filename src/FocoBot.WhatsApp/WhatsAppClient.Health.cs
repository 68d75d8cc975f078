using System.Collections.Concurrent;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp;

/// <summary>How far a request to the phone came.</summary>
public enum PhoneCheck
{
    /// <summary>The server did not take it, or said nothing.</summary>
    Failed,

    /// <summary>The server took it, and the phone did not answer: it is away, as a rule.</summary>
    Acknowledged,

    /// <summary>The phone answered, and the answer could be read.</summary>
    Answered,
}

// Whether the connection brings anything.
public sealed partial class WhatsAppClient
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _checks = new(concurrencyLevel: 1, capacity: 1, StringComparer.Ordinal);

    /// <summary>
    /// How long the server has sent nothing at all; null when there is no connection. Somebody who is alive answers a ping every half minute at the latest: past that the
    /// connection is deaf, and soon given up.
    /// </summary>
    public TimeSpan? Silence => _current?.Silence;

    /// <summary>
    /// Gives the connection up as if it were lost; another one is opened after the usual pause. For one that looks open and brings nothing. Does nothing when there is none.
    /// </summary>
    public void Reconnect() => _current?.End(new(EndCause.Lost));

    /// <summary>
    /// Finds out whether sending, the server's acknowledgements, receiving and reading work: asks the phone for a message that does not exist, of which nobody sees anything.
    /// </summary>
    /// <param name="patience">How long to wait for the server, and then again for the phone.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>How far it came.</returns>
    /// <exception cref="RequestRefusedException">The phone has no keys with the server.</exception>
    /// <exception cref="RequestTimeoutException">The server did not say in time whether it has.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or it ended meanwhile.</exception>
    public async Task<PhoneCheck> CheckPhoneAsync(TimeSpan patience, CancellationToken token = default)
    {
        var connection = await OnlineAsync(token);
        var online = _peers ?? throw new ConnectionEndedException(await connection.Ended);
        var id = online.NewId();
        var acknowledged = _messagingMemory.Acks.Add(id);
        var answered = _checks[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await online.SendAsync(id, RequestOfNothing(), token);
            if (!await ComesAsync(acknowledged, connection, patience, token) || (await acknowledged)["error"] is not null)
                return PhoneCheck.Failed;
            return await ComesAsync(answered.Task, connection, patience, token) ? PhoneCheck.Answered : PhoneCheck.Acknowledged;
        }
        finally
        {
            _messagingMemory.Acks.Remove(id);
            _checks.TryRemove(id, out _);
        }
    }

    // False when it does not come in time.
    private async Task<bool> ComesAsync(Task awaited, StanzaConnection connection, TimeSpan patience, CancellationToken token)
    {
        try
        {
            await Task.WhenAny(awaited, connection.Ended).WaitAsync(patience, _options.Clock, token);
        }
        catch (TimeoutException)
        {
            return false;
        }

        return awaited.IsCompleted ? true : throw new ConnectionEndedException(await connection.Ended);
    }

    private ProtocolMessage RequestOfNothing()
    {
        var own = _state!.Credentials.PhoneJid!.Value.WithoutDevice();
        var nothing = MessageId.Create(_options.Clock.GetUtcNow().ToUnixTimeSeconds(), own.User, _options.Random.Take(16));
        var wanted = new PeerDataOperationRequestMessage { Type = PeerDataOperationRequestType.PlaceholderMessageResend };
        wanted.PlaceholderMessageResendRequest.Add(
            new PeerDataOperationRequestMessage.Types.PlaceholderMessageResendRequest { MessageKey = new() { RemoteJid = own.ToString(), FromMe = true, Id = nothing } });
        return new() { Type = ProtocolMessage.Types.Type.PeerDataOperationRequestMessage, PeerDataOperationRequestMessage = wanted };
    }

    private void TakeAnswer(DeviceUnit unit, PeerDataOperationRequestResponseMessage response)
    {
        if (!_checks.TryGetValue(response.StanzaId, out var asked))
            return;
        unit.Then(() =>
        {
            asked.TrySetResult();
            return Task.CompletedTask;
        });
    }
}
