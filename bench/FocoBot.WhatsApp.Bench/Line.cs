using System.Diagnostics;

namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// A process that sends, a process that receives, and the network between them in a third. Each message goes to a number or a group, and
/// is received by so many clients of the receiving process.
/// </summary>
internal sealed class Line(SandboxProcess sandbox, Worker sender, Worker receiver, string to, int receivers) : IAsyncDisposable
{
    /// <summary>Links one device on each side.</summary>
    public static async Task<Line> LinkAsync(SandboxProcess sandbox, Func<Worker> start, string? folder)
    {
        var numbers = await sandbox.AddPhonesAsync(2);
        var (sender, receiver) = await LinkAsync(sandbox, start, numbers, folder);
        return new(sandbox, sender, receiver, numbers[1], 1);
    }

    /// <summary>Links the devices of a group's members: one sends, the others receive in one process. Their phones are switched off, since those run in the sandbox.</summary>
    public static async Task<Line> LinkGroupAsync(SandboxProcess sandbox, Func<Worker> start, string? folder, int members)
    {
        var numbers = await sandbox.AddPhonesAsync(members);
        var (sender, receiver) = await LinkAsync(sandbox, start, numbers, folder);
        var group = await sandbox.MakeGroupAsync(numbers);
        await sandbox.SwitchOffAsync(numbers);
        return new(sandbox, sender, receiver, group, members - 1);
    }

    /// <summary>From the first one sent to the last one received.</summary>
    public async Task<Cost> SendAsync(int count, int atOnce)
    {
        // Or the disk is busy with the files of the round before.
        using (var sync = Process.Start("sync"))
            await sync.WaitForExitAsync();
        var (s, r, n) = (sender.Processor, receiver.Processor, sandbox.Processor);
        var start = Stopwatch.GetTimestamp();
        var received = receiver.AskAsync(new { @do = "received", count = count * receivers });
        await sender.AskAsync(new { @do = "send", to, count, atOnce });
        await received;
        var wall = Stopwatch.GetElapsedTime(start);
        return new(Each(sender.Processor - s), Each(receiver.Processor - r), Each(wall), Each(sandbox.Processor - n));

        double Each(TimeSpan time) => time.TotalMilliseconds / count;
    }

    public async ValueTask DisposeAsync()
    {
        await sender.DisposeAsync();
        await receiver.DisposeAsync();
    }

    // The first number's device sends.
    private static async Task<(Worker Sender, Worker Receiver)> LinkAsync(SandboxProcess sandbox, Func<Worker> start, string[] numbers, string? folder)
    {
        var (sender, receiver) = (start(), start());
        await sandbox.LinkAsync(sender, numbers[..1], Below("sender"));
        await sandbox.LinkAsync(receiver, numbers[1..], Below("receiver"));
        return (sender, receiver);

        string? Below(string name) => folder is null ? null : Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    }
}

/// <summary>Milliseconds a message.</summary>
internal sealed record Cost(double Sender, double Receiver, double Wall, double Sandbox);
