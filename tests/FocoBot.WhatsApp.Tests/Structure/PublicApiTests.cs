namespace FocoBot.WhatsApp.Tests.Structure;

public class PublicApiTests
{
    // Set to accept what has changed: the file is then written anew, and its difference reviewed as any other.
    private const string Accept = "FOCOBOT_ACCEPT_API";

    [Fact]
    public void The_public_face_of_the_library_is_the_one_that_was_reviewed()
    {
        var file = Repository.Find("tests", "FocoBot.WhatsApp.Tests", "Structure", "public-api.txt");
        var now = PublicApi.Render(typeof(WhatsAppClient).Assembly).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(Accept) is { Length: > 0 })
            File.WriteAllText(file, now);
        var reviewed = File.ReadAllText(file).Split('\n');
        var lines = now.Split('\n');
        Assert.True(reviewed.SequenceEqual(lines), $"""
            The public API has changed. When that is meant, run this test with {Accept}=1 and commit the file.
            Gone: {string.Join("\n      ", reviewed.Except(lines))}
            New:  {string.Join("\n      ", lines.Except(reviewed))}
            """);
    }

    [Fact]
    public void No_record_prints_what_is_in_it() => Assert.Empty(PublicApi.Talkative(typeof(WhatsAppClient).Assembly));

    [Fact]
    public void What_asks_the_server_or_the_store_can_be_given_up()
    {
        var offences = from type in typeof(WhatsAppClient).Assembly.GetExportedTypes()
                       where !PublicApi.IsGenerated(type)
                       from method in type.GetMethods()
                       where method.DeclaringType == type && method.Name.EndsWith("Async", StringComparison.Ordinal)
                       where method.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken)
                       select $"{type.Name}.{method.Name}";
        // To be done with, and what takes as long as it takes: half a commit is none.
        Assert.Equal(["IDeviceStore.CommitAsync", "InMemoryDeviceStore.CommitAsync", "WhatsAppClient.DisconnectAsync", "WhatsAppClient.DisposeAsync"], offences.Order(StringComparer.Ordinal));
    }
}
