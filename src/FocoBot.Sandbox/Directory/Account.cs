using FocoBot.WhatsApp;

namespace FocoBot.Sandbox.Directory;

/// <summary>A WhatsApp account: a phone number, the hidden identity that goes with it, and its devices. Device 0 is the phone.</summary>
internal sealed class Account(string number, string lid, string pushName)
{
    /// <summary>The phone number's digits.</summary>
    public string Number { get; } = number;

    public string PushName { get; set; } = pushName;

    public string About { get; set; } = "";

    /// <summary>The address by number.</summary>
    public Jid Pn { get; } = new(number, JidServer.User);

    /// <summary>The hidden address.</summary>
    public Jid Lid { get; } = new(lid, JidServer.Lid);

    /// <summary>By device number.</summary>
    public SortedDictionary<int, Device> Devices { get; } = [];

    /// <summary>Devices that want to know whether somebody of this account is there.</summary>
    public HashSet<Device> Watchers { get; } = [];

    public HashSet<Account> Blocked { get; } = [];

    /// <summary>The id of its picture; null without one. The picture itself is not kept.</summary>
    public string? Picture { get; set; }

    public bool IsBusiness { get; set; }

    /// <summary>What it has given to those who may write to it.</summary>
    public Dictionary<Account, GivenToken> Tokens { get; } = [];

    /// <summary>Whether only those may write to it, and see its picture and presence.</summary>
    public bool RequiresTokens { get; set; }

    /// <summary>What its companions show the server instead; empty for nothing.</summary>
    public byte[] ChatTokenSalt { get; set; } = [];

    /// <summary>With what the next messages of its companions are refused.</summary>
    public Queue<int> Refusals { get; } = [];

    /// <summary>Who it has exchanged messages with: they hear when its profile changes.</summary>
    public HashSet<Account> Known { get; } = [];

    /// <summary>Whether others see something of it. There are no address books here, so that contacts are everybody.</summary>
    public bool Shows(string category) => Privacy.GetValueOrDefault(category) != "none";

    public Dictionary<string, string> Privacy { get; } = new()
    {
        ["last"] = "all", ["profile"] = "all", ["status"] = "all", ["groupadd"] = "all", ["online"] = "all", ["readreceipts"] = "all", ["calladd"] = "all", ["messages"] = "all",
    };

    private readonly Dictionary<string, AppStateLog> _appState = new(StringComparer.Ordinal);

    /// <summary>A collection of the settings that its devices share.</summary>
    public AppStateLog AppState(string collection) => _appState.TryGetValue(collection, out var log) ? log : _appState[collection] = new AppStateLog();

    /// <summary>Counts up with each companion; never used twice.</summary>
    public uint LastKeyIndex { get; set; }

    /// <summary>This account, addressed by number or hidden as the other side does.</summary>
    public Jid In(string server) => server == JidServer.Lid ? Lid : Pn;
}

/// <summary>A privacy token.</summary>
/// <param name="Bytes">The token.</param>
/// <param name="Time">When it was given, in unix seconds.</param>
internal sealed record GivenToken(byte[] Bytes, long Time);
