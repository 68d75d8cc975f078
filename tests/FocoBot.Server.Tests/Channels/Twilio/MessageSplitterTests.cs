using System.Globalization;
using System.Text;
using FocoBot.Channels.Twilio;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.Tests.Channels.Twilio;

public class MessageSplitterTests
{
    // What a task list is made of, and what breaks naive cutting: emoji, families, flags, accents, CRLF, lone surrogates, endless marks.
    private static readonly string[] Parts =
    [
        "Comprar pan", " ", "  ", ". ", "! ", "? ", "…", "\n", "\r\n", "\n\n", "12. ", "3.50", "e\u0301", "😀", "👨‍👩‍👧‍👦", "🇲🇽", "\u0301", "\uD83D", "palabra", "一二三", "\t", "(Sí.) ",
        new string('x', 70), new string('\u0301', 90),
    ];

    private static readonly Gen<string> Texts = Gen.Elements(Parts).ListOf().Select(parts => string.Concat(parts));

    [Fact]
    public void No_visible_character_is_lost_or_moved() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Texts),
        Arb.From(Gen.Choose(2, 200)),
        (text, limit) => Visible(string.Concat(MessageSplitter.Split(text, limit))) == Visible(text)));

    [Fact]
    public void Every_piece_fits_and_none_is_blank() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Texts),
        Arb.From(Gen.Choose(2, 200)),
        (text, limit) => MessageSplitter.Split(text, limit).All(piece => piece.Length <= limit && !string.IsNullOrWhiteSpace(piece))));

    [Fact]
    public void No_character_as_people_see_it_is_cut_when_it_fits() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.Elements(Parts.Where(part => part.Length < 20 && part != "\u0301" && part != "\uD83D").ToArray()).ListOf().Select(parts => string.Concat(parts))),
        Arb.From(Gen.Choose(30, 200)),
        (text, limit) => Elements(MessageSplitter.Split(text, limit)).SequenceEqual(Elements([text]))));

    [Fact]
    public void A_text_that_fits_is_one_message()
    {
        Assert.Equal(["Hola."], MessageSplitter.Split("Hola."));
        Assert.Single(MessageSplitter.Split(new string('a', TwilioLimits.OutboundTextLength)));
        Assert.Equal(2, MessageSplitter.Split(new string('a', TwilioLimits.OutboundTextLength + 1)).Count);
        Assert.Empty(MessageSplitter.Split(" \n "));
    }

    [Theory]
    [InlineData("Primera frase. Segunda, más larga", 20, "Primera frase.|Segunda, más larga")]
    [InlineData("¿Listo? (Sí.) Pan y leche", 18, "¿Listo? (Sí.)|Pan y leche")]
    [InlineData("uno dos\ntres cuatro", 12, "uno dos|tres cuatro")]
    [InlineData("uno dos tres cuatro", 12, "uno dos tres|cuatro")]
    [InlineData("abcdefghijkl", 5, "abcde|fghij|kl")]
    public void It_cuts_at_a_sentence_then_a_line_then_a_space_then_anywhere(string text, int limit, string expected) =>
        Assert.Equal(expected.Split('|'), MessageSplitter.Split(text, limit));

    [Fact]
    public void A_list_number_ends_no_sentence() =>
        Assert.Equal(["10. comprar pan", "11. leche fresca"], MessageSplitter.Split("10. comprar pan\n11. leche fresca", 20));

    [Fact]
    public void A_family_is_not_torn_apart()
    {
        var family = "👨‍👩‍👧‍👦";
        Assert.Equal(["aaaaaaaa", family + "b"], MessageSplitter.Split("aaaaaaaa" + family + "b", family.Length + 1));
    }

    [Fact]
    public void A_hostile_mountain_of_marks_is_cut_quickly()
    {
        var text = "a" + new string('\u0301', 1_000_000);
        var pieces = MessageSplitter.Split(text);
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, TwilioLimits.OutboundTextLength));
    }

    private static string Visible(string text) => new([.. text.Where(c => !char.IsWhiteSpace(c))]);

    private static List<string> Elements(IEnumerable<string> pieces)
    {
        var elements = new List<string>();
        foreach (var piece in pieces)
        {
            var each = StringInfo.GetTextElementEnumerator(piece);
            while (each.MoveNext())
            {
                if (!string.IsNullOrWhiteSpace(each.GetTextElement()))
                    elements.Add(each.GetTextElement().Normalize(NormalizationForm.FormC));
            }
        }

        return elements;
    }
}
