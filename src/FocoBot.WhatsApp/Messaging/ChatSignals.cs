using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>What is told of chats and people beside messages: receipts, presence, typing, and changes of profiles and settings.</summary>
internal sealed class ChatSignals(DeviceState state)
{
    /// <summary>Tells of a receipt.</summary>
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public Task HandleReceiptAsync(Node receipt) => TellAsync(IncomingReceipt.Read(receipt, state.Credentials));

    /// <summary>
    /// Tells of somebody's presence or typing.
    /// <code>
    /// &lt;presence from type="unavailable"? last="seconds|deny|none|error"?/&gt;
    /// &lt;chatstate from participant?&gt;&lt;composing media="audio"?/&gt; | &lt;paused/&gt;&lt;/chatstate&gt;
    /// </code>
    /// </summary>
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public async Task HandlePresenceAsync(Node stanza)
    {
        var from = stanza.RequireJid("from").WithoutDevice();
        if (stanza.Tag == "presence")
        {
            // Groups have one as well: how many are there.
            if (from.Domain is not null)
                await TellAsync([new PresenceChanged(from, stanza["type"] != "unavailable", stanza.GetTime("last"))]);
            return;
        }

        var typing = stanza.Child("composing") is { } composing ? composing["media"] == "audio" ? Typing.Recording : Typing.Composing
            : stanza.Child("paused") is not null ? Typing.Paused : null as Typing?;
        if (typing is { } known)
            await TellAsync([new TypingChanged(from, (stanza.GetJid("participant") ?? from).WithoutDevice(), known)]);
    }

    /// <summary>
    /// Tells of a change, if the notification is of this kind.
    /// <code>
    /// &lt;notification type="picture" from&gt;&lt;set|delete jid? id? author?/&gt;            &lt;notification type="status" from&gt;&lt;set&gt;text&lt;/set&gt;
    /// &lt;notification type="account_sync" from&gt;&lt;blocklist&gt;&lt;item jid action/&gt;…&lt;/blocklist&gt; | &lt;privacy&gt;…&lt;/privacy&gt;
    /// </code>
    /// </summary>
    /// <exception cref="ProtocolException">It lacks something.</exception>
    public async Task HandleNotificationAsync(Node notification)
    {
        if (notification["type"] is not ("picture" or "status" or "account_sync"))
            return;
        var from = notification.RequireJid("from").WithoutDevice();
        var all = new List<ClientEvent>();
        foreach (var child in notification.Children)
        {
            ClientEvent? told = (notification["type"], child.Tag) switch
            {
                ("picture", "set") => new PictureChanged(child.GetJid("jid") ?? from, child["id"], child.GetJid("author")),
                ("picture", "delete") => new PictureChanged(child.GetJid("jid") ?? from, Id: null, child.GetJid("author")),
                ("status", "set") => new AboutChanged(from, child.Content.Text),
                ("account_sync", "picture") => new PictureChanged(from, child["id"], By: null),
                ("account_sync", "status") => new AboutChanged(from, Text: null),
                ("account_sync", "privacy") => new PrivacyChanged(PrivacySettings.Read(child)),
                ("account_sync", "blocklist") => new BlocklistChanged(Items(child, "block"), Items(child, "unblock")),
                _ => null,
            };
            if (told is not null)
                all.Add(told);
        }

        await TellAsync(all);
    }

    // In its turn among all that is told; what is acknowledged afterwards is so after it.
    private Task TellAsync(IReadOnlyList<ClientEvent> events) => events.Count == 0 ? Task.CompletedTask : state.Units.BeginAsync(
        unit =>
        {
            foreach (var told in events)
                unit.Tell(told);
        },
        CancellationToken.None);

    private static Jid[] Items(Node list, string action) =>
        [.. list.ChildrenOf("item").Where(item => item["action"] == action).Take(Limits.NotifiedChanges).Select(item => item.GetJid("jid")).OfType<Jid>()];
}
