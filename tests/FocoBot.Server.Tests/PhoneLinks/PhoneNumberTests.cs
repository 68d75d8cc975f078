using System.Text.RegularExpressions;
using FocoBot.PhoneLinks;
using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.Tests.PhoneLinks;

public partial class PhoneNumberTests
{
    [Theory]
    // Numbers as they are written in their countries; the expected form follows from ITU E.164 and the national plans.
    [InlineData("+52 55 1234 5678", null, "+525512345678")]
    [InlineData("+52 1 55 1234 5678", null, "+5215512345678")]
    [InlineData("0052-55-1234-5678", null, "+525512345678")]
    [InlineData("5215512345678", null, "+5215512345678")]
    [InlineData("55 1234 5678", "MX", "+525512345678")]
    [InlineData("044 55 1234 5678", "MX", "+525512345678")]
    [InlineData("14155552671", "MX", "+14155552671")]
    [InlineData("(415) 555-2671", "US", "+14155552671")]
    [InlineData("1-415-555-2671", "us", "+14155552671")]
    [InlineData("+1 (415) 555.2671", null, "+14155552671")]
    [InlineData("+55 (11) 98765-4321", null, "+5511987654321")]
    [InlineData("+55 31 8765-4321", null, "+553187654321")]
    [InlineData("0812-3456-7890", "ID", "+6281234567890")]
    [InlineData("+62 0812 3456 7890", null, "+6281234567890")]
    [InlineData("62 812 3456 7890", "ID", "+6281234567890")]
    [InlineData("812 3456 7890", "ID", "+6281234567890")]
    [InlineData("+54 9 11 2345-6789", null, "+5491123456789")]
    [InlineData("+44 (0)20 7946 0958", null, "+442079460958")]
    [InlineData("020 7946 0958", "GB", "+442079460958")]
    [InlineData("+39 06 1234 5678", null, "+390612345678")]
    [InlineData("06 20 123 4567", "HU", "+36201234567")]
    [InlineData("8 (916) 123-45-67", "RU", "+79161234567")]
    [InlineData("55 99912 3456", "BR", "+5555999123456")]
    [InlineData("＋５２　５５　１２３４　５６７８", null, "+525512345678")]
    [InlineData("+٥٢٥٥١٢٣٤٥٦٧٨", null, "+525512345678")]
    [InlineData("\u202a+52\u00a055\u20111234\u20115678\u202c", null, "+525512345678")]
    [InlineData("+290 22345", null, "+29022345")]
    public void What_people_type_becomes_E164(string typed, string? country, string expected) => Assert.Equal(expected, PhoneNumber.Parse(typed, country)?.E164);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(null)]
    [InlineData("+")]
    [InlineData("hola")]
    [InlineData("+52 55 1234 567")]
    [InlineData("+52 55 1234 56789")]
    [InlineData("+1 415 555 267")]
    [InlineData("+62 00 812 3456 7890")]
    [InlineData("+34 1234567890")]
    [InlineData("55 1234 5678")]
    [InlineData("+0 55 1234 5678")]
    [InlineData("+999 1234 5678")]
    [InlineData("+52 55 1234 5678 ext 3")]
    [InlineData("++525512345678")]
    [InlineData("52+5512345678")]
    [InlineData("+1234567890123456")]
    [InlineData("whatsapp:+525512345678")]
    public void What_is_no_number_is_refused(string? typed) => Assert.Null(PhoneNumber.Parse(typed));

    [Theory]
    [InlineData("+5215512345678", "+525512345678")]
    [InlineData("+5491123456789", "+541123456789")]
    [InlineData("+553187654321", "+5531987654321")]
    [InlineData("+22997123456", "+2290197123456")]
    public void The_old_and_the_new_form_are_one_person(string old, string now)
    {
        Assert.Equal(PhoneNumber.Parse(now)!.Canonical, PhoneNumber.Parse(old)!.Canonical);
        Assert.Equal(old, PhoneNumber.Parse(old)!.E164);
        Assert.Equal(PhoneNumber.Parse(now)!.Canonical, PhoneNumber.FromAddress("whatsapp:" + old)!.Canonical);
    }

    [Theory]
    [InlineData("+5511987654321", "+551187654322")] // another subscriber
    [InlineData("+553132654321", "+5531932654321")] // a Brazilian fixed line never got the ninth digit
    [InlineData("+525512345678", "+15512345678")]
    public void Different_lines_stay_different(string one, string other) =>
        Assert.NotEqual(PhoneNumber.FromAddress("whatsapp:" + one)!.Canonical, PhoneNumber.FromAddress("whatsapp:" + other)!.Canonical);

    [Theory]
    [InlineData("whatsapp:MX.a1b2c3")]
    [InlineData("whatsapp:+52x5512345678")]
    [InlineData("whatsapp:+0155123456")]
    [InlineData("whatsapp:+12")]
    [InlineData("whatsapp:+1234567890123456")]
    [InlineData("mx+525512345678")]
    [InlineData("")]
    public void An_address_without_a_phone_has_none(string address) => Assert.Null(PhoneNumber.FromAddress(address));

    [Fact]
    public void An_address_is_trusted_even_when_the_table_does_not_know_its_length() =>
        Assert.Equal("+52551234567", PhoneNumber.FromAddress("whatsapp:+52551234567")!.E164);

    [Fact]
    public void Every_calling_code_has_numbers_that_pass_and_lengths_that_do_not()
    {
        Assert.Equal(211, CallingCodes.All.Count());
        foreach (var plan in CallingCodes.All)
        {
            for (var length = 1; length <= 16; length++)
            {
                var number = $"+{plan.Code}{new string('5', length)}";
                var canonicalised = plan.Code is "52" or "54" or "55" or "229"; // their older forms pass too
                if (!canonicalised) Assert.Equal(plan.Fits(length) && number.Length is >= 8 and <= 16, PhoneNumber.Parse(number) is not null);
            }
        }
    }

    [Fact]
    public void Any_text_gives_nothing_or_a_well_formed_number_that_gives_itself_again()
    {
        var pieces = Gen.Elements("+", "00", "0", "52", "1", "55", "9", "54", "62", "229", "(0)", " ", "-", ".", "３", "x", "\u202a", "123456", "5512345678", "98765432");
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>(),
            pieces.ListOf().Select(parts => string.Concat(parts)),
            Gen.Choose(0, 9).ListOf().Select(digits => "+" + string.Concat(digits)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            foreach (var country in new[] { null, "MX", "ID", "BR", "AR", "US", "DE", "??" })
            {
                if (PhoneNumber.Parse(text, country) is not { } number) continue;
                Assert.Matches(E164(), number.E164);
                Assert.Matches(E164(), number.Canonical);
                Assert.Equal(number.E164, PhoneNumber.Parse(number.E164)?.E164);
                Assert.Equal(number.Canonical, PhoneNumber.Parse(number.Canonical)?.Canonical);
                Assert.Equal(number.Canonical, PhoneNumber.FromAddress("whatsapp:" + number.E164)?.Canonical);
            }
        }));
    }

    [Fact]
    public void Endless_text_is_not_even_looked_at() => Assert.Null(PhoneNumber.Parse("+52 55 1234 5678" + new string(' ', 1_000_000)));

    [GeneratedRegex(@"^\+[1-9]\d{6,14}$")]
    private static partial Regex E164();
}
