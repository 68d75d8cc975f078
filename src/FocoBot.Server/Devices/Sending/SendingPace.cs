using System.Collections.Concurrent;
using System.Security.Cryptography;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Sending;

/// <summary>Lets the messages of each device leave no faster than a person writes, who is seen writing before. That is a part of the pause that the rate asks for: it makes no queue slower.</summary>
internal sealed class SendingPace(DeviceOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _last = new();

    /// <summary>Waits until a device may send its next message.</summary>
    /// <param name="device">The device.</param>
    /// <param name="chat">Who sees it writing.</param>
    /// <param name="characters">How much it writes; 0 to show nothing.</param>
    /// <param name="stopping">Gives up.</param>
    /// <returns>Whether it was seen writing.</returns>
    public async Task<bool> WaitAsync(LiveDevice device, Jid chat, int characters, CancellationToken stopping)
    {
        // Up to a minute's messages at once would not look like a person.
        var pause = TimeSpan.FromMinutes(1) / options.MessagesAMinute;
        var now = clock.GetUtcNow();
        var due = _last.TryGetValue(device.Id, out var last) && last + pause > now ? last + pause : now;
        var typing = TypingFor(characters, pause);
        if (due - typing > now) await Task.Delay(due - typing - now, clock, stopping).ConfigureAwait(false);
        if (typing > TimeSpan.Zero)
        {
            await ShowAsync(device, chat, Typing.Composing, typing, stopping).ConfigureAwait(false);
            await Task.Delay(typing, clock, stopping).ConfigureAwait(false);
        }

        _last[device.Id] = clock.GetUtcNow();
        return typing > TimeSpan.Zero;
    }

    /// <summary>Shows that nothing is being written any more.</summary>
    public Task StopAsync(LiveDevice device, Jid chat, CancellationToken stopping) => ShowAsync(device, chat, Typing.Paused, SendingLimits.ShortestTyping, stopping);

    private static TimeSpan TypingFor(int characters, TimeSpan pause)
    {
        if (characters == 0) return TimeSpan.Zero;
        var percent = RandomNumberGenerator.GetInt32(75, 126);
        var typing = (SendingLimits.Thinking + (characters * SendingLimits.Key)) * percent / 100;
        if (typing > pause) typing = pause;
        return typing < SendingLimits.ShortestTyping ? TimeSpan.Zero : typing;
    }

    // It is for show: the message leaves whatever comes of it.
    private async Task ShowAsync(LiveDevice device, Jid chat, Typing typing, TimeSpan patience, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await device.Client.SendTypingAsync(chat, typing, over.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WhatsAppException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            stopping.ThrowIfCancellationRequested();
        }
    }
}
