using System.Globalization;
using System.Runtime.InteropServices;

namespace FocoBot.Bench;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const int Probes = 200;

    /// <summary>Cores, memory, and how long the disk below <paramref name="folder"/> takes to make 4 KiB durable.</summary>
    public static async Task<string> DescribeAsync(string folder)
    {
        var model = (await File.ReadAllLinesAsync("/proc/cpuinfo").ConfigureAwait(false)).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        var load = (await File.ReadAllTextAsync("/proc/loadavg").ConfigureAwait(false)).Split(' ')[0];
        return string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({model}), {memory} GiB, fsync of 4 KiB p50 {SyncTime(folder).TotalMilliseconds:F2} ms, load before {load}, .NET {Environment.Version}");
    }

    private static TimeSpan SyncTime(string folder)
    {
        var path = Path.Combine(folder, "sync-probe");
        var times = new TimeSpan[Probes];
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            for (var i = 0; i < Probes; i++)
            {
                var start = TimeProvider.System.GetTimestamp();
                file.Write(new byte[4096]);
                file.Flush(flushToDisk: true);
                times[i] = TimeProvider.System.GetElapsedTime(start);
            }
        }

        File.Delete(path);
        Array.Sort(times);
        return times[Probes / 2];
    }
}
