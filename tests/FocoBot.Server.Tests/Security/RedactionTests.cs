using FocoBot.Security;

namespace FocoBot.Tests.Security;

public class RedactionTests
{
    [Theory]
    [InlineData("no address for +5215512345678", "no address for +52****78")]
    [InlineData("whatsapp:+5215512345678 said", "whatsapp:+52****78 said")]
    [InlineData("GET /x?phone=%2B5215512345678&y=1", "GET /x?phone=%2B52****78&y=1")]
    [InlineData("WaId 5215512345678.", "WaId 52****78.")]
    [InlineData("call +52 1 55 1234 5678", "call +52****78")]
    [InlineData("whatsapp:MX.Ab12-cd", "whatsapp:MX.****")]
    [InlineData("whatsapp%3AMX.Ab12", "whatsapp%3AMX.****")]
    [InlineData("key fb_abcdefgh12345678_-x and", "key fb_**** and")]
    [InlineData("Authorization: Bearer abc.def", "Authorization: Bearer ****")]
    [InlineData("/reset?token=abc&x=1", "/reset?token=****&x=1")]
    [InlineData("""{"password": "verde-río"}""", """{"password": "****"}""")]
    [InlineData("VERIFICAR 123456", "VERIFICAR ****")]
    [InlineData("Body=VERIFY+123456&From=x", "Body=VERIFY+****&From=x")]
    [InlineData("/#t=0123456789012345678901234567890123456789abc", "/#t=****")]
    [InlineData("starting HTTP/1.1 GET http://localhost/api/tasks?filter=search:jarabe - text/html", "starting HTTP/1.1 GET http://localhost/api/tasks?**** - text/html")]
    public void Secrets_are_hidden(string text, string expected) => Assert.Equal(expected, Redaction.Of(text));

    [Theory]
    [InlineData("Request finished HTTP/1.1 GET http://localhost:5080/health/ready - 200 - application/json 12.3456ms")]
    [InlineData("Now listening on: http://127.0.0.1:5080")]
    [InlineData("SM0123456789abcdef0123456789abcdef was accepted")]
    [InlineData("GET /api/tasks/0198c0de-1234-7abc-8def-0123456789ab")]
    [InlineData("Twilio refuses our credentials or sender (error 63051); sending pauses for 60 s")]
    [InlineData("2026-07-14T12:34:56.789Z at line 1234567")]
    public void What_is_no_secret_stays(string text) => Assert.Equal(text, Redaction.Of(text));
}
