using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>What a key made from a message's secret is for.</summary>
internal enum SecretUse
{
    PollVote,
    EncReaction,
    EncComment,
    ReportToken,
    EventResponse,
    EventEdit,
    MessageEdit,
    PollEdit,
    PollAddOption,
}

/// <summary>
/// Add-ons to a message (votes, encrypted reactions, edits) are sealed with a key that only those who could read the message
/// have: its 32-byte <c>messageSecret</c> goes into every one.
/// <code>
/// key = HKDF(messageSecret, info = messageId | originalSender | modificationSender | use, 32)
/// box = AES-256-GCM(key, iv, payload), associated data = messageId | 00 | modificationSender for votes and event responses
/// </code>
/// </summary>
/// <param name="MessageId">Id of the message that is added to.</param>
/// <param name="OriginalSender">Its sender: JID without device, in the addressing form of the chat.</param>
/// <param name="ModificationSender">Who adds, likewise.</param>
internal sealed record MessageAddOn(string MessageId, string OriginalSender, string ModificationSender)
{
    public byte[] Key(ReadOnlySpan<byte> messageSecret, SecretUse use)
    {
        var info = Encoding.UTF8.GetBytes(MessageId + OriginalSender + ModificationSender + Name(use));
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, messageSecret, key, salt: default, info);
        return key;
    }

    public byte[] Seal(ReadOnlySpan<byte> messageSecret, SecretUse use, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> payload) =>
        GcmBox.Seal(Key(messageSecret, use), iv, payload, Associated(use));

    /// <exception cref="ProtocolException">The box was not sealed with this secret, by this sender, for this message and use.</exception>
    public byte[] Open(ReadOnlySpan<byte> messageSecret, SecretUse use, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> box) =>
        GcmBox.Open(Key(messageSecret, use), iv, box, Associated(use));

    /// <summary>Seals a vote for the options of these names; none takes the vote back.</summary>
    public PollEncValue SealVote(ReadOnlySpan<byte> messageSecret, IEnumerable<string> options, ReadOnlySpan<byte> iv)
    {
        var vote = new PollVoteMessage();
        vote.SelectedOptions.AddRange(options.Select(o => ByteString.CopyFrom(OptionHash(o))));
        return new PollEncValue
        {
            EncPayload = ByteString.CopyFrom(Seal(messageSecret, SecretUse.PollVote, iv, vote.ToByteArray())),
            EncIv = ByteString.CopyFrom(iv),
        };
    }

    /// <summary>The hashes (see <see cref="OptionHash"/>) of the options voted for.</summary>
    /// <exception cref="ProtocolException">See <see cref="Open"/>.</exception>
    public PollVoteMessage OpenVote(ReadOnlySpan<byte> messageSecret, PollEncValue vote) =>
        ProtoReader.Parse<PollVoteMessage>(Open(messageSecret, SecretUse.PollVote, vote.EncIv.Span, vote.EncPayload.Span));

    /// <summary>How a vote names an option of the poll.</summary>
    public static byte[] OptionHash(string optionName) => SHA256.HashData(Encoding.UTF8.GetBytes(optionName));

    /// <summary>The secret of a message to a bot, made from that of the message it answers.</summary>
    public static byte[] BotSecret(ReadOnlySpan<byte> messageSecret)
    {
        var secret = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, messageSecret, secret, salt: default, "Bot Message"u8);
        return secret;
    }

    private byte[] Associated(SecretUse use) =>
        use is SecretUse.PollVote or SecretUse.EventResponse ? Encoding.UTF8.GetBytes($"{MessageId}\0{ModificationSender}") : [];

    private static string Name(SecretUse use) => use switch
    {
        SecretUse.PollVote => "Poll Vote",
        SecretUse.EncReaction => "Enc Reaction",
        SecretUse.EncComment => "Enc Comment",
        SecretUse.ReportToken => "Report Token",
        SecretUse.EventResponse => "Event Response",
        SecretUse.EventEdit => "Event Edit",
        SecretUse.MessageEdit => "Message Edit",
        SecretUse.PollEdit => "Poll Edit",
        SecretUse.PollAddOption => "Poll Add Option",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };
}
