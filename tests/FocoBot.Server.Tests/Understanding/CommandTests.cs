using System.Text;
using FocoBot.Assistant.Understanding;

namespace FocoBot.Tests.Understanding;

public class CommandTests
{
    [Fact]
    public void Each_line_gets_its_result()
    {
        var (exit, lines) = Run("""{"id":"a","text":"borra la 3","lang":"es","now":"2026-11-20T10:15:00-06:00","tz":"America/Mexico_City"}""", "");
        Assert.Equal(0, exit);
        var line = Assert.Single(lines);
        Assert.Equal("""{"id":"a","result":{"intent":"delete","title":null,"due":null,"due_has_time":false,"recurrence":null,"priority":null,"refs":[3],"ref_text":null,"ref_scope":null,"filter":null,"code":null,"setting":null}}""", line);
    }

    [Fact]
    public void The_wall_clock_is_the_users()
    {
        var (_, lines) = Run("""{"id":"a","text":"pagar la luz mañana","lang":"es","now":"2026-11-21T03:00:00Z","tz":"America/Mexico_City"}""");
        Assert.Contains("\"due\":\"2026-11-21\"", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"id":"a"}""")]
    [InlineData("""{"id":"a","text":"x","now":"never","tz":"America/Mexico_City"}""")]
    [InlineData("""{"id":"a","text":"x","now":"2026-11-20T10:15:00-06:00","tz":"Moon/Base"}""")]
    public void A_malformed_line_is_answered_and_ends_in_failure(string line)
    {
        var (exit, lines) = Run(line, """{"id":"b","text":"hola","lang":"es","now":"2026-11-20T10:15:00-06:00","tz":"America/Mexico_City"}""");
        Assert.Equal(1, exit);
        Assert.Contains("\"error\":", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"greeting\"", lines[1], StringComparison.Ordinal);
    }

    private static (int Exit, string[] Lines) Run(params string[] lines)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        using var output = new MemoryStream();
        var exit = UnderstandCommand.Run(input, output);
        return (exit, Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
