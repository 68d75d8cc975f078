using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.Sandbox.Phones;

// All kinds of messages, and what goes with them: receipts, typing, blocking.
public sealed partial class VirtualPhone
{
    private static readonly SendOptions NoOptions = new();

    // All that it remembers of messages, in one unit of work that never ends.
    private readonly DeviceUnit _memory = new(units: null);
    private readonly List<ReceiptReceived> _receipts = [];
    private readonly List<TypingChanged> _typing = [];
    private Contents? _contents;
    private DeviceCredentials? _self;

    /// <summary>What others have told of this phone's messages, oldest first.</summary>
    public IReadOnlyList<ReceiptReceived> Receipts
    {
        get
        {
            lock (_messages) return [.. _receipts];
        }
    }

    /// <summary>Who has written or stopped, oldest first.</summary>
    public IReadOnlyList<TypingChanged> Typings
    {
        get
        {
            lock (_messages) return [.. _typing];
        }
    }

    /// <summary>Sends a message to a person or group.</summary>
    /// <param name="to">Where.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="options">What goes with it.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="SandboxException">There is no such person or group.</exception>
    public async Task<string> SendMessageAsync(Jid to, Message content, SendOptions? options = null)
    {
        string id = "";
        await InTurnAsync(async () => id = await SendAsync(to, content, options ?? NoOptions).ConfigureAwait(false)).ConfigureAwait(false);
        return id;
    }

    /// <summary>Votes in a poll.</summary>
    /// <param name="pollId">A poll that this phone shows.</param>
    /// <param name="options">What to vote for; nothing to take the vote back.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="SandboxException">There is no such poll.</exception>
    public async Task<string> VoteAsync(string pollId, params IReadOnlyList<string> options)
    {
        var poll = Shown(pollId);
        string id = "";
        await InTurnAsync(async () =>
        {
            var vote = await Contents.VoteAsync(_memory, poll.Reference, options, Self, _end.Token).ConfigureAwait(false);
            id = await SendAsync(poll.Chat, vote, NoOptions).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return id;
    }

    /// <summary>Tells the senders of messages that these were read.</summary>
    /// <param name="ids">Messages that this phone shows.</param>
    public void MarkRead(params IEnumerable<string> ids)
    {
        foreach (var sender in ids.Select(Shown).Where(shown => !shown.Reference.FromMe).GroupBy(shown => (shown.Chat, shown.From)))
        {
            var items = sender.Skip(1).Select(shown => new Node("item", [("id", shown.Id)])).ToArray();
            Post(new Node("receipt", [("id", sender.First().Id), ("to", ChatOf(sender.Key.Chat)), ("participant", sender.Key.Chat.Server == JidServer.Group ? sender.Key.From : null), ("type", "read"), ("t", _network.Now)],
                items.Length > 0 ? new Node("list", items) : null));
        }
    }

    /// <summary>Shows in a chat that its owner writes.</summary>
    /// <param name="to">The chat.</param>
    /// <param name="typing">What the owner does.</param>
    public void Type(Jid to, Typing typing) =>
        Post(new Node("chatstate", [("to", ChatOf(to))], typing == Typing.Paused ? new Node("paused") : new Node("composing", [("media", typing == Typing.Recording ? "audio" : null)])));

    /// <summary>Opens WhatsApp, or closes it.</summary>
    /// <param name="isAvailable">Whether it is open.</param>
    public void SetPresence(bool isAvailable) => Post(new Node("presence", [("type", isAvailable ? "available" : "unavailable"), ("name", PushName)]));

    /// <summary>Blocks somebody, or no longer.</summary>
    /// <param name="user">Who.</param>
    /// <param name="isBlocked">Whether nothing shall come from there.</param>
    public void Block(Jid user, bool isBlocked)
    {
        lock (_network.Gate)
            _network.Ask(_device, new Node("iq", [("to", Jid.Service), ("type", "set"), ("xmlns", "blocklist"), ("id", _network.NewId())], new Node("item", [("action", isBlocked ? "block" : "unblock"), ("jid", user)])));
    }

    /// <summary>A message that this phone shows.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="SandboxException">There is none.</exception>
    public PhoneMessage Shown(string id) => Messages().FirstOrDefault(shown => shown.Id == id) ?? throw new SandboxException("NOT_FOUND", "There is no such message.");

    /// <summary>A message that this phone shows, to reply to.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="SandboxException">There is none.</exception>
    public Quote QuoteOf(string id) => new(Shown(id).Reference, Shown(id).Message);

    private Contents Contents => _contents ??= new(_network.Random, _network.Clock);

    private DeviceCredentials Self => _self ??= DeviceCredentials.Create(_network.Random, _network.Clock.GetUtcNow()) with { PhoneJid = Pn, Lid = Lid };

    private Task<string> SendAsync(Jid to, Message message, SendOptions options) => to.Server == JidServer.Group ? SendToGroupAsync(to, message, options) : SendToPersonAsync(to, message, options);

    private Jid ChatOf(Jid chat)
    {
        lock (_network.Gate) return chat.Server == JidServer.Group ? chat : _network.Accounts.Find(chat)?.Lid ?? throw new SandboxException("NOT_FOUND", "Nobody has this number.");
    }

    // What the phone shows of a message, and keeps of it for later ones.
    private async Task<MessageContent> TakeContentAsync(string id, Jid chat, Account author, DateTimeOffset at, Message message)
    {
        await _memory.LearnAsync(author.Pn, author.Lid, _end.Token).ConfigureAwait(false);
        var received = new MessageReceived(id, chat, author.Lid, author == _account, at, message);
        await Contents.RememberAsync(_memory, received, Self, _end.Token).ConfigureAwait(false);
        return await Contents.DescribeAsync(_memory, received, Self, _end.Token).ConfigureAwait(false);
    }

    private Task TakeReceipt(Node receipt)
    {
        lock (_messages) _receipts.AddRange(IncomingReceipt.Read(receipt, Self));
        return Task.CompletedTask;
    }

    private Task TakeChatState(Node state)
    {
        var from = state.RequireJid("from");
        var composing = state.Child("composing");
        lock (_messages) _typing.Add(new(from, state.GetJid("participant") ?? from, composing is null ? Typing.Paused : composing["media"] == "audio" ? Typing.Recording : Typing.Composing));
        return Task.CompletedTask;
    }
}
