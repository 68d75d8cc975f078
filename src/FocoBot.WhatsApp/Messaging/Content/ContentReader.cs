using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>
/// Reads what a message is about. Nothing in it is believed that its sender can't know or may not do: what breaks the rules is unknown
/// content, and never an exception.
/// </summary>
/// <param name="received">The message.</param>
/// <param name="ownPhone">The account by phone number.</param>
/// <param name="ownLid">The account by hidden identity.</param>
internal sealed class ContentReader(MessageReceived received, Jid? ownPhone, Jid? ownLid)
{
    /// <summary>Reads the message.</summary>
    public MessageContent Read() => Read(received.Content, isInner: false);

    // Edits and quotes hold messages again, whose own edits and quotes are not followed.
    private MessageContent Read(Message message, bool isInner)
    {
        var content = message;
        var isViewOnce = false;
        for (var depth = 0; Wrapper(content) is { } wrapper; depth++)
        {
            if (depth == Limits.MessageWrappers || wrapper.Message is null)
                return new UnknownContent(message);
            isViewOnce |= (content.ViewOnceMessage ?? content.ViewOnceMessageV2 ?? content.ViewOnceMessageV2Extension) is not null;
            content = wrapper.Message;
        }

        isViewOnce |= content.ImageMessage?.ViewOnce is true || content.VideoMessage?.ViewOnce is true || content.AudioMessage?.ViewOnce is true;
        return Describe(content, isInner) is { } described
            ? described with { Context = ContextOf(content, isViewOnce, isInner) }
            : new UnknownContent(message);
    }

    private static FutureProofMessage? Wrapper(Message message) => MessageClass.Wrapper(message) ?? message.EditedMessage;

    private MessageContent? Describe(Message m, bool isInner) => m switch
    {
        { HasConversation: true } => new TextContent(m.Conversation),
        { ExtendedTextMessage: { } text } => new TextContent(text.Text, PreviewOf(text)),
        { ReactionMessage: { } reaction } => ReadReaction(reaction),
        { ProtocolMessage: { } protocol } => ReadProtocol(protocol, isInner),
        { PollUpdateMessage: { Vote: { } vote } update } => ReadSealed(update.PollCreationMessageKey, SecretUse.PollVote, vote.EncIv.Memory, vote.EncPayload.Memory),
        { EncReactionMessage: { } box } => ReadSealed(box.TargetMessageKey, SecretUse.EncReaction, box.EncIv.Memory, box.EncPayload.Memory),
        { EncCommentMessage: { } box } => ReadSealed(box.TargetMessageKey, use: null, default, default),
        { EncEventResponseMessage: { } box } => ReadSealed(box.EventCreationMessageKey, use: null, default, default),
        { SecretEncryptedMessage: { } box } => ReadSealed(
            box.TargetMessageKey,
            box.SecretEncType is SecretEncryptedMessage.Types.SecretEncType.MessageEdit ? SecretUse.MessageEdit : null,
            box.EncIv.Memory,
            box.EncPayload.Memory),
        { LocationMessage: { } at } when IsOnEarth(at.DegreesLatitude, at.DegreesLongitude) =>
            new LocationContent(at.DegreesLatitude, at.DegreesLongitude, OrNull(at.Name), OrNull(at.Address), OrNull(at.Url)),
        { LiveLocationMessage: { } at } when IsOnEarth(at.DegreesLatitude, at.DegreesLongitude) => new LiveLocationContent(
            at.DegreesLatitude, at.DegreesLongitude, (int)Math.Min(at.AccuracyInMeters, int.MaxValue), OrNull(at.Caption), at.SequenceNumber),
        { ContactMessage: { } contact } => new ContactsContent([CardOf(contact)]),
        { ContactsArrayMessage: { } array } => new ContactsContent([.. array.Contacts.Select(CardOf)]),
        { AlbumMessage: { } album } => new AlbumContent(ToInt(album.ExpectedImageCount), ToInt(album.ExpectedVideoCount)),
        { GroupInviteMessage: { } invite } when Jid.TryParse(invite.GroupJid, out var group) =>
            new GroupInviteContent(group, invite.InviteCode, OrNull(invite.GroupName), ToTime(invite.InviteExpiration), OrNull(invite.Caption)),
        { EventMessage: { } plan } =>
            new EventContent(plan.Name, OrNull(plan.Description), ToTime(plan.StartTime), ToTime(plan.EndTime), plan.IsCanceled),
        { PinInChatMessage: { } pin } when Resolve(pin.Key) is { } target => new PinContent(target, pin.Type is PinInChatMessage.Types.Type.PinForAll),
        { KeepInChatMessage: { } keep } when Resolve(keep.Key) is { } target => new KeepContent(target, keep.KeepType == 1),
        _ when (m.PollCreationMessage ?? m.PollCreationMessageV2 ?? m.PollCreationMessageV3) is { } poll => ReadPoll(poll),
        _ when MediaContents.Read(m) is { } media => media,
        { SenderKeyDistributionMessage: not null } => new ProtocolContent(Protocol: null),
        _ => null,
    };

    private ReactionContent? ReadReaction(ReactionMessage reaction) => Resolve(reaction.Key) is { } target ? new(target, OrNull(reaction.Text)) : null;

    private MessageContent? ReadProtocol(ProtocolMessage protocol, bool isInner)
    {
        switch (protocol.HasType ? protocol.Type : null as ProtocolMessage.Types.Type?)
        {
            case ProtocolMessage.Types.Type.MessageEdit:
                // One's own messages alone can be edited, and not into another edit.
                return !isInner && protocol is { Key.FromMe: true, EditedMessage: { } edited } && Resolve(protocol.Key) is { } changed
                    ? new EditContent(changed, Read(edited, isInner: true))
                    : null;
            case ProtocolMessage.Types.Type.Revoke:
                // In a group its admins delete others' messages; between two, nobody does.
                return Resolve(protocol.Key) is { } revoked && (protocol.Key.FromMe || received.Chat.IsShared()) ? new RevokeContent(revoked) : null;
            case ProtocolMessage.Types.Type.EphemeralSetting:
                return new TimerContent(ToTimer(protocol.EphemeralExpiration));
            case null:
                return null;
            default:
                return new ProtocolContent(protocol);
        }
    }

    private static PollContent? ReadPoll(PollCreationMessage poll)
    {
        var options = poll.Options.Select(option => option.OptionName).ToArray();
        return options.Length is > 0 and <= Limits.PollOptions && options.Sum(option => (long)option.Length) <= Limits.PollText
            ? new(poll.Name, options, ToInt(poll.SelectableOptionsCount))
            : null;
    }

    private SealedContent? ReadSealed(MessageKey? key, SecretUse? use, ReadOnlyMemory<byte> iv, ReadOnlyMemory<byte> box) =>
        Resolve(key) is { } target && (use is not SecretUse.MessageEdit || key!.FromMe) ? new(target) { Use = use, Iv = iv, Box = box } : null;

    /// <summary>What an opened edit says.</summary>
    public MessageContent ReadEdit(MessageReference target, Message opened)
    {
        var edited = MessageClass.Unwrap(opened);
        return new EditContent(target, Read(edited.ProtocolMessage?.EditedMessage ?? edited, isInner: true));
    }

    // Whoever names a message does so from his own side: "from me" is from the sender.
    private MessageReference? Resolve(MessageKey? key)
    {
        if (key is not { Id.Length: > 0 and <= Limits.MessageIdChars })
            return null;
        var sender = received.Sender.WithoutDevice();
        if (key.FromMe)
            return new(received.Chat, key.Id, sender, received.FromMe);
        if (received.Chat.IsShared())
            return Jid.TryParse(key.Participant, out var named) ? new(received.Chat, key.Id, named.WithoutDevice(), IsOwn(named)) : null;
        return received.FromMe ? new(received.Chat, key.Id, received.Chat, false) : new(received.Chat, key.Id, ownLid ?? ownPhone, true);
    }

    private bool IsOwn(Jid user) => user.WithoutDevice() is var bare && (bare == ownPhone?.WithoutDevice() || bare == ownLid?.WithoutDevice());

    private MessageContext ContextOf(Message content, bool isViewOnce, bool isInner)
    {
        if (ContextInfos.Find(content) is not { } info)
            return isViewOnce ? MessageContext.None with { IsViewOnce = true } : MessageContext.None;
        return new()
        {
            Quoted = isInner ? null : QuotedIn(info),
            Mentions = MentionsIn(info),
            ForwardingScore = ToInt(info.ForwardingScore),
            IsForwarded = info.IsForwarded,
            Timer = ToTimer(info.Expiration),
            IsViewOnce = isViewOnce,
        };
    }

    private QuotedMessage? QuotedIn(ContextInfo info)
    {
        if (info.StanzaId is not { Length: > 0 and <= Limits.MessageIdChars } id)
            return null;
        var author = Jid.TryParse(info.Participant, out var named) ? named.WithoutDevice() : (Jid?)null;
        var chat = Jid.TryParse(info.RemoteJid, out var other) ? other.WithoutDevice() : received.Chat;
        return new(new(chat, id, author, author is { } writer && IsOwn(writer)), info.QuotedMessage is { } quoted ? Read(quoted, isInner: true) : null);
    }

    private static List<Jid> MentionsIn(ContextInfo info)
    {
        var mentions = new List<Jid>();
        foreach (var text in info.MentionedJid.Take(Limits.Mentions))
        {
            if (Jid.TryParse(text, out var jid))
                mentions.Add(jid.WithoutDevice());
        }

        return mentions;
    }

    private static LinkPreview? PreviewOf(ExtendedTextMessage text) =>
        text.MatchedText.Length > 0 ? new(text.MatchedText, text.Title, OrNull(text.Description), text.JpegThumbnail.Memory) : null;

    private static ContactCard CardOf(ContactMessage contact) => new(contact.DisplayName, contact.Vcard);

    private static bool IsOnEarth(double latitude, double longitude) => Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180;

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static int ToInt(uint number) => (int)Math.Min(number, int.MaxValue);

    private static TimeSpan? ToTimer(uint seconds) => seconds == 0 ? null : TimeSpan.FromSeconds(seconds);

    private static DateTimeOffset? ToTime(long seconds) =>
        seconds > 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
