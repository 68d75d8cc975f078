using FocoBot.Assistant.LanguageModels;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Tests.LanguageModels;

public class LanguageModelOptionsTests
{
    private static LanguageModelOptions Read(params (string Key, string Value)[] settings) => LanguageModelOptions.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());

    [Fact]
    public void Without_keys_nothing_is_configured()
    {
        Assert.False(Read().IsConfigured);
        Assert.False(Read(("OPENAI_API_KEY", " "), ("GLM_MODEL", "glm-5")).IsConfigured);
    }

    [Fact]
    public void Providers_with_a_key_are_asked_in_the_default_order_at_their_public_addresses()
    {
        var options = Read(("GLM_API_KEY", "g"), ("KIMI_API_KEY", "k"), ("OPENAI_API_KEY", "o"));
        Assert.True(options.IsConfigured);
        Assert.Equal(["openai", "kimi", "glm"], options.ProviderNames);
        Assert.Equal(
            ["https://api.openai.com/v1/chat/completions", "https://api.moonshot.ai/v1/chat/completions", "https://api.z.ai/api/paas/v4/chat/completions"],
            options.Endpoints.Select(endpoint => endpoint.Url.ToString()));
    }

    [Fact]
    public void The_order_setting_sorts_and_leaves_out() =>
        Assert.Equal(
            ["glm", "openai"],
            Read(("GLM_API_KEY", "g"), ("KIMI_API_KEY", "k"), ("OPENAI_API_KEY", "o"), ("FOCOBOT_LLM_ORDER", " GLM, openai")).ProviderNames);

    [Theory]
    [InlineData("FOCOBOT_LLM_ORDER", "openai,claudio", "claudio")]
    [InlineData("FOCOBOT_LLM_ORDER", "openai,OPENAI", "twice")]
    [InlineData("OPENAI_BASE_URL", "http://api.openai.com/v1", "OPENAI_BASE_URL")]
    [InlineData("OPENAI_BASE_URL", "api.openai.com", "OPENAI_BASE_URL")]
    [InlineData("OPENAI_BASE_URL", "https://me:secret@host/v1", "OPENAI_BASE_URL")]
    [InlineData("OPENAI_BASE_URL", "https://host/v1?key=secret", "OPENAI_BASE_URL")]
    [InlineData("OPENAI_API_KEY", "sk-secret\r\nX-Evil: 1", "OPENAI_API_KEY")]
    public void A_wrong_setting_is_a_start_up_error_that_names_it_and_no_secret(string key, string value, string named)
    {
        var settings = new Dictionary<string, string> { ["OPENAI_API_KEY"] = "sk-secret", [key] = value };
        var error = Assert.Throws<InvalidOperationException>(() => Read([.. settings.Select(s => (s.Key, s.Value))]));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_and_address_can_be_set_and_this_machine_needs_no_https()
    {
        var endpoint = Read(("KIMI_API_KEY", "k"), ("KIMI_MODEL", "kimi-k3"), ("KIMI_BASE_URL", "http://localhost:8080/v1/")).Endpoints.Single();
        Assert.Equal(("kimi-k3", "http://localhost:8080/v1/chat/completions"), (endpoint.Model, endpoint.Url.ToString()));
        Assert.DoesNotContain("k3", endpoint.ToString(), StringComparison.Ordinal);
    }
}
