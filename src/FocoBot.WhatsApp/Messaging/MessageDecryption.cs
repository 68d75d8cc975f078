using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Takes the encryption off a message, within a unit of work. To one person there is one ciphertext; to a group there is one with the group's
/// sender key, and before it, for those who don't have that yet, one that brings it.
/// </summary>
internal sealed class MessageDecryption(DeviceState state, RandomNumberGenerator random)
{
    private const string SenderKey = "skmsg", First = "pkmsg", Later = "msg";

    /// <summary>Whether there is anything in it that can be decrypted.</summary>
    public static bool IsEncrypted(Node stanza) => Parts(stanza).Any();

    /// <summary>
    /// Decrypts all parts. What one part changes stays when another one fails: the sender key that came with a message serves the next ones,
    /// even if this one is damaged.
    /// </summary>
    /// <returns>The content, if a part held any; else why not, unless all parts had come before or only brought keys.</returns>
    /// <exception cref="ProtocolException">What was inside breaks the protocol.</exception>
    public async Task<(Message? Content, SignalError? Failure)> DecryptAsync(DeviceUnit unit, IncomingMessage message, CancellationToken token)
    {
        var sender = await unit.SessionOwnerAsync(message.From, state.Credentials, token);
        Message? content = null;
        SignalError? failure = null;
        foreach (var part in Parts(message.Stanza))
        {
            try
            {
                var decrypted = await unit.TryAsync(inner => DecryptPartAsync(inner, message, sender, part, token));
                if (decrypted.HoldsContent())
                    content = decrypted;
                // Now there may be the key that was missing.
                failure = null;
            }
            catch (SignalException again) when (again.Reason is SignalError.DuplicateMessage)
            {
                // Had come before, and is stored.
            }
            catch (SignalException failed)
            {
                failure = failed.Reason;
            }
        }

        return (content, content is null ? failure : null);
    }

    private static IEnumerable<Node> Parts(Node stanza) => stanza.ChildrenOf("enc").Where(enc => enc["type"] is First or Later or SenderKey).Take(2);

    private async Task<Message> DecryptPartAsync(DeviceUnit unit, IncomingMessage message, Jid sender, Node part, CancellationToken token)
    {
        var sessions = unit.Sessions(state.Credentials, random);
        var bytes = part.Content.Bytes;
        ReadOnlyMemory<byte> plaintext = part["type"] != SenderKey
            ? await DecryptPairwiseAsync(unit, sender, part["type"] == First ? MessageKind.PreKey : MessageKind.Message, bytes, token)
            : message.Group is { } group
                ? await sessions.DecryptFromGroupAsync(group.ToString(), sender.ToAddress(), bytes, token)
                : throw new ProtocolException("A message to one person has a group's encryption.");
        if (part["v"] != "3")
            plaintext = Padding.Unpad(plaintext);
        var content = ProtoReader.Parse<Message>(plaintext.Span);
        if (content.SenderKeyDistributionMessage is { HasAxolotlSenderKeyDistributionMessage: true } key && message.Group is { } of)
            await sessions.ProcessDistributionAsync(of.ToString(), sender.ToAddress(), key.AxolotlSenderKeyDistributionMessage.Memory, token);
        return content;
    }

    private async Task<ReadOnlyMemory<byte>> DecryptPairwiseAsync(DeviceUnit unit, Jid sender, MessageKind kind, ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        var sessions = unit.Sessions(state.Credentials, random);
        try
        {
            return await sessions.DecryptAsync(sender.ToAddress(), kind, bytes, token);
        }
        catch (SignalException changed) when (changed.Reason is SignalError.UntrustedIdentity)
        {
            // Somebody has installed WhatsApp anew, as a rule; as with all clients, the first key seen counts, and the change is told.
            await sessions.ForgetAsync(sender.ToAddress(), token);
            var plaintext = await sessions.DecryptAsync(sender.ToAddress(), kind, bytes, token);
            unit.Tell(new IdentityChanged(sender));
            return plaintext;
        }
    }
}

internal static class MessageContents
{
    private static readonly Message OnlyKey = new() { SenderKeyDistributionMessage = new() };

    /// <summary>Whether there is more in a message than a sender key, and what belongs to every message.</summary>
    public static bool HoldsContent(this Message message)
    {
        if (message.SenderKeyDistributionMessage is null)
            return true;
        var rest = message.Clone();
        rest.SenderKeyDistributionMessage = OnlyKey.SenderKeyDistributionMessage;
        rest.MessageContextInfo = null;
        return rest.CalculateSize() > OnlyKey.CalculateSize();
    }
}
