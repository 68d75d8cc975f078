using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace FocoBot.Tests.Http;

/// <summary>What tests of the REST API say over and over.</summary>
internal static class Rest
{
    /// <summary>Sends a body exactly as written.</summary>
    public static Task<HttpResponseMessage> SendTextAsync(this HttpClient client, HttpMethod method, string path, string body, string contentType = "application/json", string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(contentType)) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> PatchTextAsync(this HttpClient client, string path, string body, string? ifMatch = null) =>
        client.SendTextAsync(HttpMethod.Patch, path, body, "application/merge-patch+json", ifMatch);

    public static Task<JsonElement> OkGetAsync(this HttpClient client, string path) => client.GetAsync(path, TestContext.Current.CancellationToken).OkJsonAsync();

    public static async Task<JsonElement> NewTaskAsync(this HttpClient client, string title, string? due = null, string? recurrence = null, string? priority = null, string? projectId = null, string? notes = null) =>
        await client.PostAsJsonAsync("/api/tasks", new { title, due, recurrence, priority, projectId, notes }, TestContext.Current.CancellationToken).OkJsonAsync();

    /// <summary>Titles of a list, in its order.</summary>
    public static async Task<List<string>> TitlesAsync(this HttpClient client, string query = "") =>
        [.. (await client.OkGetAsync("/api/tasks" + query)).GetProperty("items").EnumerateArray().Select(item => item.Text("title")!)];

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static string Id(this JsonElement element) => element.Text("id")!;
}
