using System.Threading.Channels;
using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.Sandbox.Phones;

/// <summary>
/// Somebody's phone: the primary device of an account, with real keys. It links companions, reads and writes end-to-end encrypted
/// messages, and can be away. What it has to do it does one thing after another.
/// </summary>
public sealed partial class VirtualPhone : IDisposable
{
    private readonly SandboxNetwork _network;
    private readonly Account _account;
    private readonly Device _device;
    private readonly PhoneKeys _keys;
    private readonly Channel<Node> _incoming = Channel.CreateUnbounded<Node>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly List<PhoneMessage> _messages = [];

    internal VirtualPhone(SandboxNetwork network, Account account, bool hasPasskey)
    {
        Passkey = hasPasskey ? new VirtualPasskey() : null;
        _network = network;
        _account = account;
        _keys = new PhoneKeys(network.Random);
        _device = new Device(account, 0) { Keys = _keys.Public() };
        account.Devices.Add(0, _device);
        GoOnline();
        Reading = ReadAsync();
    }

    /// <summary>The phone number's digits.</summary>
    public string Number => _account.Number;

    /// <summary>The address by number.</summary>
    public Jid Pn => _account.Pn;

    /// <summary>The hidden address.</summary>
    public Jid Lid => _account.Lid;

    /// <summary>What its owner is called.</summary>
    public string PushName => _account.PushName;

    /// <summary>The companions that are linked, in the order of their numbers.</summary>
    public IReadOnlyList<Jid> Companions
    {
        get
        {
            lock (_network.Gate) return [.. _account.Devices.Values.Where(device => device.Id > 0).Select(device => device.Pn)];
        }
    }

    /// <summary>What was read and written, oldest first, from the <paramref name="after"/>-th on.</summary>
    public IReadOnlyList<PhoneMessage> Messages(int after = 0)
    {
        lock (_messages) return _messages[Math.Min(after, _messages.Count)..];
    }

    // Of all devices of the account. Under the network's lock.
    internal int Waiting => _account.Devices.Values.Sum(device => device.Queue.Count(waiting => !waiting.IsAskedAgain));

    // Ends with the phone.
    internal Task Reading { get; }

    /// <summary>Ends the phone.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        Passkey?.Dispose();
    }

    /// <summary>Takes the phone off the network: what comes for it waits.</summary>
    public void GoOffline()
    {
        lock (_network.Gate) _device.Receive = null;
    }

    /// <summary>Brings the phone back: it gets what has waited.</summary>
    public void GoOnline()
    {
        lock (_network.Gate)
        {
            _device.Receive = stanza => _incoming.Writer.TryWrite(stanza);
            foreach (var waiting in _device.Queue) _incoming.Writer.TryWrite(waiting.Stanza);
            _device.Queue.Clear();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var stanza in _incoming.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
                await InTurnAsync(() => HandleAsync(stanza)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The phone was ended.
        }
    }

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync(_end.Token).ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task HandleAsync(Node stanza) => stanza.Tag switch
    {
        "message" => ReceiveAsync(stanza),
        "receipt" when stanza["type"] == "retry" => SendAgainAsync(stanza),
        "receipt" when stanza["type"] == "server-error" => UploadAgainAsync(stanza),
        "receipt" => TakeReceipt(stanza),
        "chatstate" => TakeChatState(stanza),
        "notification" when stanza["type"] == "server_sync" => SynchroniseAsync(stanza),
        CompanionIsOnline => WelcomeAsync(stanza.RequireJid("jid")),
        _ => Task.CompletedTask,
    };
}

/// <summary>A message as a phone shows it.</summary>
/// <param name="Id">The stanza's id.</param>
/// <param name="From">Who wrote it.</param>
/// <param name="Chat">The person or group it belongs to.</param>
/// <param name="Text">What it says; null for what is no text.</param>
/// <param name="Kind">What it is: text, reaction, protocol, …</param>
/// <param name="At">When the server took it.</param>
/// <param name="Media">The file in it, if there is one.</param>
public sealed record PhoneMessage(string Id, Jid From, Jid Chat, string? Text, string Kind, DateTimeOffset At, PhoneMedia? Media = null)
{
    /// <summary>What it is about.</summary>
    public required MessageContent Content { get; init; }

    /// <summary>All that is in it.</summary>
    public required Message Message { get; init; }

    /// <summary>Names it, from this phone's side.</summary>
    public required MessageReference Reference { get; init; }

    /// <summary>Whether the reporting token that came with it fits what is in it; null without one.</summary>
    public bool? IsReportingTokenRight { get; init; }
}
