using System.Security.Cryptography;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>From messages to what they are about and back, with what has to be kept of one message for another.</summary>
internal sealed class Contents(RandomNumberGenerator random, TimeProvider clock)
{
    private const int SecretSize = 32, IvSize = 12;

    /// <summary>Keeps what later messages need of one that came. To be called for each, in order.</summary>
    public static async ValueTask RememberAsync(DeviceUnit unit, MessageReceived message, DeviceCredentials self, CancellationToken token)
    {
        var content = message.Described ?? Read(message, self);
        await KeepAsync(unit, message, content, self, token);
        // In groups the timer is a setting of the group.
        if (!message.Chat.IsShared() && content is not TimerContent && content.Context.Timer is { } used
            && (await FindTimerAsync(unit, message.Chat, self, token))?.Duration != used)
        {
            await unit.KeepTimerAsync(await CanonicalAsync(unit, message.Chat, self, token), new(used, SetAt: null), token);
        }
    }

    /// <summary>Keeps what later messages need of one that is sent.</summary>
    public ValueTask RememberAsync(DeviceUnit unit, string id, SentContent sent, DeviceCredentials self, CancellationToken token)
    {
        var message = new MessageReceived(id, sent.Chat, Own(self), true, clock.GetUtcNow(), sent.Message);
        return KeepAsync(unit, message, Read(message, self), self, token);
    }

    /// <summary>What a message is about, without what is sealed in it.</summary>
    public static MessageContent Read(MessageReceived message, DeviceCredentials self) => Reader(message, self).Read();

    /// <summary>What a message is about.</summary>
    public static async ValueTask<MessageContent> DescribeAsync(DeviceUnit unit, MessageReceived message, DeviceCredentials self, CancellationToken token)
    {
        var reader = Reader(message, self);
        var content = reader.Read();
        if (content is not SealedContent { Use: not null } box || await OpenAsync(unit, message, box, self, token) is not var (opened, original))
            return content;
        try
        {
            MessageContent? described = box.Use switch
            {
                SecretUse.PollVote => new PollVoteContent(box.Target, VotesIn(ProtoReader.Parse<PollVoteMessage>(opened), original)),
                SecretUse.EncReaction => ProtoReader.Parse<ReactionMessage>(opened) is { Text: var emoji } ? new ReactionContent(box.Target, emoji.Length > 0 ? emoji : null) : null,
                SecretUse.MessageEdit => reader.ReadEdit(box.Target, ProtoReader.Parse<Message>(opened)),
                _ => null,
            };
            return described ?? content;
        }
        catch (ProtocolException)
        {
            // Sealed by somebody who may add to the message, and nonsense all the same.
            return content;
        }
    }

    /// <summary>A message as it is sent: with what is asked for, the chat's timer, and a secret for what others add to it.</summary>
    /// <param name="unit">The unit of work, in which nothing is changed.</param>
    /// <param name="chat">Where it goes.</param>
    /// <param name="message">What the caller gave.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="groupTimer">The timer of a group.</param>
    /// <param name="self">This device.</param>
    /// <param name="token">Gives up.</param>
    public async ValueTask<Message> PrepareAsync(
        DeviceUnit unit, Jid chat, Message message, SendOptions options, TimeSpan? groupTimer, DeviceCredentials self, CancellationToken token)
    {
        // The caller's own stays as it is.
        message = message.Clone();
        var timer = (options.Timer ?? groupTimer) is { } wish ? wish > TimeSpan.Zero ? new ChatTimer(wish, null) : null
            : await FindTimerAsync(unit, chat, self, token);
        if ((timer is not null || options.ReplyTo is not null || options.Mentions.Count > 0) && ContextInfos.Require(message) is { } context)
        {
            if (timer is not null)
                SetTimer(context, timer);
            if (options.ReplyTo is { } quote)
                SetQuote(context, quote, chat, self);
            context.MentionedJid.Add(options.Mentions.Select(mentioned => mentioned.WithoutDevice().ToString()));
        }

        if (options.ViewOnce)
            message = NewMessage.ViewOnce(message);
        if (ReportingToken.IsFor(message) && message.MessageContextInfo?.HasMessageSecret is not true)
            (message.MessageContextInfo ??= new()).MessageSecret = ByteString.CopyFrom(random.Take(SecretSize));
        return message;
    }

    /// <summary>A vote in a poll; none of its options takes an earlier vote back.</summary>
    /// <exception cref="InvalidOperationException">The poll's secret is not known (any more).</exception>
    /// <exception cref="ArgumentException">There is no such option.</exception>
    public async ValueTask<Message> VoteAsync(
        DeviceUnit unit, MessageReference poll, IReadOnlyList<string> options, DeviceCredentials self, CancellationToken token)
    {
        var author = await AuthorAsync(unit, poll, self, token);
        var secret = await unit.FindSecretAsync(author, poll.Id, token) ?? throw new InvalidOperationException("The poll is not known (any more).");
        if (options.FirstOrDefault(option => !secret.PollOptions.Contains(option, StringComparer.Ordinal)) is not null)
            throw new ArgumentException("The poll has no such option.", nameof(options));
        var addOn = new MessageAddOn(poll.Id, author.ToString(), Me(self, author).ToString());
        return new()
        {
            PollUpdateMessage = new()
            {
                PollCreationMessageKey = poll.ToKey(),
                Vote = addOn.SealVote(secret.Secret.Span, options, random.Take(IvSize)),
                SenderTimestampMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            },
        };
    }

    private static async ValueTask KeepAsync(DeviceUnit unit, MessageReceived message, MessageContent content, DeviceCredentials self, CancellationToken token)
    {
        if (message.Content.MessageContextInfo is { MessageSecret.Length: SecretSize } info)
        {
            var author = message.FromMe ? Own(self) : await CanonicalAsync(unit, message.Sender, self, token);
            await unit.KeepSecretAsync(author, message.Id, new(info.MessageSecret.Memory, content is PollContent poll ? poll.Options : []), token);
        }

        if (content is TimerContent setting && !message.Chat.IsShared())
        {
            var timer = setting.Duration is { } duration ? new ChatTimer(duration, message.Time) : null;
            await unit.KeepTimerAsync(await CanonicalAsync(unit, message.Chat, self, token), timer, token);
        }
    }

    // The chat's hidden identity may have become known only after its timer.
    private static async ValueTask<ChatTimer?> FindTimerAsync(DeviceUnit unit, Jid chat, DeviceCredentials self, CancellationToken token)
    {
        foreach (var form in await FormsAsync(unit, await CanonicalAsync(unit, chat, self, token), self, token))
        {
            if (await unit.FindTimerAsync(form, token) is (true, var timer))
                return timer;
        }

        return null;
    }

    // Which of their two addresses author and voter went by when the key was made is not told.
    private static async ValueTask<(byte[] Opened, MessageSecret Original)?> OpenAsync(
        DeviceUnit unit, MessageReceived message, SealedContent box, DeviceCredentials self, CancellationToken token)
    {
        var author = await AuthorAsync(unit, box.Target, self, token);
        if (await unit.FindSecretAsync(author, box.Target.Id, token) is not { } original)
            return null;
        var sender = await CanonicalAsync(unit, message.Sender, self, token);
        foreach (var by in await FormsAsync(unit, sender, self, token))
        {
            foreach (var of in await FormsAsync(unit, author, self, token))
            {
                try
                {
                    return (new MessageAddOn(box.Target.Id, of.ToString(), by.ToString()).Open(original.Secret.Span, box.Use!.Value, box.Iv.Span, box.Box.Span), original);
                }
                catch (ProtocolException)
                {
                    // Not with these.
                }
            }
        }

        return null;
    }

    private static List<string> VotesIn(PollVoteMessage vote, MessageSecret poll)
    {
        var chosen = vote.SelectedOptions.Take(Limits.PollOptions).ToHashSet();
        return [.. poll.PollOptions.Where(option => chosen.Contains(ByteString.CopyFrom(MessageAddOn.OptionHash(option))))];
    }

    private static void SetTimer(ContextInfo context, ChatTimer timer)
    {
        context.Expiration = timer.Seconds;
        if (timer.SetAt is { } since)
            context.EphemeralSettingTimestamp = since.ToUnixTimeSeconds();
    }

    private static void SetQuote(ContextInfo context, Quote quote, Jid chat, DeviceCredentials self)
    {
        var quoted = MessageClass.Unwrap(quote.Content).Clone();
        quoted.MessageContextInfo = null;
        quoted.SenderKeyDistributionMessage = null;
        ContextInfos.Replace(quoted, null);
        context.StanzaId = quote.Reference.Id;
        context.Participant = (quote.Reference.FromMe ? Me(self, quote.Reference.Chat) : quote.Reference.Author ?? quote.Reference.Chat).WithoutDevice().ToString();
        context.QuotedMessage = quoted;
        if (quote.Reference.Chat != chat)
            context.RemoteJid = quote.Reference.Chat.ToString();
    }

    private static ContentReader Reader(MessageReceived message, DeviceCredentials self) => new(message, self.PhoneJid?.WithoutDevice(), self.Lid?.WithoutDevice());

    private static async ValueTask<Jid> CanonicalAsync(DeviceUnit unit, Jid user, DeviceCredentials self, CancellationToken token) =>
        (await unit.ResolveAsync(user.WithoutDevice(), self, token)).WithoutDevice();

    private static async ValueTask<Jid> AuthorAsync(DeviceUnit unit, MessageReference message, DeviceCredentials self, CancellationToken token) =>
        message.FromMe ? Own(self) : await CanonicalAsync(unit, message.Author ?? message.Chat, self, token);

    private static Jid Own(DeviceCredentials self) => (self.Lid ?? self.PhoneJid!.Value).WithoutDevice();

    // The account, addressed as the others in the chat are.
    private static Jid Me(DeviceCredentials self, Jid other) =>
        (other.Server != JidServer.User && self.Lid is { } lid ? lid : self.PhoneJid!.Value).WithoutDevice();

    private static async ValueTask<Jid[]> FormsAsync(DeviceUnit unit, Jid user, DeviceCredentials self, CancellationToken token) =>
        await unit.PhoneOfAsync(user, self, token) is { } phone ? [user, phone.WithoutDevice()] : [user];
}
