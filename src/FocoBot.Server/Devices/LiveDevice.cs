using FocoBot.Messages;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.Devices;

/// <summary>What a person has to look at to link a device: never stored in the log, never told to anybody but the owner.</summary>
/// <param name="Kind"><c>qr_code</c>, <c>pairing_code</c>, <c>passkey</c> (WebAuthn options) or <c>passkey_code</c>.</param>
/// <param name="Content">The code.</param>
/// <param name="ExpiresAt">Until when it is of use.</param>
internal sealed record Showing(string Kind, string Content, DateTimeOffset ExpiresAt)
{
    /// <summary>Not what is to be seen.</summary>
    public override string ToString() => nameof(Showing);
}

/// <summary>A device at work on this node: its connection and what is only true now. What lasts is in the table.</summary>
internal sealed class LiveDevice : IAsyncDisposable
{
    private readonly Func<LiveDevice, ClientEvent, Task> _happened;
    private readonly Task _reading;
    private volatile ConnectionEnd? _lastEnd;
    private readonly Lock _gate = new();
    private TaskCompletionSource _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Showing? _showing;

    public LiveDevice(KeptDevice kept, WhatsAppClient client, Func<LiveDevice, ClientEvent, Task> happened)
    {
        (Kept, Client, _happened) = (kept, client, happened);
        _reading = ReadAsync();
    }

    public KeptDevice Kept { get; }

    public Guid Id => Kept.Id;

    public Guid AccountId => Kept.AccountId;

    public WhatsAppClient Client { get; }

    /// <summary>The code of the moment; null when there is none to be shown.</summary>
    public Showing? Showing
    {
        get
        {
            lock (_gate) return _showing;
        }

        set
        {
            lock (_gate)
            {
                if (_shown.Task.IsCompleted) _shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _showing = value;
                if (value is not null) _shown.SetResult();
            }
        }
    }

    /// <summary>Waits until there is a code to be shown, or for as long as the caller likes.</summary>
    public async Task ShownAsync(CancellationToken patience)
    {
        Task shown;
        lock (_gate) shown = _shown.Task;
        await shown.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>How the last connection ended; null while there is one.</summary>
    public ConnectionEnd? LastEnd => _lastEnd;

    public DateTimeOffset? LastMessageReceived { get; set; }

    /// <summary>When the table was last told that the phone is there.</summary>
    public DateTimeOffset PhoneSeen { get; set; }

    /// <summary>When it was last connected; null before the first time.</summary>
    public DateTimeOffset? ConnectedAt { get; private set; }

    /// <summary>When WhatsApp last answered to a message of ours; or, until the first time, since when it could have.</summary>
    public DateTimeOffset LastProgress { get; private set; }

    /// <summary>When something that came could last not be stored.</summary>
    public DateTimeOffset? StoreFailedAt { get; private set; }

    /// <summary>When its connection was last replaced because nothing came of it.</summary>
    public DateTimeOffset? ReplacedAt { get; private set; }

    /// <summary>Gives up a connection that brings nothing, for another one.</summary>
    public void Replace(DateTimeOffset now)
    {
        ReplacedAt = now;
        Client.Reconnect();
    }

    /// <summary>Notes what an event says of how the device does.</summary>
    public void Note(ClientEvent happened, DateTimeOffset now)
    {
        switch (happened)
        {
            case Connected:
                // On a connection that was replaced since nothing left, only what leaves is progress.
                if (ReplacedAt is null || LastProgress > ReplacedAt) LastProgress = now;
                ConnectedAt = now;
                break;
            case MessageAcknowledged { Error: >= 0 }:
                LastProgress = now;
                break;
            case Disconnected { End.Cause: EndCause.Internal }:
                StoreFailedAt = now;
                break;
        }
    }

    /// <summary>The connection in the words of the API.</summary>
    public string ConnectionState => (Client.State, _lastEnd?.Cause) switch
    {
        (WhatsApp.ConnectionState.Online, _) => "connected",
        (WhatsApp.ConnectionState.Waiting, _) => "reconnecting",
        (WhatsApp.ConnectionState.Disconnected, EndCause.Replaced) => "replaced",
        (WhatsApp.ConnectionState.Disconnected, EndCause.LoggedOut) => "logged_out",
        (WhatsApp.ConnectionState.Disconnected, _) => "disconnected",
        _ => "connecting",
    };

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        await foreach (var happened in Client.Events.ConfigureAwait(false))
        {
            _lastEnd = happened switch
            {
                Disconnected ended => ended.End,
                Connected => null,
                _ => _lastEnd,
            };
            await _happened(this, happened).ConfigureAwait(false);
        }
    }
}
