using System.Text.Json;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Tests.Media;

public class MediaRetryTests
{
    private static readonly JsonElement Vector = Vectors.Load("media-retry.json");
    private static readonly byte[] Key = Vector.Hex("media_key");
    private static readonly string Id = Vector.GetProperty("message_id").GetString()!;
    private static readonly JsonElement Request = Vector.GetProperty("request");
    private static readonly JsonElement Answer = Vector.GetProperty("notification");

    [Fact]
    public void The_request_is_that_of_Baileys_and_the_phone_reads_it()
    {
        Assert.Equal(Request.Hex("enc_p"), MediaRetry.SealRequest(Key, Id, Request.Hex("enc_iv")));
        MediaRetry.OpenRequest(Key, Id, Request.Hex("enc_iv"), Request.Hex("enc_p"));
    }

    [Fact]
    public void The_answer_is_read_and_written_as_by_Baileys()
    {
        var answer = Open(Answer.Hex("enc_p"));
        Assert.Equal(MediaRetryNotification.Types.ResultType.Success, answer.Result);
        Assert.Equal(Answer.GetProperty("decoded_direct_path").GetString(), answer.DirectPath);
        Assert.Equal(Answer.Hex("enc_p"), MediaRetry.SealAnswer(Key, Id, Answer.Hex("enc_iv"), answer));
    }

    [Fact]
    public void Changed_requests_and_answers_do_not_open()
    {
        Assert.All(Mutilations.All(Answer.Hex("enc_p")), bad => Assert.Throws<ProtocolException>(() => Open(bad)));
        Assert.All(
            Mutilations.All(Request.Hex("enc_p")),
            bad => Assert.Throws<ProtocolException>(() => MediaRetry.OpenRequest(Key, Id, Request.Hex("enc_iv"), bad)));
        Assert.All(
            Mutilations.All(Answer.Hex("enc_iv")),
            bad => Assert.Throws<ProtocolException>(() => MediaRetry.OpenAnswer(Key, Id, bad, Answer.Hex("enc_p"))));
    }

    [Fact]
    public void An_answer_about_another_message_does_not_open() =>
        Assert.Throws<ProtocolException>(() => MediaRetry.OpenAnswer(Key, "3EB0AABBCD", Answer.Hex("enc_iv"), Answer.Hex("enc_p")));

    private static MediaRetryNotification Open(byte[] box) => MediaRetry.OpenAnswer(Key, Id, Answer.Hex("enc_iv"), box);
}
