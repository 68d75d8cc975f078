namespace FocoBot.Assistant.LanguageModels;

/// <summary>
/// The configured providers in the order they are asked: <c>OPENAI_API_KEY</c>, <c>KIMI_API_KEY</c>, <c>GLM_API_KEY</c>, each with
/// <c>…_MODEL</c> and <c>…_BASE_URL</c>, and <c>FOCOBOT_LLM_ORDER</c>. A provider without a key is left out, as is one that the order doesn't name.
/// </summary>
public sealed class LanguageModelOptions
{
    private const string OrderSetting = "FOCOBOT_LLM_ORDER";

    private LanguageModelOptions(IReadOnlyList<Endpoint> endpoints) => Endpoints = endpoints;

    /// <summary>Whether any provider can be asked.</summary>
    public bool IsConfigured => Endpoints.Count > 0;

    /// <summary>Names of the providers, first asked first; for status pages and start-up messages.</summary>
    public IReadOnlyList<string> ProviderNames => [.. Endpoints.Select(endpoint => endpoint.Provider.Name)];

    internal IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it and never its secret.</exception>
    public static LanguageModelOptions From(IConfiguration configuration) =>
        new([.. Order(configuration[OrderSetting]).Select(provider => Read(provider, configuration)).OfType<Endpoint>()]);

    private static IReadOnlyList<Provider> Order(string? setting)
    {
        var names = (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
            return Provider.All;
        if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length)
            throw new InvalidOperationException($"{OrderSetting} names a provider twice: {setting}.");
        return [.. names.Select(name =>
            Provider.All.FirstOrDefault(provider => provider.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException(
                $"{OrderSetting} names '{name}', which is no provider. Known: {string.Join(", ", Provider.All.Select(provider => provider.Name))}."))];
    }

    private static Endpoint? Read(Provider provider, IConfiguration configuration)
    {
        var key = configuration[$"{provider.SettingPrefix}_API_KEY"]?.Trim();
        if (string.IsNullOrEmpty(key))
            return null;
        if (!key.All(c => c is > ' ' and <= '~'))
            throw new InvalidOperationException($"{provider.SettingPrefix}_API_KEY holds a character that no key has.");

        return new Endpoint(
            provider,
            key,
            Or(configuration[$"{provider.SettingPrefix}_MODEL"], provider.DefaultModel),
            ChatUrl($"{provider.SettingPrefix}_BASE_URL", Or(configuration[$"{provider.SettingPrefix}_BASE_URL"], provider.DefaultBaseUrl)));
    }

    private static string Or(string? setting, string otherwise) => string.IsNullOrWhiteSpace(setting) ? otherwise : setting.Trim();

    // The key and people's texts travel to this address, so it must be encrypted unless it never leaves the machine.
    private static Uri ChatUrl(string setting, string baseUrl) =>
        Uri.TryCreate(baseUrl.TrimEnd('/') + "/chat/completions", UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url
            : throw new InvalidOperationException($"{setting} must be an https address (http only on this machine) without user, query or fragment.");
}

/// <summary>A provider with its key, model and address. Deliberately no record: its text form must not hold the key.</summary>
internal sealed class Endpoint(Provider provider, string apiKey, string model, Uri url)
{
    public Provider Provider { get; } = provider;

    public string ApiKey { get; } = apiKey;

    public string Model { get; } = model;

    public Uri Url { get; } = url;
}
