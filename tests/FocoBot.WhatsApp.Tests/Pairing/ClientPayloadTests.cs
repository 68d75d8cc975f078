using System.Text.Json;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Tests.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Pairing;

public class ClientPayloadTests
{
    private static readonly AppVersion Version = new() { Primary = 2, Secondary = 3000, Tertiary = 1043857760 };

    [Fact]
    public void A_registration_is_byte_for_byte_that_of_Baileys()
    {
        var registrations = ClientPayloadVectors.All().Where(p => p.Decoded.TryGetProperty("devicePairingData", out _)).ToList();
        Assert.Equal(3, registrations.Count);
        foreach (var (decoded, raw) in registrations)
        {
            var data = decoded.GetProperty("devicePairingData");
            var id = Base64(data, "eRegid");
            var keys = new RegistrationKeys(
                (uint)(id[0] << 24 | id[1] << 16 | id[2] << 8 | id[3]), Base64(data, "eIdent"), 1, Base64(data, "eSkeyVal"), Base64(data, "eSkeySig"));
            Assert.Equal(raw, ClientPayloads.Register(Version, keys, CompanionPlatform.Chrome, fullHistory: true).ToByteArray());
        }
    }

    [Fact]
    public void A_login_is_that_of_Baileys_but_for_the_migrated_LIDs_and_the_counter()
    {
        var logins = ClientPayloadVectors.All().Where(p => p.Decoded.TryGetProperty("username", out _)).ToList();
        Assert.Equal(3, logins.Count);
        foreach (var (_, raw) in logins)
        {
            var login = ClientPayloads.Login(Version, 15550000000, 3, loginCounter: 7);
            Assert.Equal((true, 7), (login.LidDbMigrated, login.Lc));
            login.LidDbMigrated = false;
            login.ClearLc();
            Assert.Equal(raw, login.ToByteArray());
        }
    }

    private static byte[] Base64(JsonElement data, string name) => data.GetProperty(name).GetBytesFromBase64();

    [Theory]
    [InlineData("+1 (555) 123-4567", "15551234567")]
    [InlineData("15551234567", "15551234567")]
    [InlineData(" +34 600 000 000 ", "34600000000")]
    public void Phone_numbers_are_reduced_to_their_digits(string typed, string digits) => Assert.Equal(digits, PhoneNumber.Normalize(typed));

    [Theory]
    [InlineData("")]
    [InlineData("123456")]
    [InlineData("0034600000000")]
    [InlineData("1234567890123456")]
    [InlineData("555-CALL-NOW")]
    [InlineData("15551+234567")]
    [InlineData("١٥٥٥١٢٣٤٥٦٧")]
    [InlineData("15551234567@s.whatsapp.net")]
    public void What_is_no_phone_number_is_said_so_without_repeating_it(string typed)
    {
        var error = Assert.Throws<FormatException>(() => PhoneNumber.Normalize(typed));
        if (typed.Length > 0)
            Assert.DoesNotContain(typed, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_display_name_has_the_one_form_that_the_server_takes() => Assert.Equal("Chrome (Mac OS)", CompanionPlatform.Chrome.Display);
}
