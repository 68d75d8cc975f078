using System.Security.Cryptography;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Messaging;

public class PrivacyTokenTests
{
    private const long Week = 604_800, Now = 2_968 * Week + 1;

    private static readonly Jid Bob = Jid.Parse("777000111@lid"), BobsNumber = Jid.Parse("15550001111@s.whatsapp.net");
    private static readonly DeviceCredentials Self =
        DeviceCredentials.Create(RandomNumberGenerator.Create(), DateTimeOffset.UnixEpoch) with { PhoneJid = Jid.Parse("15550000000:3@s.whatsapp.net"), Lid = Jid.Parse("98765000000000:3@lid") };

    private readonly DeviceUnit _unit = new(units: null);

    [Fact]
    public async Task A_token_is_good_in_its_week_and_the_three_that_follow()
    {
        await TakeAsync(Now, 7);
        Assert.Equal([7], await FindAsync(Now));
        Assert.Equal([7], await FindAsync(Now - 1 + 4 * Week - 1));
        Assert.Null(await FindAsync(Now - 1 + 4 * Week));
    }

    [Fact]
    public async Task An_older_token_does_not_replace_a_newer_one()
    {
        await TakeAsync(Now, 7);
        await TakeAsync(Now - 1, 8);
        Assert.Equal([7], await FindAsync(Now));
        await TakeAsync(Now, 9);
        Assert.Equal([9], await FindAsync(Now));
    }

    [Fact]
    public async Task Both_addresses_of_somebody_lead_to_his_token()
    {
        await _unit.LearnAsync(Bob, BobsNumber, default);
        await PrivacyTokens.TakeAsync(_unit, BobsNumber.WithDevice(2), Tokens(Now, 7), Self, default);
        Assert.Equal([7], await FindAsync(Now));
        Assert.Equal([7], await FindAsync(Now, BobsNumber));
        Assert.Null(await FindAsync(Now, Jid.Parse("15550000000@s.whatsapp.net")));
    }

    [Fact]
    public async Task A_token_is_given_once_a_week_whatever_is_known_of_the_other_ones()
    {
        Assert.True(await IsDueAsync(Now));
        await PrivacyTokens.IssuedAsync(_unit, Bob, Self, At(Now), default);
        Assert.False(await IsDueAsync(Now + Week - 2));
        await TakeAsync(Now, 7);
        Assert.False(await IsDueAsync(Now));
        Assert.True(await IsDueAsync(Now - 1 + Week));
        await PrivacyTokens.IssuedAsync(_unit, Bob, Self, At(Now + Week), default);
        Assert.Equal([7], await FindAsync(Now));
    }

    [Fact]
    public async Task A_message_shows_the_accounts_own_token_where_there_is_no_other()
    {
        Assert.Null(await PrivacyTokens.FindForMessageAsync(_unit, Bob, Self, At(Now), default));
        PrivacyTokens.KeepSalt(_unit, [1, 2, 3]);
        var own = await PrivacyTokens.FindForMessageAsync(_unit, Bob, Self, At(Now), default);
        Assert.Equal("cstoken", own!.Tag);
        Assert.Equal(HMACSHA256.HashData([1, 2, 3], "777000111@lid"u8), own.Content.Bytes.ToArray());
        Assert.Null(await PrivacyTokens.FindForMessageAsync(_unit, Self.Lid!.Value.WithoutDevice(), Self, At(Now), default));
        await TakeAsync(Now, 7);
        Assert.Equal("tctoken", (await PrivacyTokens.FindForMessageAsync(_unit, Bob, Self, At(Now), default))!.Tag);
        Assert.Equal("cstoken", (await PrivacyTokens.FindForMessageAsync(_unit, Bob, Self, At(Now + 5 * Week), default))!.Tag);
    }

    [Fact]
    public async Task The_history_brings_tokens_that_are_later_than_those_known_but_none_of_times_to_come()
    {
        await TakeAsync(Now, 7);
        await RecallAsync(Now - 1, 8, issued: Now);
        Assert.Equal([7], await FindAsync(Now));
        Assert.False(await IsDueAsync(Now));
        await RecallAsync(Now + 1, 9, issued: Now - 5 * Week, now: Now + 1);
        Assert.Equal([9], await FindAsync(Now));
        Assert.False(await IsDueAsync(Now));
        await RecallAsync(Now * 1000, 10, issued: long.MaxValue, now: Now + 2);
        Assert.Equal([10], await FindAsync(Now));
        await TakeAsync(Now + 3, 11);
        Assert.Equal([11], await FindAsync(Now + 3));
        Assert.True(await IsDueAsync(Now + Week));
        await PrivacyTokens.RecallAsync(_unit, Jid.Parse("1203@g.us"), new() { TcToken = ByteString.CopyFrom(1), TcTokenTimestamp = 1 }, Self, At(Now), default);
        await PrivacyTokens.RecallAsync(_unit, Bob, new(), Self, At(Now), default);
    }

    [Fact]
    public async Task Who_has_written_or_given_a_token_once_is_no_stranger_and_who_was_only_written_to_is()
    {
        var carl = Jid.Parse("777000222@lid");
        await PrivacyTokens.IssuedAsync(_unit, Bob, Self, At(Now), default);
        Assert.False(await PrivacyTokens.HasMetAsync(_unit, Bob, Self, default));
        await _unit.LearnAsync(Bob, BobsNumber, default);
        await PrivacyTokens.MeetAsync(_unit, BobsNumber, Self, At(Now), default);
        Assert.True(await PrivacyTokens.HasMetAsync(_unit, Bob, Self, default));
        Assert.True(await PrivacyTokens.HasMetAsync(_unit, BobsNumber, Self, default));
        Assert.False(await IsDueAsync(Now));

        Assert.False(await PrivacyTokens.HasMetAsync(_unit, carl, Self, default));
        await PrivacyTokens.TakeAsync(_unit, carl, Tokens(Now - 52 * Week, 7), Self, default);
        Assert.True(await PrivacyTokens.HasMetAsync(_unit, carl, Self, default));
        Assert.True(await PrivacyTokens.HasMetAsync(_unit, Self.Lid!.Value, Self, default));
    }

    [Fact]
    public async Task A_chat_in_the_history_is_one_unless_it_holds_nothing_but_notices()
    {
        Conversation notices = new() { Messages = { new HistorySyncMsg { Message = new() { MessageStubType = 1 } } } };
        await PrivacyTokens.RecallAsync(_unit, Bob, notices, Self, At(Now), default);
        Assert.False(await PrivacyTokens.HasMetAsync(_unit, Bob, Self, default));
        notices.Messages.Add(new HistorySyncMsg { Message = new() { Message = new() { Conversation = "hola" } } });
        await PrivacyTokens.RecallAsync(_unit, Bob, notices, Self, At(Now), default);
        Assert.True(await PrivacyTokens.HasMetAsync(_unit, Bob, Self, default));
    }

    private ValueTask RecallAsync(long received, byte token, long issued, long now = Now) => PrivacyTokens.RecallAsync(
        _unit, Bob, new() { TcToken = ByteString.CopyFrom(token), TcTokenTimestamp = (ulong)received, TcTokenSenderTimestamp = (ulong)issued }, Self, At(now), default);

    private ValueTask TakeAsync(long at, byte token) => PrivacyTokens.TakeAsync(_unit, Bob, Tokens(at, token), Self, default);

    private async Task<byte[]?> FindAsync(long now, Jid? of = null) => (await PrivacyTokens.FindAsync(_unit, of ?? Bob, Self, At(now), default))?.Content.Bytes.ToArray();

    private ValueTask<bool> IsDueAsync(long now) => PrivacyTokens.IsDueAsync(_unit, Bob, Self, At(now), default);

    private static Node Tokens(long at, byte token) => new("tokens", new Node("token", [("type", "trusted_contact"), ("t", $"{at}")], new[] { token }));

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
