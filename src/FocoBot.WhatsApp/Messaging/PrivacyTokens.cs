using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Tokens that show the server that messages to somebody are welcome: each gives one to those that he writes to, and gets theirs. Kept under hidden
/// identities where those are known, with whether there was a chat already. Used within units of work only.
/// <code>
/// &lt;notification type="privacy_token" from sender_lid?&gt;&lt;tokens&gt;&lt;token type="trusted_contact" t&gt;token&lt;/token&gt;&lt;/tokens&gt;&lt;/notification&gt;
/// &lt;tctoken&gt;token&lt;/tctoken&gt;   &lt;cstoken&gt;HMAC&lt;/cstoken&gt;                                    what is shown to the server
/// </code>
/// </summary>
internal static class PrivacyTokens
{
    /// <summary>The only type of token that is known.</summary>
    public const string TrustedContact = "trusted_contact";

    // Times count by these; a token is good in that of its time and the three that follow.
    private const long Bucket = 7 * 24 * 60 * 60;
    private const int GoodBuckets = 4;

    private static readonly BoundedRecords Tokens = new(RecordKind.PrivacyToken, RecordKind.PrivacyTokenPlace, Limits.PrivacyTokens);

    /// <summary>Keeps the token that somebody has given this account, if there is one.</summary>
    /// <param name="unit">The unit of work.</param>
    /// <param name="from">Who gave it.</param>
    /// <param name="given">The <c>tokens</c> with it.</param>
    /// <param name="self">This device.</param>
    /// <param name="token">Gives up.</param>
    public static async ValueTask TakeAsync(DeviceUnit unit, Jid from, Node given, DeviceCredentials self, CancellationToken token)
    {
        // In what the server tells, the token's own jid is this account.
        if (given.ChildrenOf("token").FirstOrDefault(node => node["type"] == TrustedContact) is { } node && node.GetTime("t") is { } time)
            await TakeAsync(unit, from, node.Content.Bytes, time, self, token);
    }

    /// <summary>Keeps a token that somebody has given this account at some time, unless a later one is known.</summary>
    public static async ValueTask TakeAsync(
        DeviceUnit unit, Jid from, ReadOnlyMemory<byte> given, DateTimeOffset time, DeviceCredentials self, CancellationToken token)
    {
        if (given.Length is 0 or > Limits.PrivacyTokenBytes || from.Domain is null || self.Owns(from))
            return;
        var name = await NameAsync(unit, from, self, token);
        var stored = await LoadAsync(unit, name, token);
        if (stored.Received > time.ToUnixTimeSeconds())
            return;
        (stored.Token, stored.Received) = (ByteString.CopyFrom(given.Span), time.ToUnixTimeSeconds());
        await Tokens.StoreAsync(unit, name, stored.ToByteArray(), token);
    }

    /// <summary>Keeps what the phone's history knows of the tokens between somebody and this account, unless later ones are known.</summary>
    public static async ValueTask RecallAsync(
        DeviceUnit unit, Jid chat, Conversation conversation, DeviceCredentials self, DateTimeOffset now, CancellationToken token)
    {
        if (chat.Domain is null || self.Owns(chat))
            return;
        if (conversation.TcTokenTimestamp > 0)
            await TakeAsync(unit, chat, conversation.TcToken.Memory, Past(conversation.TcTokenTimestamp), self, token);
        if (conversation.TcTokenSenderTimestamp > 0)
            await IssuedAsync(unit, chat, self, Past(conversation.TcTokenSenderTimestamp), token);
        // Some hold nothing but notices.
        if (conversation.Messages.Any(message => message.Message?.Message is not null))
            await MeetAsync(unit, chat, self, now, token);

        // A time to come would stand in the way of all that is later.
        DateTimeOffset Past(ulong seconds) => DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(seconds, (ulong)now.ToUnixTimeSeconds()));
    }

    /// <summary>What shows that somebody wants to hear from this account; null when he has not given anything, or too long ago.</summary>
    public static async ValueTask<Node?> FindAsync(DeviceUnit unit, Jid to, DeviceCredentials self, DateTimeOffset now, CancellationToken token) =>
        !self.Owns(to) && await LoadAsync(unit, await NameAsync(unit, to, self, token), token) is { Token.IsEmpty: false } stored
            && BucketOf(stored.Received) > BucketOf(now.ToUnixTimeSeconds()) - GoodBuckets
            ? new("tctoken", stored.Token.ToByteArray())
            : null;

    /// <summary>The same for a message, which may show something of this account's own instead.</summary>
    public static async ValueTask<Node?> FindForMessageAsync(DeviceUnit unit, Jid to, DeviceCredentials self, DateTimeOffset now, CancellationToken token)
    {
        if (await FindAsync(unit, to, self, now, token) is { } found)
            return found;
        return to.Server == JidServer.Lid && !self.Owns(to) && await unit.LoadAsync(RecordKind.ChatTokenSalt, "", token) is { } salt
            ? new("cstoken", ChatToken(salt, to.WithoutDevice().ToString()))
            : null;
    }

    /// <summary>Whether this account should give somebody a token (again).</summary>
    public static async ValueTask<bool> IsDueAsync(DeviceUnit unit, Jid to, DeviceCredentials self, DateTimeOffset now, CancellationToken token) =>
        BucketOf((await LoadAsync(unit, await NameAsync(unit, to, self, token), token)).Issued) < BucketOf(now.ToUnixTimeSeconds());

    /// <summary>Takes note of the token that this account has given somebody.</summary>
    public static async ValueTask IssuedAsync(DeviceUnit unit, Jid to, DeviceCredentials self, DateTimeOffset time, CancellationToken token)
    {
        var name = await NameAsync(unit, to, self, token);
        var stored = await LoadAsync(unit, name, token);
        stored.Issued = Math.Max(stored.Issued, time.ToUnixTimeSeconds());
        await Tokens.StoreAsync(unit, name, stored.ToByteArray(), token);
    }

    /// <summary>Takes note of a message in the chat with somebody, whoever of the two wrote it, that this device has not sent.</summary>
    public static async ValueTask MeetAsync(DeviceUnit unit, Jid chat, DeviceCredentials self, DateTimeOffset time, CancellationToken token)
    {
        if (chat.Domain is null || self.Owns(chat))
            return;
        var name = await NameAsync(unit, chat, self, token);
        var stored = await LoadAsync(unit, name, token);
        if (stored.HasMet)
            return;
        stored.Met = time.ToUnixTimeSeconds();
        await Tokens.StoreAsync(unit, name, stored.ToByteArray(), token);
    }

    /// <summary>Whether there was such a message, or somebody has given a token, however long ago: that comes with a message too.</summary>
    public static async ValueTask<bool> HasMetAsync(DeviceUnit unit, Jid user, DeviceCredentials self, CancellationToken token) =>
        self.Owns(user) || await LoadAsync(unit, await NameAsync(unit, user, self, token), token) is { HasMet: true } or { Token.IsEmpty: false };

    /// <summary>Keeps what the account makes tokens from for those who have given it none, as its other devices tell it; empty for nothing.</summary>
    public static void KeepSalt(DeviceUnit unit, ReadOnlySpan<byte> salt)
    {
        if (salt.Length <= Limits.PrivacyTokenBytes)
            unit.Store(RecordKind.ChatTokenSalt, "", salt.IsEmpty ? null : salt.ToArray());
    }

    /// <summary>The <c>cstoken</c>: <c>HMAC-SHA256(nctSalt, LID of the recipient)</c>, sent where there is no valid <c>tctoken</c>.</summary>
    public static byte[] ChatToken(ReadOnlySpan<byte> nctSalt, string recipientLid) =>
        HMACSHA256.HashData(nctSalt, Encoding.UTF8.GetBytes(recipientLid));

    private static long BucketOf(long seconds) => seconds / Bucket;

    private static async ValueTask<string> NameAsync(DeviceUnit unit, Jid user, DeviceCredentials self, CancellationToken token) =>
        (await unit.ResolveAsync(user.WithoutDevice(), self, token)).WithoutDevice().ToString();

    private static async ValueTask<StoredPrivacyToken> LoadAsync(DeviceUnit unit, string name, CancellationToken token) =>
        await Tokens.LoadAsync(unit, name, token) is { } stored ? StoredPrivacyToken.Parser.ParseFrom(stored) : new();
}
