using System.Text.Json;
using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.Tests.Media;

public class MediaRetryTests
{
    private static readonly JsonElement _vector = Vectors.Load("media-retry.json");
    private static readonly byte[] _key = _vector.Hex("media_key");
    private static readonly string _id = _vector.GetProperty("message_id").GetString()!;
    private static readonly JsonElement _request = _vector.GetProperty("request");
    private static readonly JsonElement _answer = _vector.GetProperty("notification");

    [Fact]
    public void The_request_is_that_of_Baileys_and_the_phone_reads_it()
    {
        Assert.Equal(_request.Hex("enc_p"), MediaRetry.SealRequest(_key, _id, _request.Hex("enc_iv")));
        MediaRetry.OpenRequest(_key, _id, _request.Hex("enc_iv"), _request.Hex("enc_p"));
    }

    [Fact]
    public void The_answer_is_read_and_written_as_by_Baileys()
    {
        var answer = Open(_answer.Hex("enc_p"));
        Assert.Equal(MediaRetryNotification.Types.ResultType.Success, answer.Result);
        Assert.Equal(_answer.GetProperty("decoded_direct_path").GetString(), answer.DirectPath);
        Assert.Equal(_answer.Hex("enc_p"), MediaRetry.SealAnswer(_key, _id, _answer.Hex("enc_iv"), answer));
    }

    [Fact]
    public void Changed_requests_and_answers_do_not_open()
    {
        Assert.All(Mutilations.All(_answer.Hex("enc_p")), bad => Assert.Throws<ProtocolException>(() => Open(bad)));
        Assert.All(
            Mutilations.All(_request.Hex("enc_p")),
            bad => Assert.Throws<ProtocolException>(() => MediaRetry.OpenRequest(_key, _id, _request.Hex("enc_iv"), bad)));
        Assert.All(
            Mutilations.All(_answer.Hex("enc_iv")),
            bad => Assert.Throws<ProtocolException>(() => MediaRetry.OpenAnswer(_key, _id, bad, _answer.Hex("enc_p"))));
    }

    [Fact]
    public void An_answer_about_another_message_does_not_open() =>
        Assert.Throws<ProtocolException>(() => MediaRetry.OpenAnswer(_key, "3EB0AABBCD", _answer.Hex("enc_iv"), _answer.Hex("enc_p")));

    private static MediaRetryNotification Open(byte[] box) => MediaRetry.OpenAnswer(_key, _id, _answer.Hex("enc_iv"), box);
}
