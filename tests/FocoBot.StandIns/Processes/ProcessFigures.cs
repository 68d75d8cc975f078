using System.Globalization;

namespace FocoBot.StandIns.Processes;

/// <summary>What a process has used of the machine, as Linux counts it below <c>/proc</c> (proc(5)).</summary>
public sealed class ProcessFigures(int id)
{
    // USER_HZ, fixed at 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;
    private const int ParentField = 1;
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    /// <summary>Processor time of the process, user and system.</summary>
    public TimeSpan ProcessorTime => ProcessorTimeOf(Stat(id));

    /// <summary>The same with the children that live now, for a server that is several processes.</summary>
    public TimeSpan ProcessorTimeWithChildren => ProcessorTime + Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var other) ? Stat(other) : [])
        .Where(stat => stat.Length > 0 && stat[ParentField] == id.ToString(CultureInfo.InvariantCulture))
        .Aggregate(TimeSpan.Zero, (sum, stat) => sum + ProcessorTimeOf(stat));

    /// <summary>Bytes in memory now.</summary>
    public long ResidentBytes => Status("VmRSS:");

    /// <summary>The most bytes that were ever in memory.</summary>
    public long PeakResidentBytes => Status("VmHWM:");

    private static TimeSpan ProcessorTimeOf(string[] stat) => TimeSpan.FromSeconds((Ticks(stat[UserTimeField]) + Ticks(stat[SystemTimeField])) / TicksPerSecond);

    private static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    // The fields after the name, which stands in parentheses and may hold anything; empty when the process is gone.
    private static string[] Stat(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
