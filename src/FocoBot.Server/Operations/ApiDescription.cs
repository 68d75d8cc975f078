using FocoBot.Accounts;
using FocoBot.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FocoBot.Operations;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string ProblemSchema = "Problem";
    private const string Cookie = "cookie";
    private const string ApiKey = "apiKey";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = info => IsGiven(info.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(info);
        options.AddDocumentTransformer(Introduce);
        options.AddOperationTransformer(AddWhatAllShare);
        options.AddSchemaTransformer(DescribeGiven);
        options.AddDocumentTransformer(LetRequestsBeShort);
    });

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FocoBot",
            Version = "v1",
            Description = "Tasks, projects, their events, and the WhatsApp channel. Times are ISO 8601 in UTC; lists are `{items, nextCursor}`; errors are RFC 9457 problems with a `code`.",
        };
        document.AddComponent<IOpenApiSchema>(ProblemSchema, Problem());
        document.AddComponent<IOpenApiSecurityScheme>(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = SessionCookie.SecureName,
            Description = "A web session, from `POST /api/auth/login`. Changes must come from our own pages.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key, from `POST /api/keys`; in this header only, never in an address.",
        });
        return Task.CompletedTask;
    }

    private static Task AddWhatAllShare(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var responses = operation.Responses ??= [];
        foreach (var group in metadata.OfType<MayRefuse>().GroupBy(refusal => refusal.Status))
            responses[$"{group.Key}"] = Refusal(string.Join(", ", group.Select(refusal => $"`{refusal.Code}`")), context);
        responses.TryAdd("default", Refusal("Any other problem; its `code` says which.", context));

        var guards = metadata.OfType<IAuthorizeData>().ToList();
        if (guards.Count == 0 || metadata.OfType<IAllowAnonymous>().Any()) return Task.CompletedTask;
        responses.TryAdd("401", Refusal("`AUTHENTICATION_FAILED`", context));
        responses.TryAdd("403", Refusal("`FORBIDDEN`: the key lacks the scope.", context));
        var scopes = guards.Select(guard => guard.Policy).Where(policy => Scopes.All.Contains(policy)).Distinct().ToList();
        if (scopes.Count > 0) operation.Description = $"{operation.Description} An API key needs `{string.Join("`, `", scopes)}`.".TrimStart();
        operation.Security = [Requirement(Cookie, context), Requirement(ApiKey, context)];
        return Task.CompletedTask;
    }

    // What may be null may be missing, in all that callers send.
    private static Task LetRequestsBeShort(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        var seen = new HashSet<IOpenApiSchema>();
        foreach (var operation in document.Paths.Values.Where(path => path.Operations is not null).SelectMany(path => path.Operations!.Values))
            foreach (var content in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>()) Visit(content.Value.Schema);
        return Task.CompletedTask;

        void Visit(IOpenApiSchema? schema)
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } id }) schema = document.Components?.Schemas is { } all && all.TryGetValue(id, out var found) ? found : null;
            if (schema is not OpenApiSchema known || !seen.Add(known)) return;
            foreach (var (name, property) in known.Properties ?? new Dictionary<string, IOpenApiSchema>())
            {
                if (MayBeNull(property)) known.Required?.Remove(name);
                Visit(property);
            }

            Visit(known.Items);
            foreach (var one in known.OneOf ?? []) Visit(one);
        }
    }

    private static bool MayBeNull(IOpenApiSchema schema) => schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(MayBeNull) == true;

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiOperationTransformerContext context) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };

    private static OpenApiResponse Refusal(string description, OpenApiOperationTransformerContext context) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, context.Document) },
        },
    };

    private static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457. `code` is for programs, `detail` for people.",
        Required = new HashSet<string> { "status", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["field"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "With `INVALID`: the member or parameter." },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "With `INTERNAL`: what to tell the operator." },
        },
    };

    private static async Task DescribeGiven(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (!IsGiven(context.JsonTypeInfo.Type)) return;
        var inner = await context.GetOrCreateSchemaAsync(context.JsonTypeInfo.Type.GenericTypeArguments[0], cancellationToken: cancellation).ConfigureAwait(false);
        schema.Type = inner.Type | JsonSchemaType.Null;
        schema.Format = inner.Format;
    }

    private static bool IsGiven(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Given<>);
}
