using System.Globalization;
using System.Text;

namespace FocoBot.Bench.Devices;

/// <summary>The figures as Markdown tables, written as they come.</summary>
internal sealed class DevicesReport
{
    private readonly StringBuilder _text = new();

    public DevicesReport(string machine) => Write($"\nMachine: {machine}. All processes share it.\n");

    /// <summary>A target was missed.</summary>
    public bool HasMissed { get; private set; }

    public void Begin(string title) => Write($"\n| {title} | | target |\n|---|---|---|\n");

    public void Row(string name, FormattableString value, string target = "", bool isMet = true) => Row(name, value.ToString(CultureInfo.InvariantCulture), target, isMet);

    public void Row(string name, string value, string target = "", bool isMet = true)
    {
        HasMissed |= !isMet;
        Write($"| {name} | {value} | {target}{(isMet ? "" : ": missed")} |\n");
    }

    public void BeginBeside(string title, string ours, string theirs) => Write($"\n| {title} | {ours} | {theirs} | ratio |\n|---|---|---|---|\n");

    public void Beside(string name, double ours, double theirs, bool isMoreBetter = false) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"| {name} | {ours:N1} | {theirs:N1} | {(isMoreBetter ? ours / theirs : theirs / ours):N1} |\n"));

    public void BesideCount(string name, int ours, int theirs) => Write($"| {name} | {ours} | {theirs} | |\n");

    /// <summary>Passes on what a server wrote, to whoever watches.</summary>
    public void Say(IEnumerable<string> lines)
    {
        foreach (var line in lines.Take(20)) Console.Error.WriteLine(line);
    }

    public override string ToString() => _text.ToString();

    private void Write(string text)
    {
        _text.Append(text);
        Console.Write(text);
    }
}
