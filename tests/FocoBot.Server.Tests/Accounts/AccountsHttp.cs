using System.Net.Http.Json;
using System.Text.Json;

namespace FocoBot.Tests.Accounts;

/// <summary>What the tests of this room say over and over.</summary>
internal static class AccountsHttp
{
    public static async Task<JsonElement> RefusedAsync(this Task<HttpResponseMessage> pending, int status, string code)
    {
        using var response = await pending;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }

    public static Task<HttpResponseMessage> RegisterAsync(this HttpClient client, string email, string password = TestServer.Password, string? invite = null) =>
        client.PostAsync("/api/auth/register", new { email, password, invite });

    public static Task<HttpResponseMessage> LoginAsync(this HttpClient client, string email, string password = TestServer.Password, string? code = null) =>
        client.PostAsync("/api/auth/login", new { email, password, code });

    public static Task<HttpResponseMessage> GetMeAsync(this HttpClient client) => client.GetAsync("/api/auth/me", TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> GetPathAsync(this HttpClient client, string path) => client.GetAsync(path, TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> DeletePathAsync(this HttpClient client, string path, object? body = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, path) { Content = body is null ? null : JsonContent.Create(body) };
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<long> CountAsync(this TestServer server, string sql, object? args = null) =>
        server.Database.AsService("test").ReadAsync(work => work.ScalarAsync<long>(sql, args));

    public static Task<long> AuditedAsync(this TestServer server, string action, string? code = null) =>
        server.CountAsync("SELECT count(*) FROM whatsapp_security_audit_log WHERE action_type = @action AND coalesce(error_code, '') = coalesce(@code, error_code, '')", new { action, code });
}
