namespace FocoBot.WhatsApp.Tests;

public class JidTests
{
    [Theory]
    [InlineData("15551234567@s.whatsapp.net", "15551234567", "s.whatsapp.net", 0, 0)]
    [InlineData("15551234567:12@s.whatsapp.net", "15551234567", "s.whatsapp.net", 12, 0)]
    [InlineData("98765432101234:7@lid", "98765432101234", "lid", 7, 0)]
    [InlineData("15551234567:99@hosted", "15551234567", "hosted", 99, 0)]
    [InlineData("98765432101234:99@hosted.lid", "98765432101234", "hosted.lid", 99, 0)]
    [InlineData("15551234567-1600000000@g.us", "15551234567-1600000000", "g.us", 0, 0)]
    [InlineData("@s.whatsapp.net", "", "s.whatsapp.net", 0, 0)]
    [InlineData("@g.us", "", "g.us", 0, 0)]
    [InlineData("@call", "", "call", 0, 0)]
    [InlineData("status@broadcast", "status", "broadcast", 0, 0)]
    [InlineData("120363000000000001@newsletter", "120363000000000001", "newsletter", 0, 0)]
    [InlineData("867051314767696@bot", "867051314767696", "bot", 0, 0)]
    [InlineData("15551234567@c.us", "15551234567", "c.us", 0, 0)]
    [InlineData("1234567890:300@msgr", "1234567890", "msgr", 300, 0)]
    [InlineData("7-1234567890:300@interop", "1234567890", "interop", 300, 7)]
    [InlineData("7-1234567890@interop", "1234567890", "interop", 0, 7)]
    [InlineData("1234567890@interop", "1234567890", "interop", 0, 0)]
    [InlineData("someone@server.of.tomorrow", "someone", "server.of.tomorrow", 0, 0)]
    public void A_text_is_read_into_its_parts_and_written_again(string text, string user, string server, int device, int integrator)
    {
        var jid = Jid.Parse(text);
        Assert.Equal((user, server, device, integrator), (jid.User, jid.Server, jid.Device, jid.Integrator));
        Assert.Equal(new Jid(user, server, device, integrator), jid);
        Assert.Equal(text, jid.ToString());
    }

    [Theory]
    [InlineData("15551234567:0@s.whatsapp.net", "15551234567@s.whatsapp.net")]
    [InlineData("15551234567.0:3@s.whatsapp.net", "15551234567:3@s.whatsapp.net")]
    [InlineData("15551234567_5:3@s.whatsapp.net", "15551234567:3@s.whatsapp.net")]
    [InlineData("98765432101234.1:3@s.whatsapp.net", "98765432101234:3@lid")]
    [InlineData("15551234567.128:99@s.whatsapp.net", "15551234567:99@hosted")]
    [InlineData("98765432101234.129:99@s.whatsapp.net", "98765432101234:99@hosted.lid")]
    public void Older_forms_are_read_and_written_in_the_form_of_today(string text, string today) => Assert.Equal(today, Jid.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("s.whatsapp.net")]
    [InlineData("15551234567@")]
    [InlineData("1@2@lid")]
    [InlineData("1:@lid")]
    [InlineData("1:-1@lid")]
    [InlineData("1: 1@lid")]
    [InlineData("1:256@lid")]
    [InlineData("1:2:3@lid")]
    [InlineData("1:65536@msgr")]
    [InlineData("1:99999999999@lid")]
    [InlineData("1:2@g.us")]
    [InlineData("1.130:2@s.whatsapp.net")]
    [InlineData("1.x:2@s.whatsapp.net")]
    [InlineData("x-1@interop")]
    [InlineData("1@a:b")]
    public void What_is_no_jid_is_refused(string text)
    {
        Assert.False(Jid.TryParse(text, out var jid));
        Assert.True(jid.IsNone);
        Assert.Throws<FormatException>(() => Jid.Parse(text));
    }

    [Fact]
    public void Parts_that_would_read_as_another_jid_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Jid("1:2", JidServer.User));
        Assert.Throws<ArgumentException>(() => new Jid("1@lid", JidServer.User));
        Assert.Throws<ArgumentException>(() => new Jid("1.128", JidServer.User));
        Assert.Throws<ArgumentException>(() => new Jid("7-1", JidServer.Interop));
        Assert.Throws<ArgumentException>(() => new Jid("1", ""));
        Assert.Throws<ArgumentException>(() => new Jid("1", JidServer.Group, 1));
        Assert.Throws<ArgumentException>(() => new Jid("1", JidServer.Lid, integrator: 1));
        Assert.Throws<ArgumentException>(() => new Jid("1", JidServer.Lid, 256));
    }

    [Fact]
    public void Devices_of_one_user_differ_and_share_the_user()
    {
        var phone = new Jid("15550000000", JidServer.User);
        var companion = phone.WithDevice(3);
        Assert.NotEqual(phone, companion);
        Assert.Equal(phone, companion.WithoutDevice());
        Assert.NotEqual(phone, new Jid("15550000000", JidServer.Lid));
        Assert.Equal(new Jid("5", JidServer.Interop, 0, 7), new Jid("5", JidServer.Interop, 9, 7).WithoutDevice());
    }

    [Theory]
    [InlineData("867051314767696@bot", true)]
    [InlineData("13135550002@s.whatsapp.net", true)]
    [InlineData("13135550002@c.us", true)]
    [InlineData("13165550012@s.whatsapp.net", true)]
    [InlineData("13165550112@s.whatsapp.net", false)]
    [InlineData("131655500012@s.whatsapp.net", false)]
    [InlineData("13135550002@lid", false)]
    [InlineData("1313555000x@s.whatsapp.net", false)]
    public void Bots_are_known_by_server_or_number(string text, bool isBot) => Assert.Equal(isBot, Jid.Parse(text).IsBot);

    [Fact]
    public void The_default_value_names_nothing()
    {
        Assert.True(default(Jid).IsNone);
        Assert.Equal(("", "", ""), (default(Jid).User, default(Jid).Server, default(Jid).ToString()));
    }
}
