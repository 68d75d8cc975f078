using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Groups;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace FocoBot.WhatsApp.Tests.Messaging;

/// <summary>What a server that lies can do with the stanzas that messaging reads: nothing but a <see cref="ProtocolException"/>.</summary>
public class HostileStanzaTests
{
    private static readonly Jid Ana = Jid.Parse("98765000000000@lid"), Bob = Jid.Parse("777000111@lid"), Group = Jid.Parse("120363000000000001@g.us");
    private static readonly DeviceCredentials Self =
        DeviceCredentials.Create(RandomNumberGenerator.Create(), DateTimeOffset.UnixEpoch) with { PhoneJid = Jid.Parse("15550000000:3@s.whatsapp.net"), Lid = Ana.WithDevice(3) };

    [Fact]
    public void Lists_of_devices_in_any_shape_are_read_or_refused() => Try(Devices(Bob, [0, 1, 2], Indexes(0, 1, 2)), answer => DeviceDirectory.Read(answer, [Bob]));

    [Fact]
    public void Key_bundles_in_any_shape_are_read_or_refused() => Try(
        new("iq", new Node("list", new Node("user", [("jid", Bob)],
        [
            new("registration", new byte[4]), new("type", new byte[] { 5 }), new("identity", new byte[32]),
            new("skey", [new("id", new byte[3]), new("value", new byte[32]), new("signature", new byte[64])]), new("key", [new("id", new byte[3]), new("value", new byte[32])]),
        ]))),
        answer => KeyBundles.Read(answer, [Bob], NullLogger.Instance));

    [Fact]
    public void Messages_in_any_shape_are_read_or_refused()
    {
        foreach (var good in (Node[])[
            new("message", [("id", "A"), ("from", Bob.WithDevice(2)), ("t", "1"), ("type", "text"), ("sender_pn", Jid.Parse("15550001111@s.whatsapp.net"))], new Node("enc", [("v", "2"), ("type", "msg")], new byte[40])),
            new("message", [("id", "A"), ("from", Group), ("participant", Bob), ("participant_pn", Jid.Parse("15550001111:2@s.whatsapp.net")), ("t", "1")], new Node("enc", [("type", "skmsg")], new byte[40])),
            new("message", [("id", "A"), ("from", Ana), ("recipient", Bob), ("peer_recipient_pn", Jid.Parse("15550001111@s.whatsapp.net"))], new Node("enc", [("type", "pkmsg")], new byte[40])),
            new("message", [("id", "A"), ("from", Ana), ("category", "peer")])])
        {
            Try(good, stanza =>
            {
                MessageDecryption.IsEncrypted(stanza);
                if (IncomingMessage.Read(stanza, Self) is not { } message) return;
                _ = (message.IsPeer, message.Recipient, message.AlternateRecipient);
                Receipts.Delivered(message, true);
                Receipts.Ack(message);
            });
        }
    }

    [Fact]
    public void Groups_and_their_changes_in_any_shape_are_read_or_refused()
    {
        var group = new Node("group", [("id", Group.User), ("subject", "Casa"), ("creation", "1"), ("creator", Bob), ("addressing_mode", "lid")],
        [
            new("participant", [("jid", Bob), ("phone_number", Jid.Parse("15550001111@s.whatsapp.net")), ("type", "admin")]), new("description", [("id", "D")], new Node("body", "texto"u8.ToArray())),
            new("ephemeral", [("expiration", "86400")]), new("member_add_mode", "all_member_add"u8.ToArray()), new("membership_approval_mode", new Node("group_join", [("state", "on")])),
            new("linked_parent", [("jid", Group)]),
        ]);
        Try(group, node => GroupStanzas.Read(node));
        Try(new("notification", [("from", Group), ("participant", Bob), ("t", "1"), ("type", "w:gp2")],
            [new("create", group), new("add", new Node("participant", [("jid", Bob)])), new("subject", [("subject", "x")]), new("description", new Node("body", "x"u8.ToArray()))]),
            node => GroupStanzas.Changes(node).ToList());
    }

    [Fact]
    public void A_notice_that_no_chats_may_be_begun_is_read_in_its_shape_and_in_no_other()
    {
        Assert.Equal(new NewChatsRestricted(true, DateTimeOffset.FromUnixTimeSeconds(1_788_414_761)), Read("{'is_active':true,'enforcement_type':'RESTRICT_ALL_COMPANIONS','time_enforcement_ends':'1788414761'}"));
        Assert.Equal(new NewChatsRestricted(true, null), Read("{'is_active':true,'time_enforcement_ends':'99999999999999999'}"));
        Assert.Equal(new NewChatsRestricted(false, null), Read("{'is_active':false,'time_enforcement_ends':null}"));
        foreach (var other in new[] { "[]", "{}", "{'is_active':1}", "null", "{", new string('[', 5000) }) Assert.Null(Read(other));
        Try(Notice("{'is_active':true}"), node => ReachoutNotice.Read(node));

        static NewChatsRestricted? Read(string notice) => ReachoutNotice.Read(Notice(notice));
        static Node Notice(string notice) => new("notification", [("type", "mex")],
            new Node("update", [("op_name", "x")], Encoding.UTF8.GetBytes($"{{'data':{{'xwa2_notify_account_reachout_timelock':{notice}}}}}".Replace('\'', '"'))));
    }

    [Fact]
    public void Names_of_messages_that_would_be_remembered_are_of_a_bounded_length()
    {
        Assert.NotNull(Read(new('A', Limits.MessageIdChars), Bob));
        Assert.Throws<ProtocolException>(() => Read(new('A', Limits.MessageIdChars + 1), Bob));
        Assert.Throws<ProtocolException>(() => Read("A", new(new('7', Limits.JidUserChars + 1), JidServer.Lid)));

        static IncomingMessage? Read(string id, Jid from) => IncomingMessage.Read(new Node("message", [("from", from), ("id", id), ("t", "1")]), Self);
    }

    [Fact]
    public async Task Tokens_in_any_shape_are_kept_or_left()
    {
        var unit = new DeviceUnit(units: null);
        foreach (var bad in Variants(new("tokens", new Node("token", [("type", "trusted_contact"), ("t", "1")], new byte[8]))))
            await PrivacyTokens.TakeAsync(unit, Bob, bad, Self, default);
        await PrivacyTokens.TakeAsync(unit, Group, new("tokens", new Node("token", [("type", "trusted_contact"), ("t", "1")], new byte[8])), Self, default);
        await PrivacyTokens.TakeAsync(unit, Ana, new("tokens", new Node("token", [("type", "trusted_contact"), ("t", "1")], new byte[8])), Self, default);
        Assert.Single(unit.Changes.Records, record => record.Key.Kind == RecordKind.PrivacyToken);
        Assert.All(unit.Changes.Records, record => Assert.True(record.Value!.Length < 2 * Limits.PrivacyTokenBytes));
    }

    [Fact]
    public void Huge_lists_are_cut_and_quickly_done()
    {
        var began = Stopwatch.GetTimestamp();
        var many = Devices(Bob, Enumerable.Range(0, 100_000), null);
        Assert.Equal(Limits.UserDevices, DeviceDirectory.Read(many, [Bob])[Bob].Devices.Length);
        Assert.Single(DeviceDirectory.Read(Devices(Bob, Enumerable.Repeat(0, 100_000), null), [Bob])[Bob].Devices);
        var strangers = new Node("iq", new Node("usync", new Node("list", Enumerable.Range(1, 100_000).Select(i => new Node("user", [("jid", Jid.Parse($"{i}@lid"))])).ToArray())));
        Assert.Empty(DeviceDirectory.Read(strangers, [.. Enumerable.Range(200_000, 5_000).Select(i => Jid.Parse($"{i}@lid"))]));
        var bundles = new Node("iq", new Node("list", Enumerable.Repeat(new Node("user", [("jid", Bob)]), 100_000).ToArray()));
        Assert.Empty(KeyBundles.Read(bundles, [Bob], NullLogger.Instance));
        var members = new Node("group", [("id", Group.User)], Enumerable.Range(1, 100_000).Select(i => new Node("participant", [("jid", Jid.Parse($"{i}@lid"))])).ToArray());
        Assert.Equal(Limits.GroupMembers, GroupStanzas.Read(members).Members.Count);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Companions_that_the_phone_has_not_signed_are_not_written_to()
    {
        Assert.Equal([0, 1, 2], Read(Devices(Bob, [0, 1, 2], null)));
        Assert.Equal([0, 1, 2], Read(Devices(Bob, [0, 1, 2], [])));
        Assert.Equal([0, 1, 2], Read(Devices(Bob, [0, 1, 2], Indexes(0, 1, 2))));
        Assert.Equal([0, 2], Read(Devices(Bob, [0, 1, 2], Indexes(0, 2))));
        Assert.Equal([0], Read(Devices(Bob, [0, 1, 2], Indexes())));
        // What makes no sense, or too much of it, vouches for nobody.
        Assert.Equal([0], Read(Devices(Bob, [0, 1, 2], [0xFF])));
        Assert.Equal([0], Read(Devices(Bob, [0, 1, 2], Indexes([.. Enumerable.Range(0, 100_000).Select(i => (uint)i)]))));
        Assert.Equal([0], Read(new("iq", new Node("usync", new Node("list", new Node("user", [("jid", Bob)],
            new Node("devices", new Node("device-list", [new("device", [("id", "0")]), new("device", [("id", "1")]), new("device", [("id", "-1"), ("key-index", "1")]), new("device", [("id", "70000"), ("key-index", "1")]), new("device")]))))))));

        static int[] Read(Node answer) => [.. DeviceDirectory.Read(answer, [Bob])[Bob].Devices.Select(device => device.Device)];
    }

    private static byte[] Indexes(params uint[] valid) => new AdvSignedKeyIndexList { Details = new AdvKeyIndexList { RawId = 1, ValidIndexes = { valid } }.ToByteString() }.ToByteArray();

    private static Node Devices(Jid user, IEnumerable<int> ids, byte[]? signed) => new("iq", new Node("usync", new Node("list", new Node("user", [("jid", user)],
    [
        new("devices",
        [
            new("device-list", ids.Select(id => new Node("device", [("id", $"{id}"), ("key-index", id == 0 ? null : $"{id}")])).ToArray()), new("key-index-list", [("ts", "1")], signed),
        ]),
        new("lid", [("val", user)]),
    ]))));

    private static void Try(Node good, Action<Node> read)
    {
        read(good);
        foreach (var bad in Variants(good)) Mutilations.Refuses(() => read(bad));
    }

    // One thing wrong at a time, on each level.
    private static IEnumerable<Node> Variants(Node good)
    {
        string[] texts = ["", "x", "-1", "4294967296", "99999999999999999999", "@", "@lid", "a:b@lid", "1:255@s.whatsapp.net", "1:99@hosted", "1@hosted", "1:3@hosted.lid", "120@g.us", "status@broadcast", "1@newsletter", "1@bot", "98765000000000:7@lid", "\0", new('9', 5000)];
        NodeContent[] contents = [default, Array.Empty<byte>(), new byte[1], new byte[5000], "texto", new Node("x"), Enumerable.Repeat(new Node("x"), 5).ToArray(), new byte[] { 0xC3, 0x28 }];
        var attributes = good.Attributes.ToArray();
        for (var i = 0; i < attributes.Length; i++)
        {
            var key = attributes[i].Key;
            yield return new(good.Tag, [.. attributes[..i], .. attributes[(i + 1)..]], good.Content);
            foreach (var text in texts) yield return new(good.Tag, [.. attributes[..i], (key, text), .. attributes[(i + 1)..]], good.Content);
        }

        foreach (var content in contents) yield return new(good.Tag, attributes.AsSpan(), content);
        var children = good.Children;
        for (var i = 0; i < children.Length; i++)
        {
            yield return new(good.Tag, attributes.AsSpan(), children.RemoveAt(i).ToArray());
            yield return new(good.Tag, attributes.AsSpan(), children.Add(children[i]).ToArray());
            foreach (var child in Variants(children[i])) yield return new(good.Tag, attributes.AsSpan(), children.SetItem(i, child).ToArray());
        }
    }
}
