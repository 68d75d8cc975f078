using System.Text.Json;
using FocoBot.Tasks;

namespace FocoBot.Tests.Tasks;

public class DueTests
{
    [Theory]
    [InlineData("2026-03-05")]
    [InlineData("2026-03-05T00:00")]
    [InlineData("2028-02-29T23:59")]
    [InlineData("1900-01-01")]
    [InlineData("2999-12-31T23:59")]
    public void The_written_form_is_read_and_written_back(string text)
    {
        Assert.True(Due.TryParse(text, out var due));
        Assert.Equal(text, due.ToString());
        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(due));
        Assert.Equal(due, JsonSerializer.Deserialize<Due>($"\"{text}\""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-02-29")]
    [InlineData("2026-3-5")]
    [InlineData("26-03-05")]
    [InlineData("2026-03-05T24:00")]
    [InlineData("2026-03-05T9:30")]
    [InlineData("2026-03-05 09:30")]
    [InlineData("2026-03-05t09:30")]
    [InlineData("2026-03-05T09:30Z")]
    [InlineData("2026-03-05T09:30:00")]
    [InlineData(" 2026-03-05")]
    [InlineData("2026-03-0\0")]
    [InlineData("٢٠٢٦-٠٣-٠٥")]
    [InlineData("1899-12-31")]
    [InlineData("3000-01-01")]
    [InlineData("0001-01-01T00:00")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(Due.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Due.Parse(text!));
    }

    [Theory]
    [InlineData("\"2026-02-30\"")]
    [InlineData("20260305")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"\\ud800\"")]
    public void Json_of_another_shape_is_a_json_error(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Due>(json));

    [Fact]
    public void Json_null_is_no_due_date_where_none_is_allowed() =>
        Assert.Null(JsonSerializer.Deserialize<Due?>("null"));

    [Fact]
    public void Seconds_are_cut_off()
    {
        var due = new Due(new DateOnly(2026, 3, 5), new TimeOnly(9, 30, 59));
        Assert.Equal(Due.Parse("2026-03-05T09:30"), due);
        Assert.Equal(due, due with { Time = new TimeOnly(9, 30, 1) });
    }

    [Fact]
    public void A_day_sorts_before_its_minutes_and_after_the_day_before()
    {
        string[] sorted = ["2026-03-04T23:59", "2026-03-05", "2026-03-05T00:00", "2026-03-05T09:30", "2026-03-06"];
        Assert.Equal(sorted, sorted.Reverse().Select(Due.Parse).Order().Select(due => due.ToString()));
    }
}
