using System.Security.Cryptography;
using System.Text;
using FocoBot.Channels.Twilio;

namespace FocoBot.Tests.Channels.Twilio;

public class TwilioSignatureTests
{
    // Vectors of Twilio's own SDK tests (twilio-csharp RequestValidatorTest, twilio-node webhooks.spec).
    private const string Token = "12345";
    private const string Body = "Digits=1234&CallSid=CA1234567890ABCDE&From=%2B14158675309&Caller=%2B14158675309&To=%2B18005551212";
    private const string SignedFields = "CallSidCA1234567890ABCDECaller+14158675309Digits1234From+14158675309To+18005551212";
    private const string JsonBody = """{"property": "value", "boolean": true}""";
    private const string JsonHash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

    private static readonly TwilioSignature Signature = new([Token]);

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData("https://MyCompany.com/myapp.php?foo=1&bar=2", "g9IN/x4Cft2g517EjYvEvM/W7LU=")]
    [InlineData("https://MyCompany.com:1234/myapp.php?foo=1&bar=2", "PCqOZm8cnu/L6+u5i5fuEd+Iac4=")]
    public void The_published_vectors_are_accepted(string url, string header) => Assert.True(Signature.IsValid(url, VectorForm(), header));

    [Fact]
    public void The_fragment_with_connection_overrides_is_not_signed() =>
        Assert.True(Signature.IsValid("https://mycompany.com/myapp.php?foo=1&bar=2#rc=3&rp=all", VectorForm(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));

    [Theory]
    [InlineData("https://mycompany.com:443/myapp.php?foo=1&bar=2")]
    [InlineData("https://mycompany.com:8443/myapp.php?foo=1&bar=2")]
    public void A_signature_made_without_the_port_is_accepted(string url) =>
        Assert.True(Signature.IsValid(url, VectorForm(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));

    [Theory]
    [InlineData("https://example.org/in", "https://example.org:443/in")]
    [InlineData("http://example.org/in", "http://example.org:80/in")]
    [InlineData("https://example.org", "https://example.org:443")]
    [InlineData("https://[2001:db8::1]/in?a=b:c", "https://[2001:db8::1]:443/in?a=b:c")]
    public void A_signature_made_with_the_standard_port_is_accepted(string configured, string signed) =>
        Assert.True(Signature.IsValid(configured, VectorForm(), Sign(signed + SignedFields)));

    [Fact]
    public void Percent_escapes_of_the_path_stay_as_they_are()
    {
        const string url = "https://example.org/hook%2Fin?q=a%20b";
        Assert.True(Signature.IsValid(url, TwilioForm.Empty, Sign(url)));
        Assert.False(Signature.IsValid("https://example.org/hook/in?q=a b", TwilioForm.Empty, Sign(url)));
    }

    [Fact]
    public void Empty_values_and_outer_spaces_are_signed_as_received()
    {
        const string url = "https://example.org/in";
        var form = Forms.Of(("Body", " hola  "), ("Empty", ""), ("Á", "ñandú 🐦"));
        Assert.True(Signature.IsValid(url, form, Sign(url + "Body hola  EmptyÁñandú 🐦")));
    }

    [Fact]
    public void Of_a_repeated_key_each_distinct_value_is_signed_once_in_order()
    {
        const string url = "https://example.org/in";
        var form = Forms.Parse("k=b&a=1&k=a&k=b");
        Assert.True(Signature.IsValid(url, form, Sign(url + "a1kakb")));
    }

    [Fact]
    public void Either_token_is_accepted_while_rotating()
    {
        var both = new TwilioSignature(["a-newer-token", Token]);
        Assert.True(both.IsValid("https://mycompany.com/myapp.php?foo=1&bar=2", VectorForm(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        Assert.False(new TwilioSignature(["a-newer-token"]).IsValid("https://mycompany.com/myapp.php?foo=1&bar=2", VectorForm(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B9=")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B8")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B8=RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData("not base64 at all, 28 chars!")]
    public void A_forged_or_missing_header_is_refused(string? header) =>
        Assert.False(Signature.IsValid("https://mycompany.com/myapp.php?foo=1&bar=2", VectorForm(), header));

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=3", Body)]
    [InlineData("http://mycompany.com/myapp.php?foo=1&bar=2", Body)]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", Body + "&Extra=1")]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "Digits=12345&CallSid=CA1234567890ABCDE&From=%2B14158675309&Caller=%2B14158675309&To=%2B18005551212")]
    public void Any_change_of_url_or_form_is_refused(string url, string body) =>
        Assert.False(Signature.IsValid(url, Forms.Parse(body), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));

    [Fact]
    public void Without_a_token_nothing_is_accepted() =>
        Assert.False(new TwilioSignature([]).IsValid("https://mycompany.com/myapp.php?foo=1&bar=2", VectorForm(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));

    [Fact]
    public void A_json_request_is_checked_by_url_and_by_the_hash_of_its_body()
    {
        var url = $"https://mycompany.com/myapp.php?bodySHA256={JsonHash}";
        var header = Sign(url);
        Assert.True(Signature.IsValidJson(url, Encoding.UTF8.GetBytes(JsonBody), header));
        Assert.False(Signature.IsValidJson(url, Encoding.UTF8.GetBytes(JsonBody + " "), header));
        Assert.False(Signature.IsValidJson(url, Encoding.UTF8.GetBytes(JsonBody), Sign(url + "&x=1")));
        Assert.False(Signature.IsValidJson("https://mycompany.com/myapp.php", Encoding.UTF8.GetBytes(JsonBody), Sign("https://mycompany.com/myapp.php")));
    }

    [Fact]
    public void Checking_allocates_next_to_nothing()
    {
        var form = VectorForm();
        bool Check() => Signature.IsValid("https://mycompany.com/myapp.php?foo=1&bar=2", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        Assert.True(Check());

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Check();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1000);
    }

    private static TwilioForm VectorForm() => Forms.Parse(Body);

    private static string Sign(string text) => Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(text)));
}
