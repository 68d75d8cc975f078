using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class SendPaceTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_bucket_gives_its_burst_and_then_one_an_interval()
    {
        var bucket = new TokenBucket(TimeSpan.FromSeconds(6), burst: 3, capacity: 10, _clock);
        Assert.Equal([0, 0, 0, 6, 12], Enumerable.Range(0, 5).Select(_ => Reserve(bucket, "a")));
        Assert.Equal(0, Reserve(bucket, "b"));

        _clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(6, Reserve(bucket, "a"));
    }

    [Fact]
    public void A_rested_bucket_is_full_and_not_more()
    {
        var bucket = new TokenBucket(TimeSpan.FromSeconds(1), burst: 2, capacity: 10, _clock);
        Reserve(bucket, "a");
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(_ => Reserve(bucket, "a")));
    }

    [Fact]
    public void A_wait_nobody_will_sit_out_takes_no_token()
    {
        var bucket = new TokenBucket(TimeSpan.FromSeconds(10), burst: 1, capacity: 10, _clock);
        Reserve(bucket, "a");
        Assert.Equal(10, bucket.Reserve("a", TimeSpan.FromSeconds(5)).TotalSeconds);
        Assert.Equal(10, bucket.Reserve("a", TimeSpan.FromSeconds(5)).TotalSeconds);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, bucket.Reserve("a", TimeSpan.FromSeconds(5)).TotalSeconds);
    }

    [Fact]
    public void Keys_are_bounded_and_full_buckets_forgotten()
    {
        var bucket = new TokenBucket(TimeSpan.FromSeconds(1), burst: 1, capacity: 100, _clock);
        for (var i = 0; i < 500; i++)
            Assert.Equal(0, Reserve(bucket, $"a{i}"));
        Assert.Equal(100, bucket.Count);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, Reserve(bucket, "new"));
        Assert.Equal(1, bucket.Count);
        Assert.Equal(1, Reserve(bucket, "new"));
    }

    [Fact]
    public void In_a_minute_a_sender_keeps_its_rate()
    {
        var pace = new SendPace(new TwilioOptions { MessagesPerSecond = 80 }, _clock);
        Assert.True(ChannelAddress.TryParse(Forms.Sender, out var sender));
        var last = TimeSpan.Zero;
        for (var i = 0; i < 80 * 60; i++)
        {
            Assert.True(ChannelAddress.TryParse($"whatsapp:+52155{i:00000000}", out var recipient));
            last = pace.Reserve(sender, recipient, TimeSpan.MaxValue);
        }

        Assert.InRange(last.TotalSeconds, 59.8, 60);
    }

    [Fact]
    public void One_recipient_does_not_get_everything_at_once_nor_hold_up_the_others()
    {
        var pace = new SendPace(new TwilioOptions { MessagesPerSecond = 80 }, _clock);
        Assert.True(ChannelAddress.TryParse(Forms.Sender, out var sender));
        Assert.True(ChannelAddress.TryParse(Forms.From, out var one));
        Assert.True(ChannelAddress.TryParse("whatsapp:+5215587654321", out var other));

        var longest = TimeSpan.FromSeconds(1);
        for (var i = 0; i < 1000; i++)
            pace.Reserve(sender, one, longest);
        Assert.Equal(TwilioLimits.RecipientSecondsPerMessage, pace.Reserve(sender, one, longest).TotalSeconds, 3);
        Assert.InRange(pace.Reserve(sender, other, longest).TotalSeconds, 0, 0.1);
    }

    private static double Reserve(TokenBucket bucket, string key) => bucket.Reserve(key, TimeSpan.MaxValue).TotalSeconds;
}
