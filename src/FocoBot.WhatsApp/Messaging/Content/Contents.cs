using System.Security.Cryptography;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging.Content;

/// <summary>From messages to what they are about and back, with what has to be kept of one message for another.</summary>
internal sealed class Contents(IChatMemory memory, AddressBook addresses, RandomNumberGenerator random, TimeProvider clock)
{
    private const int SecretSize = 32, IvSize = 12;

    /// <summary>Keeps what later messages need of one that came. To be called for each, in order.</summary>
    public async ValueTask RememberAsync(MessageReceived message, DeviceCredentials self, CancellationToken token)
    {
        addresses.Learn(message.Chat, message.ChatAlternate);
        var content = Reader(message, self).Read();
        await KeepSecretAsync(message.FromMe ? Own(self) : Canonical(message.Sender, self), message.Id, message.Content, content, token);
        if (message.Chat.Server == JidServer.Broadcast)
            return;
        if (content is TimerContent setting && !message.Chat.IsShared())
            await KeepTimerAsync(message.Chat, setting.Duration is { } duration ? new(duration, message.Time) : null, self, token);
        else if (content.Context.Timer is { } used && (await FindTimerAsync(message.Chat, self, token))?.Duration != used)
            await KeepTimerAsync(message.Chat, new(used, SetAt: null), self, token);
    }

    /// <summary>What a message is about.</summary>
    public async ValueTask<MessageContent> DescribeAsync(MessageReceived message, DeviceCredentials self, CancellationToken token)
    {
        var reader = Reader(message, self);
        var content = reader.Read();
        if (content is not SealedContent { Use: not null } box || await OpenAsync(message, box, self, token) is not var (opened, original))
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

    /// <summary>A message as it is sent: with what is asked for, the chat's timer, and a secret if others shall add to it.</summary>
    public async ValueTask<Message> PrepareAsync(Jid chat, string id, Message message, SendOptions options, DeviceCredentials self, CancellationToken token)
    {
        // The caller's own stays as it is.
        message = message.Clone();
        var timer = options.Timer is { } wish ? wish > TimeSpan.Zero ? new ChatTimer(wish, null) : null : await FindTimerAsync(chat, self, token);
        if ((timer is not null || options.ReplyTo is not null || options.Mentions.Count > 0) && ContextInfos.Require(message) is { } context)
        {
            if (timer is not null)
                SetTimer(context, timer);
            if (options.ReplyTo is { } quote)
                SetQuote(context, quote, chat, self);
            context.MentionedJid.Add(options.Mentions.Select(mentioned => mentioned.WithoutDevice().ToString()));
        }

        var content = MessageClass.Unwrap(message);
        var poll = content.PollCreationMessage ?? content.PollCreationMessageV2 ?? content.PollCreationMessageV3;
        if (poll is not null && message.MessageContextInfo?.HasMessageSecret is not true)
            (message.MessageContextInfo ??= new()).MessageSecret = ByteString.CopyFrom(random.Take(SecretSize));
        if (options.ViewOnce)
            message = NewMessage.ViewOnce(message);

        var described = Reader(new(id, chat, Own(self), true, clock.GetUtcNow(), message), self).Read();
        await KeepSecretAsync(Own(self), id, message, described, token);
        if (described is TimerContent setting && !chat.IsShared())
            await KeepTimerAsync(chat, setting.Duration is { } duration ? new(duration, clock.GetUtcNow()) : null, self, token);
        return message;
    }

    /// <summary>A vote in a poll; none of its options takes an earlier vote back.</summary>
    /// <exception cref="InvalidOperationException">The poll's secret is not known (any more).</exception>
    /// <exception cref="ArgumentException">There is no such option.</exception>
    public async ValueTask<Message> VoteAsync(MessageReference poll, IReadOnlyList<string> options, DeviceCredentials self, CancellationToken token)
    {
        var author = AuthorOf(poll, self);
        var secret = await memory.FindSecretAsync(author, poll.Id, token) ?? throw new InvalidOperationException("The poll is not known (any more).");
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

    private async ValueTask KeepSecretAsync(Jid author, string id, Message message, MessageContent content, CancellationToken token)
    {
        if (message.MessageContextInfo is { MessageSecret.Length: SecretSize } info && id.Length <= Limits.MessageIdChars)
            await memory.KeepSecretAsync(new(author, id, info.MessageSecret.Memory.ToArray(), content is PollContent poll ? poll.Options : []), token);
    }

    // The chat's hidden identity may become known between one message and the next.
    private async ValueTask KeepTimerAsync(Jid chat, ChatTimer? timer, DeviceCredentials self, CancellationToken token)
    {
        foreach (var form in Forms(Canonical(chat, self), self))
            await memory.KeepTimerAsync(form, timer, token);
    }

    private async ValueTask<ChatTimer?> FindTimerAsync(Jid chat, DeviceCredentials self, CancellationToken token)
    {
        foreach (var form in Forms(Canonical(chat, self), self))
        {
            if (await memory.FindTimerAsync(form, token) is { } timer)
                return timer;
        }

        return null;
    }

    // Which of their two addresses author and voter went by when the key was made is not told.
    private async ValueTask<(byte[] Opened, MessageSecret Original)?> OpenAsync(MessageReceived message, SealedContent box, DeviceCredentials self, CancellationToken token)
    {
        var author = AuthorOf(box.Target, self);
        if (await memory.FindSecretAsync(author, box.Target.Id, token) is not { } original)
            return null;
        var sender = Canonical(message.Sender, self);
        foreach (var by in Forms(sender, self))
        {
            foreach (var of in Forms(author, self))
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
        context.Expiration = (uint)Math.Min(timer.Duration.TotalSeconds, uint.MaxValue);
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

    private Jid Canonical(Jid user, DeviceCredentials self) => addresses.Resolve(user.WithoutDevice(), self).WithoutDevice();

    private Jid AuthorOf(MessageReference message, DeviceCredentials self) =>
        message.FromMe ? Own(self) : Canonical(message.Author ?? message.Chat, self);

    private static Jid Own(DeviceCredentials self) => (self.Lid ?? self.PhoneJid!.Value).WithoutDevice();

    // The account, addressed as the others in the chat are.
    private static Jid Me(DeviceCredentials self, Jid other) =>
        (other.Server != JidServer.User && self.Lid is { } lid ? lid : self.PhoneJid!.Value).WithoutDevice();

    private Jid[] Forms(Jid user, DeviceCredentials self) =>
        addresses.PhoneOf(user, self) is { } phone ? [user, phone.WithoutDevice()] : [user];
}
