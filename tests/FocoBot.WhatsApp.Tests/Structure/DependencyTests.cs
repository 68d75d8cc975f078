using System.Text.RegularExpressions;

namespace FocoBot.WhatsApp.Tests.Structure;

public partial class DependencyTests
{
    private static readonly string[] Layers = ["Noise", "Framing", "Binary", "Signal"];

    [Fact]
    public void The_layers_below_the_connection_do_not_know_each_other()
    {
        var offences = from layer in Layers
                       let folder = Repository.Find("src", "FocoBot.WhatsApp", layer)
                       where Directory.Exists(folder)
                       from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                       from Match used in Names().Matches(File.ReadAllText(file))
                       where used.Groups["layer"].Value != layer
                       select $"{Path.GetFileName(file)} names {used.Value}";
        Assert.Empty(offences);
    }

    [Fact]
    public void The_check_knows_a_layers_name_when_it_sees_one()
    {
        Assert.Matches(Names(), "using FocoBot.WhatsApp.Signal;");
        Assert.Matches(Names(), "using FocoBot.WhatsApp.Signal.Curve25519;");
        Assert.Matches(Names(), "var x = Signal.Session.New();");
        Assert.DoesNotMatch(Names(), "using System.Buffers.Binary;");
        Assert.DoesNotMatch(Names(), "a comment on Noise. And more");
    }

    [GeneratedRegex(@"FocoBot\.WhatsApp\.(?<layer>Noise|Framing|Binary|Signal)\b(?=;|\.)(?<!namespace [\w.]+)|(?<![\w.])(?<layer>Noise|Framing|Binary|Signal)\.[A-Z]")]
    private static partial Regex Names();
}
