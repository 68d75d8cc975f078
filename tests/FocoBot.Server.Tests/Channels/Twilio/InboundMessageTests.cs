using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class InboundMessageTests
{
    [Fact]
    public void A_text_message_is_read()
    {
        var message = Read(("Body", "Comprar pan mañana"), ("ProfileName", " Ana\n\u0007López "), ("WaId", "5215512345678"), ("NumMedia", "0"),
            ("ExternalUserId", "MX.1a2b3c"), ("MessageType", "text"), ("ChannelMetadata", "{}"), ("SomethingNew", "1"));

        Assert.Equal(Forms.MessageSid, message.MessageSid);
        Assert.Equal(Forms.Account, message.AccountSid);
        Assert.Equal(Forms.From, message.From.Value);
        Assert.Equal(Forms.Sender, message.To.Value);
        Assert.Equal("Comprar pan mañana", message.Body);
        Assert.Equal("AnaLópez", message.ProfileName);
        Assert.Equal("5215512345678", message.WaId);
        Assert.Equal("MX.1a2b3c", message.ExternalUserId);
        Assert.Empty(message.Media);
        Assert.Null(message.Button);
        Assert.Null(message.Location);
        Assert.Null(message.RepliedToSid);
        Assert.False(message.Forwarded);
    }

    [Fact]
    public void A_person_without_a_phone_is_read()
    {
        var form = Forms.Of(("MessageSid", Forms.MessageSid), ("AccountSid", Forms.Account), ("From", "whatsapp:MX.1a2b3c"), ("To", Forms.Sender));
        Assert.True(InboundMessage.TryParse(form, out var message));
        Assert.Equal("whatsapp:MX.1a2b3c", message.From.Value);
        Assert.Null(message.From.Phone);
        Assert.Equal("", message.Body);
    }

    [Fact]
    public void Media_is_listed_up_to_its_limit_and_without_unusable_urls()
    {
        var fields = new List<(string, string)> { ("NumMedia", "99") };
        for (var i = 0; i < 12; i++)
            fields.Add(($"MediaUrl{i}", i == 3 ? "file:///etc/passwd" : i == 4 ? "http://api.twilio.com/Media/ME4" : $"https://api.twilio.com/Media/ME{i}"));
        fields.Add(("MediaContentType0", "image/jpeg"));

        var media = Read([.. fields]).Media;
        Assert.Equal(TwilioLimits.MediaItems - 2, media.Count);
        Assert.Equal(new InboundMedia(new Uri("https://api.twilio.com/Media/ME0"), "image/jpeg"), media[0]);
        Assert.Equal("application/octet-stream", media[1].ContentType);
        Assert.DoesNotContain(media, item => item.Url.Scheme != Uri.UriSchemeHttps);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("99999999999")]
    public void A_senseless_media_count_means_none(string count) => Assert.Empty(Read(("NumMedia", count), ("MediaUrl0", "https://x.org/a")).Media);

    [Fact]
    public void Buttons_and_list_rows_are_read()
    {
        Assert.Equal(new InboundButton("Sí", "confirm:7"), Read(("Body", "Sí"), ("ButtonText", "Sí"), ("ButtonPayload", "confirm:7")).Button);
        Assert.Equal(new InboundButton("Pan", "task:1"), Read(("ListTitle", "Pan"), ("ListId", "task:1")).Button);
        Assert.Equal(new InboundButton("Sí", null), Read(("ButtonText", "Sí"), ("ButtonPayload", "")).Button);
    }

    [Fact]
    public void A_location_is_read_and_an_impossible_one_is_not()
    {
        var location = Read(("Latitude", "19.4326"), ("Longitude", "-99.1332"), ("Label", "Zócalo"), ("Address", "Centro")).Location;
        Assert.Equal(new InboundLocation(19.4326, -99.1332, "Zócalo", "Centro"), location);
        Assert.Null(Read(("Latitude", "91"), ("Longitude", "0")).Location);
        Assert.Null(Read(("Latitude", "NaN"), ("Longitude", "0")).Location);
        Assert.Null(Read(("Latitude", "1")).Location);
    }

    [Fact]
    public void A_quote_and_a_forward_are_seen()
    {
        var message = Read(("OriginalRepliedMessageSid", "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), ("FrequentlyForwarded", "true"));
        Assert.Equal("SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", message.RepliedToSid);
        Assert.True(message.Forwarded);
        Assert.Null(Read(("OriginalRepliedMessageSid", "'; drop table")).RepliedToSid);
    }

    [Fact]
    public void Long_texts_are_cut_between_characters()
    {
        var message = Read(("Body", new string('a', TwilioLimits.InboundTextLength - 1) + "😀 more"), ("ProfileName", new string('n', 1000)));
        Assert.Equal(new string('a', TwilioLimits.InboundTextLength - 1), message.Body);
        Assert.Equal(TwilioLimits.LabelLength, message.ProfileName!.Length);
    }

    [Theory]
    [InlineData("MessageSid=SM1&AccountSid=AC0123456789abcdef0123456789abcdef&From=whatsapp:%2B5215512345678&To=whatsapp:%2B14155238886")]
    [InlineData("MessageSid=SM0123456789abcdef0123456789abcdef&From=whatsapp:%2B5215512345678&To=whatsapp:%2B14155238886")]
    [InlineData("MessageSid=SM0123456789abcdef0123456789abcdef&AccountSid=AC0123456789abcdef0123456789abcdef&From=%2B5215512345678&To=whatsapp:%2B14155238886")]
    [InlineData("")]
    public void What_is_no_message_is_refused(string body) => Assert.False(InboundMessage.TryParse(Forms.Parse(body), out _));

    [Fact]
    public void Its_text_form_shows_nothing_of_the_person()
    {
        var text = Read(("Body", "secreto"), ("ProfileName", "Ana")).ToString();
        Assert.Equal("inbound " + Forms.MessageSid, text);
    }

    private static InboundMessage Read(params ReadOnlySpan<(string, string)> fields)
    {
        Assert.True(InboundMessage.TryParse(Forms.Inbound(fields), out var message));
        return message;
    }
}
