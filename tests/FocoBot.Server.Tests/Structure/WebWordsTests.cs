using System.Reflection;
using System.Text.RegularExpressions;
using FocoBot.Security;

namespace FocoBot.Tests.Structure;

/// <summary>What the server names, the web app says in words.</summary>
public partial class WebWordsTests
{
    [Theory]
    [InlineData("es")]
    [InlineData("en")]
    public void Every_audited_action_has_words(string language)
    {
        var names = typeof(AuditActions).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var devices = SourceTree.Sources("src/FocoBot.Server/").SelectMany(file => DeviceActions().Matches(SourceTree.Read(file))).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("message_sent", devices);
        Assert.Empty(names.Concat(devices).Except(Keys(language)));
    }

    [Theory]
    [InlineData("es")]
    [InlineData("en")]
    public void Every_code_of_a_refusal_has_words(string language)
    {
        var codes = SourceTree.Sources("src/FocoBot.Server/").SelectMany(file => Refusals().Matches(SourceTree.Read(file))).SelectMany(refusal => Codes().Matches(refusal.Value)).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("NOT_FOUND", codes);
        Assert.Empty(codes.Except(Keys(language)));
    }

    private static HashSet<string> Keys(string language) => [.. Entries().Matches(SourceTree.Read($"web/src/i18n/{language}.ts")).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"^\s+(\w+): '", RegexOptions.Multiline)]
    private static partial Regex Entries();

    [GeneratedRegex(@"DeviceAudit\.WriteAsync\([^;""]*""(\w+)""")]
    private static partial Regex DeviceActions();

    [GeneratedRegex(@"Problem\.Of\([^;""]*""[A-Z_]+""|MayRefuse\([^)]*\)")]
    private static partial Regex Refusals();

    [GeneratedRegex(@"""([A-Z_]+)""")]
    private static partial Regex Codes();
}
