using System.Reflection;

namespace FocoBot.Tests.Structure;

/// <summary>Every test runs on both engines but these, for what the other one does not have.</summary>
public class EngineTests
{
    private static readonly string[] OneEngineAlone =
    [
        "postgres: PartitionTests",                                                             // months as partitions
        "postgres: StartAndStopTests.A_database_that_does_not_answer_is_said_in_one_line",      // a server that may be away
        "sqlite: StartAndStopTests.A_second_server_on_the_same_file_refuses_and_the_first_goes_on", // a file that one server owns
    ];

    [Fact]
    public void Only_these_tests_are_for_one_engine_alone()
    {
        var types = typeof(EngineTests).Assembly.GetTypes();
        var marked = types.Select(type => (Member: (MemberInfo)type, type.Name))
            .Concat(types.SelectMany(type => type.GetMethods().Select(method => (Member: (MemberInfo)method, Name: $"{type.Name}.{method.Name}"))))
            .SelectMany(found => found.Member.GetCustomAttributes<TraitAttribute>(inherit: false).Where(trait => trait.Name == "Engine").Select(trait => $"{trait.Value}: {found.Name}"));
        Assert.Equal(OneEngineAlone, marked.Order(StringComparer.Ordinal));
    }
}
