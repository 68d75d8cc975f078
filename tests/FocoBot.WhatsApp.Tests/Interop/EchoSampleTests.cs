using System.Diagnostics;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>The sample, as somebody would run it.</summary>
public class EchoSampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_links_by_the_code_in_the_terminal_and_echoes()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        var ana = sandbox.AddPhone("Ana");
        var bob = sandbox.AddPhone("Bob");
        using var echo = Start(sandbox);
        try
        {
            ana.Scan(await QrAsync(echo));
            using var limit = new CancellationTokenSource(Patience);
            while (ana.Companions.Count == 0) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
            await bob.SendTextAsync(ana.Pn, "eco");
            await SandboxServer.ShownAsync(bob, shown => shown.Text == "eco" && shown.From == ana.Pn);
        }
        finally
        {
            echo.Kill();
            await echo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void It_stands_in_the_documentation_as_it_is()
    {
        var program = File.ReadAllText(Repository.Find("samples", "Echo", "Program.cs")).Trim();
        Assert.Contains($"```csharp\n{program}\n```", File.ReadAllText(Repository.Find("docs", "LIBRARY.md")), StringComparison.Ordinal);
        Assert.True(program.Split('\n').Length <= 25);
    }

    private static Process Start(SandboxServer sandbox)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { Repository.Find("artifacts", "bin", "Echo", configuration, "Echo.dll"), "--url", sandbox.WebSocket.ToString(), "--root-key", Convert.ToBase64String(sandbox.Network.RootPublicKey.Span) })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    // Below the squares, the text that they stand for.
    private static async Task<string> QrAsync(Process echo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await echo.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Split(',').Length > 3) return line;
        }

        throw new InvalidOperationException("It has ended without showing a code.");
    }
}
