using System.Text;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>A message of a long run: what it says follows from its id, and the other way round.</summary>
internal sealed record Text(string Id, string Said) : IComparable<Text>
{
    public Text(string said)
        : this("3EB0" + Convert.ToHexString(Encoding.UTF8.GetBytes(said)), said)
    {
    }

    public int CompareTo(Text? other) => string.CompareOrdinal(Id, other?.Id);
}

/// <summary>The messages of one side in a long run.</summary>
internal sealed class Texts(string what)
{
    private readonly List<Text> _all = [];

    public int Count => _all.Count;

    public IEnumerable<Text> All => _all;

    public Text[] Next(int count)
    {
        var next = Enumerable.Range(Count, count).Select(number => new Text($"{what} {number}")).ToArray();
        _all.AddRange(next);
        return next;
    }
}
