using System.Text.Json;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>How a Baileys client is set up.</summary>
internal sealed record BaileysSettings
{
    /// <summary>Where it keeps its keys; a folder of its own, gone afterwards, when null.</summary>
    public string? AuthDir { get; init; }

    /// <summary>Asks for a pairing code for this number as soon as a QR code could be shown.</summary>
    public string? PhoneForCode { get; init; }

    /// <summary>What to set beside the defaults in <c>makeWASocket</c>, in Baileys' names.</summary>
    public object? Config { get; init; }

    /// <summary>A PEM file of a certificate authority to trust, for media over HTTPS.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Which Baileys: a folder in <c>tests/interop</c> that one is installed in.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>Where the media host is, for what is sent without one: history and snapshots. Baileys takes WhatsApp's own.</summary>
    public Uri? MediaHost { get; init; }

    /// <summary>What Baileys logs to <see cref="BaileysPeer.Errors"/>: trace, debug, info, warn, error or silent. At trace, every stanza.</summary>
    public string LogLevel { get; init; } = "warn";
}

/// <summary>Unmodified Baileys in a process of its own, as a client of a server of ours.</summary>
internal sealed class BaileysPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PeerProcess _process;
    private readonly BaileysSettings _settings;
    private readonly DirectoryInfo? _ownFolder;

    private BaileysPeer(PeerProcess process, BaileysSettings settings, DirectoryInfo? ownFolder)
        => (_process, _settings, _ownFolder) = (process, settings, ownFolder);

    /// <summary>Where its keys are (<c>useMultiFileAuthState</c>).</summary>
    public string AuthDir => _settings.AuthDir ?? _ownFolder!.FullName;

    /// <inheritdoc cref="PeerProcess.EventsLeft"/>
    public IReadOnlyList<PeerEvent> EventsLeft => _process.EventsLeft;

    /// <inheritdoc cref="PeerProcess.Errors"/>
    public string Errors => _process.Errors;

    /// <summary>Starts a client and lets it connect. What comes of it are events.</summary>
    /// <param name="url">The server's WebSocket.</param>
    /// <param name="settings">How.</param>
    public static async Task<BaileysPeer> StartAsync(Uri url, BaileysSettings? settings = null)
    {
        settings ??= new BaileysSettings();
        if (!Directory.Exists(Repository.Find("tests", "interop", settings.Folder, "node_modules", "baileys")))
            throw new DirectoryNotFoundException($"The interop tests need Baileys. Run \"npm ci --ignore-scripts\" in tests/interop/{settings.Folder} (test.sh does).");

        var environment = new Dictionary<string, string> { ["BAILEYS_LOG"] = settings.LogLevel, ["BAILEYS_FOLDER"] = settings.Folder };
        if (settings.CertificateAuthority is { } authority) environment["NODE_EXTRA_CA_CERTS"] = authority;
        if (settings.MediaHost is { } host) environment["MEDIA_HOST"] = host.ToString();
        var process = PeerProcess.Start("peer.mjs", environment);
        var peer = new BaileysPeer(process, settings, settings.AuthDir is null ? Directory.CreateTempSubdirectory("focobot-baileys-") : null);
        try
        {
            await peer.ConnectAsync(url);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects again after <see cref="Closed"/>, with the keys it has.</summary>
    public Task ConnectAsync(Uri url) => _process.AskAsync("start", new { url, AuthDir, _settings.PhoneForCode, _settings.Config }, Patience);

    /// <summary>Takes the first event of a type that fits, come or to come; events that nobody took stay for other waits.</summary>
    /// <exception cref="TimeoutException">It did not come in time; the message lists what did, and stderr.</exception>
    /// <exception cref="InvalidOperationException">The process ended; the message says how.</exception>
    public Task<T> WaitForAsync<T>(Func<T, bool>? fits = null, TimeSpan? patience = null) where T : PeerEvent
        => _process.WaitForAsync(fits, patience ?? Patience);

    /// <summary>Asks for a pairing code.</summary>
    public async Task<string> RequestCodeAsync(string phone, string? custom = null)
        => (await CallAsync("requestPairingCode", custom is null ? [phone] : [phone, custom])).GetString()!;

    /// <summary>Sends a text.</summary>
    /// <returns>Which message it became.</returns>
    public Task<MessageKey> SendTextAsync(string to, string text) => SendAsync(to, new { text });

    /// <summary>Sends a message.</summary>
    /// <param name="to">The chat's JID.</param>
    /// <param name="content">Baileys' AnyMessageContent; bytes as <c>new { base64 = bytes }</c>.</param>
    /// <param name="options">Baileys' MiscMessageGenerationOptions, such as <c>new { quoted }</c>.</param>
    public async Task<MessageKey> SendAsync(string to, object content, object? options = null)
        => (await CallAsync("sendMessage", options is null ? [to, content] : [to, content, options])).GetProperty("key").Deserialize<MessageKey>(JsonSerializerOptions.Web)!;

    /// <summary>Downloads the file of a message that it has seen.</summary>
    /// <returns>The file's length and its SHA-256 in hex.</returns>
    /// <exception cref="InvalidOperationException">It could not.</exception>
    public async Task<(long Length, string Sha256)> DownloadAsync(string id)
    {
        var file = await _process.AskAsync("download", new { message = id }, Patience);
        return (file.GetProperty("length").GetInt64(), file.GetProperty("sha256").GetString()!);
    }

    /// <summary>Has its phone upload the file of a message again.</summary>
    public Task ReuploadAsync(string id) => _process.AskAsync("reupload", new { message = id }, Patience);

    /// <summary>Reacts to a message; with an empty text, takes it back.</summary>
    public Task<MessageKey> ReactAsync(MessageKey key, string text) => SendAsync(key.RemoteJid, new { react = new { text, key } });

    /// <summary>Votes in a poll that it has sent or received.</summary>
    /// <returns>The vote's id.</returns>
    public async Task<string> VoteAsync(string to, MessageKey poll, Jid author, Jid voter, params string[] options)
        => (await _process.AskAsync("vote", new { to, poll, author = author.ToString(), voter = voter.ToString(), options }, Patience)).GetString()!;

    /// <summary>Reads a vote that it has received.</summary>
    public async Task<string[]> ReadVoteAsync(string poll, string vote, Jid author, Jid voter)
        => (await _process.AskAsync("readVote", new { poll, vote, author = author.ToString(), voter = voter.ToString() }, Patience)).Deserialize<string[]>()!;

    /// <summary>Marks messages as read.</summary>
    public Task ReadAsync(params MessageKey[] keys) => CallAsync("readMessages", [keys]);

    /// <summary>Tells a presence: available, unavailable; in a chat composing, recording, paused.</summary>
    public Task PresenceAsync(string presence, string? chat = null) => CallAsync("sendPresenceUpdate", chat is null ? [presence] : [presence, chat]);

    /// <summary>Does something with groups.</summary>
    /// <param name="action">What follows "group" in the name of Baileys' method, such as <c>Create</c>, <c>Metadata</c> or <c>ParticipantsUpdate</c>.</param>
    /// <param name="arguments">The method's arguments.</param>
    public Task<JsonElement> GroupAsync(string action, params object[] arguments) => CallAsync("group" + action, arguments);

    /// <summary>Unlinks the device.</summary>
    public Task LogoutAsync() => CallAsync("logout", []);

    /// <summary>Calls any method of Baileys' socket, such as <c>onWhatsApp</c>.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it returned; JSON null for nothing.</returns>
    /// <exception cref="InvalidOperationException">It threw.</exception>
    public Task<JsonElement> CallAsync(string method, object[] arguments) => _process.AskAsync("call", new { method, args = arguments }, Patience);

    /// <summary>Lets it disconnect, save its keys and end.</summary>
    public async Task StopAsync()
    {
        await _process.AskAsync("stop", new { }, Patience);
        await _process.EndAsync(Patience);
    }

    /// <summary>Ends it without a warning. Its keys stay.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _ownFolder?.Delete(recursive: true);
    }
}
