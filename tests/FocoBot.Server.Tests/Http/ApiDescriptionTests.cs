using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FocoBot.Tests.Http;

public sealed partial class ApiDescriptionTests
{
    [Fact]
    public async Task Every_endpoint_under_api_is_described_with_an_operation_id_and_a_summary()
    {
        await using var server = await TestServer.StartAsync();
        var document = await server.Browser().OkGetAsync("/openapi/v1.json");
        var ids = new List<string?>();

        foreach (var endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = Constraint().Replace("/" + endpoint.RoutePattern.RawText!.Trim('/'), "}");
            if (!path.StartsWith("/api", StringComparison.Ordinal)) continue;
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Where(method => method != "CONNECT"))
            {
                Assert.True(document.GetProperty("paths").TryGetProperty(path, out var item), $"{path} is missing.");
                Assert.True(item.TryGetProperty(method.ToLowerInvariant(), out var operation), $"{method} {path} is missing.");
                Assert.True(operation.TryGetProperty("operationId", out var id), $"{method} {path} has no operationId.");
                Assert.True(operation.TryGetProperty("summary", out _), $"{method} {path} has no summary.");
                Assert.True(operation.GetProperty("responses").TryGetProperty("default", out _), $"{method} {path} describes no problems.");
                ids.Add(id.GetString());
            }
        }

        Assert.True(ids.Count > 15);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Security_problems_and_merge_patches_are_described()
    {
        await using var server = await TestServer.StartAsync();
        var document = await server.Browser().OkGetAsync("/openapi/v1.json");
        var (paths, components) = (document.GetProperty("paths"), document.GetProperty("components"));
        var change = paths.GetProperty("/api/tasks/{id}").GetProperty("patch");

        Assert.Equal(["apiKey", "cookie"], components.GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, change.GetProperty("security").GetArrayLength());
        Assert.Contains("tasks:write", change.Text("description"), StringComparison.Ordinal);
        Assert.Contains("VERSION_MISMATCH", change.GetProperty("responses").GetProperty("412").Text("description"), StringComparison.Ordinal);
        Assert.Equal("#/components/schemas/Problem", Content(change.GetProperty("responses").GetProperty("412"), "application/problem+json").Text("$ref"));
        Assert.True(change.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/merge-patch+json", out _));
        var title = components.GetProperty("schemas").GetProperty("TaskChange").GetProperty("properties").GetProperty("title");
        Assert.Equal(["null", "string"], title.GetProperty("type").EnumerateArray().Select(type => type.GetString()).Order(StringComparer.Ordinal));
        Assert.False(paths.GetProperty("/health/live").GetProperty("get").TryGetProperty("security", out _));
    }

    private static JsonElement Content(JsonElement response, string type) => response.GetProperty("content").GetProperty(type).GetProperty("schema");

    [GeneratedRegex(@":[^}]+\}")]
    private static partial Regex Constraint();
}
