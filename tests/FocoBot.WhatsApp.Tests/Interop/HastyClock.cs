namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>The system's clock, but that short pauses are over at once: those before a client connects or asks again. Longer ones, which tell that something is missing, stay.</summary>
internal sealed class HastyClock : TimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10), AtOnce = TimeSpan.FromMilliseconds(10);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > AtOnce && dueTime < Short ? AtOnce : dueTime, period);
}
