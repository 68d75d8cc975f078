using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>The offline network's media host, and how it and the phones' files are played with over HTTP.</summary>
public class MediaHostTests
{
    [Fact]
    public async Task It_takes_only_what_is_allowed_and_is_what_its_name_says()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        using var http = new HttpClient(sandbox.MediaHandler()) { BaseAddress = sandbox.Network.MediaBaseUrl };
        var file = MediaFiles.Bytes();
        var name = Convert.ToBase64String(SHA256.HashData(file)).Replace('+', '-').Replace('/', '_');
        var auth = sandbox.Network.Media.Auth;
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(file, "image", name, name, "other"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(file, "image", name, name + "x", auth));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(file[1..], "image", name, name, auth));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(file, "nothing", name, name, auth));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(file, "image", name, name, auth));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(file, "image", name.TrimEnd('='), name.TrimEnd('='), auth));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v/nothing.enc")).StatusCode);

        async Task<HttpStatusCode> PostAsync(byte[] body, string type, string path, string token, string leave)
        {
            using var answer = await http.PostAsync($"/mms/{type}/{path}?auth={leave}&token={Uri.EscapeDataString(token)}", new ByteArrayContent(body));
            if (!answer.IsSuccessStatusCode) return answer.StatusCode;
            var place = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(body, await http.GetByteArrayAsync(place.GetProperty("direct_path").GetString() + $"&hash={Uri.EscapeDataString(name)}"));
            Assert.Equal(body, await http.GetByteArrayAsync(place.GetProperty("url").GetString()));
            using var part = new HttpRequestMessage(HttpMethod.Get, place.GetProperty("url").GetString()) { Headers = { Range = new(16, 31) } };
            Assert.Equal(body[16..32], await (await http.SendAsync(part)).Content.ReadAsByteArrayAsync());
            Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(place.GetProperty("direct_path").GetString() + "&hash=other")).StatusCode);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Who_does_not_trust_its_authority_does_not_talk_to_it()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(sandbox.Network.MediaBaseUrl));
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("url")]
    public async Task Phones_send_files_show_them_and_let_them_vanish_over_http(string how)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, bob) = (sandbox.AddPhone("Ana"), sandbox.AddPhone("Bob"));
        using var http = new HttpClient { BaseAddress = sandbox.Http };
        var info = await http.GetFromJsonAsync<JsonElement>("/sandbox/info");
        Assert.Equal(sandbox.Network.MediaBaseUrl!.ToString(), info.GetProperty("mediaBaseUrl").GetString());
        Assert.Contains("expire-media", await http.GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", info.GetProperty("mediaCertificateAuthority").GetString(), StringComparison.Ordinal);

        var file = how == "url" ? await http.GetByteArrayAsync("/sandbox/phones/" + ana.Number) : MediaFiles.Bytes();
        object media = how == "url"
            ? new { kind = "document", mimeType = "application/json", url = new Uri(sandbox.Http, "/sandbox/phones/" + ana.Number), fileName = "ana.json" }
            : new { kind = "voiceNote", mimeType = "audio/ogg; codecs=opus", base64 = file };
        var answer = await http.PostAsJsonAsync($"/sandbox/phones/{ana.Number}/send", new { to = bob.Number, media });
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await SandboxServer.ShownAsync(bob, shown => shown.Id == id);
        var shown = (await http.GetFromJsonAsync<JsonElement>($"/sandbox/phones/{bob.Number}/messages")).GetProperty("items")[0].GetProperty("media");
        Assert.Equal((how == "url" ? "document" : "ptt", file.Length, MediaFiles.Sha256(file)), (shown.GetProperty("kind").GetString(), shown.GetProperty("size").GetInt64(), shown.GetProperty("sha256").GetString()));

        Assert.Equal(HttpStatusCode.OK, (await http.PostAsJsonAsync($"/sandbox/phones/{bob.Number}/expire-media", new { id })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsJsonAsync($"/sandbox/phones/{bob.Number}/expire-media", new { id = "other" })).StatusCode);
    }

    [Theory]
    [InlineData("""{"to":"15550000002"}""")]
    [InlineData("""{"to":"15550000002","media":{"kind":"nothing","mimeType":"a/b","base64":"AA=="}}""")]
    [InlineData("""{"to":"15550000002","media":{"kind":"image","mimeType":"a/b"}}""")]
    [InlineData("""{"to":"15550000002","media":{"kind":"image","mimeType":"a/b","base64":"?"}}""")]
    [InlineData("""{"to":"15550000002","media":{"kind":"image","mimeType":"a/b","url":"file:///etc/hostname"}}""")]
    [InlineData("""{"to":"15550000002","media":{"kind":"audio","mimeType":"a/b","base64":"AA==","caption":"x"}}""")]
    [InlineData("""{"to":"15550000002","text":"x","media":{"kind":"image","mimeType":"a/b","base64":"AA=="}}""")]
    public async Task What_can_not_be_sent_is_refused(string body)
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        sandbox.AddPhone("Bob");
        using var http = new HttpClient { BaseAddress = sandbox.Http };
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync($"/sandbox/phones/{ana.Number}/send", content)).StatusCode);
    }
}
