using System.Text.Json.Nodes;

namespace FocoBot.Tests.Channels.Twilio.Contract;

/// <summary>
/// Twilio's own OpenAPI documents (out of the npm package @twilio/cli-core), cut to the calls we make and mended where they say less
/// than Twilio does, so that Prism can hold requests and answers against them.
/// </summary>
internal sealed class TwilioSpec
{
    private const string Documents = "@twilio/cli-core/src/services/twilio-api/";
    private const string MessagesPath = "/2010-04-01/Accounts/{AccountSid}/Messages.json";
    private const string MessagePath = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json";
    private const string TypingPath = "/v2/Indicators/Typing.json";
    private const string Form = "application/x-www-form-urlencoded";

    // The documents only say "phone-number", which no validator knows; and user ids without a phone are newer than they are.
    private const string AddressPattern = @"^((whatsapp:)?\+[1-9]\d{6,14}|whatsapp:[A-Z]{2}\.[A-Za-z0-9]{1,128})$";

    private static readonly (int Status, int Code, string Message)[] Refusals =
    [
        (400, 21211, "The 'To' number is not a valid phone number."),
        (401, 20003, "Authenticate"),
        (429, 20429, "Too Many Requests"),
        (500, 20500, "Internal Server Error"),
    ];

    private readonly JsonObject _spec;

    private TwilioSpec(JsonObject spec) => _spec = spec;

    /// <summary>The names CreateMessage takes.</summary>
    public IReadOnlySet<string> SendParameters => Names(Schema(Operation(MessagesPath, "post")["requestBody"]!["content"]![Form]!["schema"]!)["properties"]!);

    /// <summary>The names ListMessage takes in its query.</summary>
    public IReadOnlySet<string> ListParameters =>
        Operation(MessagesPath, "get")["parameters"]!.AsArray().Where(p => (string?)p!["in"] == "query").Select(p => (string)p!["name"]!).ToHashSet();

    /// <summary>The names the typing indicator takes.</summary>
    public IReadOnlySet<string> TypingParameters => Names(Schema(Operation(TypingPath, "post")["requestBody"]!["content"]![Form]!["schema"]!)["properties"]!);

    public static TwilioSpec Load()
    {
        var api = Read("twilio_api_v2010.json");
        var messaging = Read("twilio_messaging_v2.json");
        var spec = new TwilioSpec(new JsonObject
        {
            ["openapi"] = "3.0.1",
            ["info"] = api["info"]!.DeepClone(),
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject { ["securitySchemes"] = api["components"]!["securitySchemes"]!.DeepClone(), ["schemas"] = new JsonObject() },
        });
        spec.Take(api, MessagesPath);
        spec.Take(api, MessagePath);
        spec.Take(messaging, TypingPath);
        spec.Mend();
        return spec;
    }

    /// <summary>Writes the document for Prism to read.</summary>
    public void Save(string file) => File.WriteAllText(file, _spec.ToJsonString());

    private static JsonObject Read(string name) =>
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.ContractTool(Documents + name)))!.AsObject();

    private void Take(JsonObject from, string path)
    {
        var copy = from["paths"]![path]!.DeepClone().AsObject();
        copy.Remove("servers");
        _spec["paths"]![path] = copy;
        TakeReferences(from, copy);
    }

    private void TakeReferences(JsonObject from, JsonNode node)
    {
        foreach (var reference in Descendants(node).Select(n => (string?)n["$ref"]).OfType<string>().ToList())
        {
            var name = reference["#/components/schemas/".Length..];
            var schemas = _spec["components"]!["schemas"]!.AsObject();
            if (schemas.ContainsKey(name))
                continue;
            var schema = from["components"]!["schemas"]![name]!.DeepClone();
            schemas[name] = schema;
            TakeReferences(from, schema);
        }
    }

    private void Mend()
    {
        foreach (var node in Descendants(_spec).ToList())
        {
            if ((string?)node["format"] == "phone-number")
            {
                node.Remove("format");
                node["pattern"] = AddressPattern;
            }
        }

        // Pages are given as paths, in the documents' own examples too.
        foreach (var (name, property) in Operation(MessagesPath, "get")["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["properties"]!.AsObject())
        {
            if (name.EndsWith("uri", StringComparison.Ordinal))
                property!["format"] = "uri-reference";
        }

        // Form arrays are repeated fields; without this Prism takes a URL for something that should have been an array.
        Operation(MessagesPath, "post")["requestBody"]!["content"]![Form]!["encoding"] = new JsonObject { ["MediaUrl"] = Repeated(), ["PersistentAction"] = Repeated() };

        foreach (var (path, method) in (ReadOnlySpan<(string, string)>)[(MessagesPath, "post"), (MessagesPath, "get"), (MessagePath, "get"), (TypingPath, "post")])
        {
            foreach (var refusal in Refusals)
                Operation(path, method)["responses"]![$"{refusal.Status}"] = Refusal(refusal.Status, refusal.Code, refusal.Message);
        }
    }

    private static JsonObject Repeated() => new() { ["style"] = "form", ["explode"] = true, ["allowReserved"] = true };

    private static JsonObject Refusal(int status, int code, string message) => new()
    {
        ["description"] = message,
        ["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject
            {
                ["schema"] = new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray("code", "message", "more_info", "status"),
                    ["properties"] = new JsonObject
                    {
                        ["code"] = new JsonObject { ["type"] = "integer" },
                        ["message"] = new JsonObject { ["type"] = "string" },
                        ["more_info"] = new JsonObject { ["type"] = "string", ["format"] = "uri" },
                        ["status"] = new JsonObject { ["type"] = "integer", ["enum"] = new JsonArray(status) },
                    },
                },
                ["example"] = new JsonObject { ["code"] = code, ["message"] = message, ["more_info"] = $"https://www.twilio.com/docs/errors/{code}", ["status"] = status },
            },
        },
    };

    private JsonObject Operation(string path, string method) => _spec["paths"]![path]![method]!.AsObject();

    private JsonNode Schema(JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? _spec["components"]!["schemas"]![reference["#/components/schemas/".Length..]]! : schema;

    private static HashSet<string> Names(JsonNode properties) => properties.AsObject().Select(property => property.Key).ToHashSet();

    private static IEnumerable<JsonObject> Descendants(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(property => Descendants(property.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Descendants),
        _ => [],
    };
}
