using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.Login;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Asks the sender for a message that could not be decrypted. The keys let it start a new session when this one is past use.
/// <code>
/// &lt;receipt id to type="retry" recipient? category?&gt;
///   &lt;retry count id t v="1" error/&gt; &lt;registration&gt;u32&lt;/&gt;
///   &lt;keys&gt;&lt;type&gt;05&lt;/&gt;&lt;identity/&gt;&lt;key/&gt;&lt;skey/&gt;&lt;device-identity/&gt;&lt;/keys&gt;?
/// &lt;/receipt&gt;
/// </code>
/// </summary>
internal sealed class RetryRequests(
    StanzaConnection connection, DeviceState state, MessagingMemory memory, RandomNumberGenerator random, TimeProvider clock, ILogger log)
{
    private const int Most = 5;

    // Baileys remembers what it sent only some milliseconds after it has sent it; what comes sooner it does not answer.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly WorkQueue _queue = new("Retry request", connection, log);

    /// <summary>Asks for a message soon, and only then acknowledges it, so that the server keeps it until then.</summary>
    public void Add(IncomingMessage message, SignalError reason)
    {
        var failed = clock.GetTimestamp();
        _queue.Add(async token =>
        {
            await clock.WaitAsync(Pause - clock.GetElapsedTime(failed), token);
            await AskAsync(message, reason, token);
            await connection.SendAsync(Receipts.Ack(message), token);
        });
    }

    /// <summary>Begins to ask, until it is told to end.</summary>
    public void Start(CancellationToken token) => _queue.Start(token);

    public Task EndAsync() => _queue.EndAsync();

    private async Task AskAsync(IncomingMessage message, SignalError reason, CancellationToken token)
    {
        var count = memory.Recoveries.HasCome(message.Name) ? 0 : memory.Asked.Increment(message.Name);
        if (count is 0 or > Most)
            return;
        var device = state.Credentials;
        var registration = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(registration, device.RegistrationId);
        var retry = new Node(
            "retry",
            [
                ("count", count.ToString(CultureInfo.InvariantCulture)), ("id", message.Id), ("t", message.Stanza["t"]), ("v", "1"),
                ("error", Code(reason).ToString(CultureInfo.InvariantCulture)),
            ]);
        // A single damaged message is sent again within the session that there is.
        var withKeys = count > 1 || reason is not SignalError.BadMac;
        Node[] content = withKeys ? [retry, new("registration", registration), await KeysAsync(token)] : [retry, new("registration", registration)];
        var receipt = Receipts.Receipt(message, "retry", content);
        if (message.IsPeer)
            receipt = new(receipt.Tag, [.. receipt.Attributes, ("category", "peer")], content);
        await connection.SendAsync(receipt, token);
        Telemetry.RetryAsked();
    }

    private async Task<Node> KeysAsync(CancellationToken token)
    {
        var oneTime = (await PreKeyUpload.AddAsync(state, 1, random, token))[0];
        var device = state.Credentials;
        return new(
            "keys",
            [
                new("type", new byte[] { 5 }), new("identity", device.Identity.Public.ToArray()), oneTime, PreKeyUpload.SignedKey(device.SignedPreKey),
                new("device-identity", device.Account),
            ]);
    }

    // The numbers of the official client.
    private static int Code(SignalError reason) => reason switch
    {
        SignalError.NoSession => 1,
        SignalError.InvalidKey => 2,
        SignalError.UnknownPreKey or SignalError.UnknownSignedPreKey => 3,
        SignalError.Malformed => 4,
        SignalError.BadSignature => 5,
        SignalError.FutureMessage => 6,
        SignalError.BadMac => 7,
        _ => 0,
    };
}
