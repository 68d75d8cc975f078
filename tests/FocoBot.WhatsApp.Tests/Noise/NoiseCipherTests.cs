using FocoBot.WhatsApp.Noise;

namespace FocoBot.WhatsApp.Tests.Noise;

public class NoiseCipherTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void Frames_must_come_whole_and_in_order()
    {
        byte[] first = new byte[20], second = new byte[20];
        using var sender = new NoiseCipher(Key);
        sender.Encrypt([1, 2, 3, 4], first);
        sender.Encrypt([1, 2, 3, 4], second);
        Assert.NotEqual(first, second);

        using var receiver = new NoiseCipher(Key);
        var plaintext = new byte[20];
        foreach (var bad in Mangled.Truncations(first).Concat(Mangled.BitFlips(first)).Append(second))
            Assert.True(Mangled.IsRefused(() => receiver.Decrypt(bad, plaintext)));
        Assert.Equal(4, receiver.Decrypt(first, plaintext));
        Assert.True(Mangled.IsRefused(() => receiver.Decrypt(first, plaintext)));
        Assert.Equal(4, receiver.Decrypt(second, plaintext));
        Assert.Equal([1, 2, 3, 4], plaintext[..4]);
    }

    [Fact]
    public void An_empty_frame_is_a_tag_alone()
    {
        using NoiseCipher sender = new(Key), receiver = new(Key);
        var frame = new byte[NoiseCipher.TagLength];
        sender.Encrypt([], frame);
        Assert.Equal(0, receiver.Decrypt(frame, []));
    }

    [Fact]
    public void The_last_number_is_used_and_none_after_it()
    {
        using NoiseCipher sender = new(Key, uint.MaxValue), receiver = new(Key, uint.MaxValue), anew = new(Key);
        byte[] frame = new byte[17], plaintext = new byte[1];
        sender.Encrypt([7], frame);
        Assert.Equal(1, receiver.Decrypt(frame, plaintext));
        Assert.True(Mangled.IsRefused(() => sender.Encrypt([7], frame)));

        anew.Encrypt([7], frame);
        Assert.True(Mangled.IsRefused(() => receiver.Decrypt(frame, plaintext)));
    }
}
