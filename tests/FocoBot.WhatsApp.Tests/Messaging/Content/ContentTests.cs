using System.Security.Cryptography;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Messaging.Content;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Messaging.Content;

public class ContentTests
{
    private static readonly Jid Bob = Jid.Parse("777000111@lid"), Eva = Jid.Parse("777000222@lid"), Group = Jid.Parse("120363000000000001@g.us"), Me = Jid.Parse("98765000000000@lid");
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();
    private static readonly DeviceCredentials Self = DeviceCredentials.Create(Random, DateTimeOffset.UnixEpoch) with { PhoneJid = Jid.Parse("15550000000:3@s.whatsapp.net"), Lid = Me.WithDevice(3) };
    private readonly Contents _contents = new(Random, TimeProvider.System);
    private readonly DeviceUnit _unit = new(units: null);

    [Fact]
    public async Task Wrappers_are_looked_through_but_not_for_ever()
    {
        var message = new Message { Conversation = "hola" };
        for (var i = 0; i < 8; i++)
        {
            message = i % 2 == 0 ? new() { EphemeralMessage = new() { Message = message } } : new() { EditedMessage = new() { Message = message } };
        }

        Assert.Equal("hola", Assert.IsType<TextContent>(await ReadAsync(message)).Text);
        Assert.IsType<UnknownContent>(await ReadAsync(new() { ViewOnceMessage = new() { Message = message } }));
        Assert.IsType<UnknownContent>(await ReadAsync(new() { ViewOnceMessage = new() }));
        Assert.IsType<UnknownContent>(await ReadAsync(new()));
    }

    [Fact]
    public async Task Of_absurdly_many_mentions_only_some_are_told_and_nonsense_is_left_out()
    {
        var context = new ContextInfo();
        context.MentionedJid.Add("nobody");
        for (var i = 0; i < 200_000; i++) context.MentionedJid.Add($"{i}@lid");
        var content = await ReadAsync(new() { ExtendedTextMessage = new() { Text = "@todos", ContextInfo = context } });
        Assert.Equal(Limits.Mentions - 1, content.Context.Mentions.Count);
    }

    [Fact]
    public async Task Quotes_of_quotes_are_not_followed()
    {
        var message = new Message { Conversation = "el primero" };
        for (var i = 0; i < 20; i++)
            message = new() { ExtendedTextMessage = new() { Text = $"{i}", ContextInfo = new() { StanzaId = "A", Participant = Bob.ToString(), QuotedMessage = message } } };
        var quoted = (await ReadAsync(message)).Context.Quoted!;
        Assert.Equal((Bob, "18"), (quoted.Message.Author, ((TextContent)quoted.Content!).Text));
        Assert.Null(quoted.Content.Context.Quoted);
    }

    [Fact]
    public async Task Only_its_author_edits_a_message_and_between_two_only_he_deletes_it()
    {
        var mine = new MessageKey { Id = "A", FromMe = false };
        var his = new MessageKey { Id = "A", FromMe = true };
        Assert.IsType<UnknownContent>(await ReadAsync(Edit(mine)));
        Assert.IsType<UnknownContent>(await ReadAsync(Revoke(mine)));
        Assert.Equal(new MessageReference(Bob, "A", Bob, false), Assert.IsType<EditContent>(await ReadAsync(Edit(his))).Target);
        Assert.Equal(new MessageReference(Bob, "A", Bob, false), Assert.IsType<RevokeContent>(await ReadAsync(Revoke(his))).Target);

        var others = new MessageKey { Id = "A", FromMe = false, Participant = Me.ToString() };
        Assert.IsType<UnknownContent>(await ReadAsync(Edit(others), chat: Group));
        Assert.Equal(new MessageReference(Group, "A", Me, true), Assert.IsType<RevokeContent>(await ReadAsync(Revoke(others), chat: Group)).Target);
        // An edit in an edit is none.
        Assert.IsType<UnknownContent>(Assert.IsType<EditContent>(await ReadAsync(new() { ProtocolMessage = new() { Key = his, Type = ProtocolMessage.Types.Type.MessageEdit, EditedMessage = Edit(his) } })).Replacement);

        static Message Edit(MessageKey key) => new() { ProtocolMessage = new() { Key = key, Type = ProtocolMessage.Types.Type.MessageEdit, EditedMessage = new() { Conversation = "otra" } } };
        static Message Revoke(MessageKey key) => new() { ProtocolMessage = new() { Key = key, Type = ProtocolMessage.Types.Type.Revoke } };
    }

    [Fact]
    public async Task Who_is_meant_is_told_from_the_receivers_side()
    {
        var reaction = new Message { ReactionMessage = new() { Text = "👍", Key = new() { Id = "A", FromMe = false, RemoteJid = Me.ToString() } } };
        Assert.Equal(new(Bob, "A", Me, true), ((ReactionContent)await ReadAsync(reaction)).Target);
        // From another device of one's own: the other one's message.
        Assert.Equal(new(Bob, "A", Bob, false), ((ReactionContent)await ReadAsync(reaction, fromMe: true)).Target);
        reaction.ReactionMessage.Key.Participant = Eva.ToString();
        Assert.Equal(new(Group, "A", Eva, false), ((ReactionContent)await ReadAsync(reaction, chat: Group)).Target);
        reaction.ReactionMessage.Key.Participant = "";
        Assert.IsType<UnknownContent>(await ReadAsync(reaction, chat: Group));
    }

    [Fact]
    public async Task A_vote_counts_only_with_the_polls_secret_and_from_its_voter()
    {
        var poll = NewMessage.Poll("¿?", ["sí", "no"]);
        var secret = RandomNumberGenerator.GetBytes(32);
        poll.MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(secret) };
        await Contents.RememberAsync(_unit, Received("POLL", poll, Group, Bob, false), Self, default);

        Assert.Equal(["no"], ((PollVoteContent)await ReadAsync(Vote(secret, Eva), chat: Group, sender: Eva)).Options);
        Assert.IsType<SealedContent>(await ReadAsync(Vote(secret, Eva), chat: Group, sender: Bob));
        Assert.IsType<SealedContent>(await ReadAsync(Vote(RandomNumberGenerator.GetBytes(32), Eva), chat: Group, sender: Eva));
        // A poll of the same id by somebody else changes nothing.
        var other = poll.Clone();
        other.MessageContextInfo.MessageSecret = ByteString.CopyFrom(new byte[32]);
        await Contents.RememberAsync(_unit, Received("POLL", other, Group, Eva, false), Self, default);
        Assert.Equal(["no"], ((PollVoteContent)await ReadAsync(Vote(secret, Eva), chat: Group, sender: Eva)).Options);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _contents.VoteAsync(_unit, new(Group, "NONE", Bob, false), ["no"], Self, default));

        static Message Vote(byte[] secret, Jid voter) => new()
        {
            PollUpdateMessage = new()
            {
                PollCreationMessageKey = new() { Id = "POLL", FromMe = false, Participant = Bob.ToString(), RemoteJid = Group.ToString() },
                Vote = new MessageAddOn("POLL", Bob.ToString(), voter.ToString()).SealVote(secret, ["no", "quizá"], RandomNumberGenerator.GetBytes(12)),
            },
        };
    }

    [Fact]
    public async Task Sealed_edits_and_reactions_are_opened_for_their_author()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await Contents.RememberAsync(_unit, Received("A", new() { Conversation = "uno", MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(secret) } }, Bob, Bob, false), Self, default);
        var iv = RandomNumberGenerator.GetBytes(12);
        var addOn = new MessageAddOn("A", Bob.ToString(), Bob.ToString());
        var edit = new Message
        {
            SecretEncryptedMessage = new()
            {
                TargetMessageKey = new() { Id = "A", FromMe = true }, SecretEncType = SecretEncryptedMessage.Types.SecretEncType.MessageEdit, EncIv = ByteString.CopyFrom(iv),
                EncPayload = ByteString.CopyFrom(addOn.Seal(secret, SecretUse.MessageEdit, iv, new Message { Conversation = "dos" }.ToByteArray())),
            },
        };
        Assert.Equal("dos", Assert.IsType<TextContent>(Assert.IsType<EditContent>(await ReadAsync(edit)).Replacement).Text);
        edit.SecretEncryptedMessage.EncPayload = ByteString.CopyFrom(addOn.Seal(secret, SecretUse.MessageEdit, iv, [0xFF]));
        Assert.IsType<SealedContent>(await ReadAsync(edit));
        var reaction = new Message { EncReactionMessage = new() { TargetMessageKey = new() { Id = "A", FromMe = true }, EncIv = ByteString.CopyFrom(iv), EncPayload = ByteString.CopyFrom(addOn.Seal(secret, SecretUse.EncReaction, iv, new ReactionMessage { Text = "👍" }.ToByteArray())) } };
        Assert.Equal("👍", Assert.IsType<ReactionContent>(await ReadAsync(reaction)).Emoji);
    }

    [Fact]
    public async Task Absurd_polls_places_and_ids_are_unknown()
    {
        var poll = new PollCreationMessage { Name = "¿?" };
        Assert.IsType<UnknownContent>(await ReadAsync(new() { PollCreationMessage = poll }));
        poll.Options.Add(new PollCreationMessage.Types.Option { OptionName = new string('x', Limits.PollText + 1) });
        Assert.IsType<UnknownContent>(await ReadAsync(new() { PollCreationMessage = poll }));
        Assert.IsType<UnknownContent>(await ReadAsync(new() { LocationMessage = new() { DegreesLatitude = double.NaN } }));
        Assert.IsType<UnknownContent>(await ReadAsync(new() { LocationMessage = new() { DegreesLongitude = 181 } }));
        Assert.IsType<UnknownContent>(await ReadAsync(new() { ReactionMessage = new() { Text = "x", Key = new() { Id = new string('A', 300) } } }));
        Assert.IsType<UnknownContent>(await ReadAsync(new() { ProtocolMessage = new() }));
        Assert.Null(Assert.IsType<EventContent>(await ReadAsync(new() { EventMessage = new() { Name = "x", StartTime = long.MaxValue } })).Starts);
    }

    [Fact]
    public void Any_message_at_all_is_described_without_an_exception() => Properties.ForAllAsync<byte[]>(async bytes =>
    {
        Message message;
        try
        {
            message = ProtoReader.Parse<Message>(bytes);
        }
        catch (ProtocolException)
        {
            return true;
        }

        return await Contents.DescribeAsync(_unit, Received("A", message, Group, Eva, false), Self, default) is not null;
    });

    [Fact]
    public async Task Timers_of_a_chat_go_with_all_that_can_have_one()
    {
        await Contents.RememberAsync(_unit, Received("A", NewMessage.Timer(TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch), Bob, Bob, false), Self, default);
        foreach (var message in (Message[])[new() { Conversation = "x" }, NewMessage.Location(1, 2), NewMessage.Poll("¿?", ["a", "b"]), NewMessage.Contacts(ContactCard.Of("x", "1555"))])
            Assert.Equal(86_400u, ContextInfos.Find(await PrepareAsync(message))!.Expiration);
        Assert.Null(ContextInfos.Find(await PrepareAsync(NewMessage.Revoke(new(Bob, "A", null, true)))));
        Assert.True((await PrepareAsync(new() { Conversation = "x" }, new() { Timer = TimeSpan.Zero })).HasConversation);
        await Contents.RememberAsync(_unit, Received("B", NewMessage.Timer(null, DateTimeOffset.UnixEpoch), Bob, Bob, false), Self, default);
        Assert.True((await PrepareAsync(new() { Conversation = "x" })).HasConversation);

        async Task<Message> PrepareAsync(Message message, SendOptions? options = null) => await _contents.PrepareAsync(_unit, Bob, message, options ?? new(), null, Self, default);
    }

    [Fact]
    public void What_makes_no_sense_is_not_built()
    {
        var his = new MessageReference(Bob, "A", Bob, false);
        Assert.Throws<ArgumentException>(() => NewMessage.Edit(his, NewMessage.Text("x"), DateTimeOffset.UnixEpoch));
        Assert.Throws<ArgumentException>(() => NewMessage.Revoke(his));
        Assert.Throws<ArgumentException>(() => NewMessage.Poll("¿?", ["a"]));
        Assert.Throws<ArgumentException>(() => NewMessage.Poll("¿?", ["a", "a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => NewMessage.Poll("¿?", ["a", "b"], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => NewMessage.Location(double.NaN, 0));
        Assert.Throws<ArgumentException>(() => NewMessage.Contacts());
        Assert.Throws<ArgumentException>(() => NewMessage.Forward(NewMessage.Reaction(his, "x", DateTimeOffset.UnixEpoch)));
        Assert.Throws<ArgumentException>(() => NewMessage.Reaction(his with { Chat = Group, Author = null }, "x", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task A_timer_and_a_poll_outlast_the_moment_in_which_a_hidden_identity_becomes_known()
    {
        var number = Jid.Parse("15550009999@s.whatsapp.net");
        await SendAsync(number, "T", NewMessage.Timer(TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch));
        await SendAsync(number, "P", NewMessage.Poll("¿?", ["sí", "no"]));
        await _unit.LearnAsync(number, Bob, default);
        Assert.NotNull(ContextInfos.Find(await SendAsync(Bob, "X", new() { Conversation = "x" })));
        Assert.NotNull(await _contents.VoteAsync(_unit, new(Bob, "P", null, true), ["sí"], Self, default));
        await SendAsync(Bob, "U", NewMessage.Timer(null, DateTimeOffset.UnixEpoch));
        Assert.True((await SendAsync(number, "X", new() { Conversation = "x" })).HasConversation);

        async Task<Message> SendAsync(Jid chat, string id, Message message)
        {
            var prepared = await _contents.PrepareAsync(_unit, chat, message, new(), null, Self, default);
            await _contents.RememberAsync(_unit, id, new(chat, prepared), Self, default);
            return prepared;
        }
    }

    [Fact]
    public async Task Of_secrets_and_timers_only_the_last_are_kept()
    {
        var records = new BoundedRecords(RecordKind.ChatTimer, RecordKind.ChatTimerPlace, 3);
        for (var i = 0; i < 10; i++)
        {
            await records.StoreAsync(_unit, $"{i}", [1], default);
            // To change one that is there takes nothing away.
            await records.StoreAsync(_unit, $"{i}", [(byte)i], default);
        }

        for (var i = 0; i < 10; i++) Assert.Equal(i < 7 ? null : [(byte)i], await records.LoadAsync(_unit, $"{i}", default));
        Assert.Equal(3 + 3 + 1, _unit.Changes.Records.Count(record => record.Value is not null));
    }

    [Fact]
    public async Task The_secrets_of_the_last_messages_are_kept_in_a_few_records()
    {
        const int Kept = 20 * Limits.RecentSecretRecords, Come = 2 * Kept + 7;
        for (var i = 0; i < Come; i++) await RecentSecrets.KeepAsync(_unit, $"{i}", Secret(i), default);
        await RecentSecrets.KeepAsync(_unit, $"{Come - 1}", Secret(0), default);

        // What shares its record with the very last ones is there as well.
        for (var i = 0; i < Come - Kept; i++) Assert.Null(await RecentSecrets.FindAsync(_unit, $"{i}", default));
        for (var i = Come - Kept + 20; i < Come - 1; i++) Assert.Equal(Secret(i), await RecentSecrets.FindAsync(_unit, $"{i}", default));
        Assert.Equal(Secret(0), await RecentSecrets.FindAsync(_unit, $"{Come - 1}", default));
        Assert.Equal(Limits.RecentSecretRecords + 1, _unit.Changes.Records.Count);
        Assert.All(_unit.Changes.Records, record => Assert.True(record.Value!.Length < 1000));

        static byte[] Secret(int i) => [.. BitConverter.GetBytes(i), .. new byte[28]];
    }

    [Fact]
    public async Task A_secret_under_an_id_that_no_store_could_name_is_not_kept()
    {
        foreach (var id in (string[])["", "A\0B", "A B", "é", new('A', 300)])
        {
            await Contents.RememberAsync(_unit, Received(id, new() { Conversation = "x", MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(new byte[32]) } }, Bob, Bob, false), Self, default);
            Assert.Empty(_unit.Changes.Records);
        }
    }

    private ValueTask<MessageContent> ReadAsync(Message message, Jid? chat = null, Jid? sender = null, bool fromMe = false) =>
        Contents.DescribeAsync(_unit, Received("X", message, chat ?? Bob, sender ?? (fromMe ? Me : Bob), fromMe), Self, default);

    private static MessageReceived Received(string id, Message message, Jid chat, Jid sender, bool fromMe) => new(id, chat, sender, fromMe, DateTimeOffset.UnixEpoch, message);
}
