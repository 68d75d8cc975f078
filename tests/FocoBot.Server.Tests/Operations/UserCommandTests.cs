using FocoBot.Operations;
using FocoBot.Tests.Accounts;

namespace FocoBot.Tests.Operations;

public class UserCommandTests
{
    [Fact]
    public async Task It_adds_an_administrator_with_a_password_from_the_input()
    {
        await using var data = await TestDatabase.CreateAsync();
        var (exit, output, _) = await RunAsync(data, TestServer.Password + "\n", "user", "add", "--email", "root@example.com", "--admin");

        Assert.Equal(0, exit);
        Assert.DoesNotContain(TestServer.Password, output, StringComparison.Ordinal);
        var me = await LoginAsync(data, "root@example.com", TestServer.Password);
        Assert.Equal("admin", me.GetProperty("role").GetString());
    }

    [Fact]
    public async Task Without_input_it_makes_a_password_and_prints_it()
    {
        await using var data = await TestDatabase.CreateAsync();
        var (exit, output, _) = await RunAsync(data, null, "user", "add", "--email", "ana@example.com");

        Assert.Equal(0, exit);
        var me = await LoginAsync(data, "ana@example.com", output.Trim().Split(' ')[^1]);
        Assert.Equal("user", me.GetProperty("role").GetString());
    }

    [Fact]
    public async Task What_it_cannot_do_it_says_and_exits_with_an_error()
    {
        await using var data = await TestDatabase.CreateAsync();
        Assert.Equal(0, (await RunAsync(data, TestServer.Password, "user", "add", "--email", "ana@example.com")).Exit);

        var taken = await RunAsync(data, TestServer.Password, "user", "add", "--email", "ANA@example.com");
        Assert.Equal(1, taken.Exit);
        Assert.Contains("has this e-mail", taken.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(data, "short", "user", "add", "--email", "bo@example.com")).Exit);
        foreach (var args in new[] { new[] { "user" }, ["user", "add"], ["user", "add", "--email"], ["user", "add", "--email", "nonsense"], ["user", "add", "--email", "bo@example.com", "--root"] })
        {
            var wrong = await RunAsync(data, null, args);
            Assert.Equal(2, wrong.Exit);
            Assert.StartsWith("Usage:", wrong.Errors, StringComparison.Ordinal);
        }
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(TestDatabase data, string? input, params string[] args)
    {
        var settings = new Dictionary<string, string?>(TestServer.ProductionSecrets.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
        {
            ["FOCOBOT_DATA_DIR"] = data.Directory, ["ConnectionStrings:Postgres"] = data.Postgres,
        };
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        using var reader = input is null ? null : new StringReader(input);
        var exit = await UserCommand.RunAsync(args, reader, output, errors, settings);
        return (exit, output.ToString(), errors.ToString());
    }

    private static async Task<System.Text.Json.JsonElement> LoginAsync(TestDatabase data, string email, string password)
    {
        // The server disposes of the database with itself.
        await using var server = await TestServer.StartAsync(new(TestServer.ProductionSecrets), "Production", data);
        return await server.Browser().LoginAsync(email, password).OkJsonAsync();
    }
}
