using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using FocoBot.StandIns.Processes;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Bench;

/// <summary>
/// From a signed webhook to the reply at Twilio, with the server, the Twilio stand-in and the load generator as processes of
/// their own. One run an engine; each begins with an empty store and ends with counting what is in it.
/// </summary>
internal static class WebhookBench
{
    /// <summary>Set by bench.sh: the server as it is published for use.</summary>
    private const string ServerVariable = "FOCOBOT_BENCH_SERVER";
    private const int WarmUpSeconds = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs and prints; false when an engine missed its target.</summary>
    public static async Task<bool> RunAsync(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("focobot-bench-").FullName;
        try
        {
            var machine = await Machine.DescribeAsync(folder).ConfigureAwait(false);
            var runs = new List<WebhookFigures>();
            foreach (var engine in options.Engines) runs.Add(await RunAsync(options, engine, Path.Combine(folder, engine)).ConfigureAwait(false));
            var table = WebhookTable.Write(machine, runs);
            await Console.Out.WriteAsync(table).ConfigureAwait(false);
            if (options.Out is { } file) await File.WriteAllTextAsync(file, table).ConfigureAwait(false);
            return runs.TrueForAll(run => run.MeetsTarget);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<WebhookFigures> RunAsync(BenchOptions options, string engine, string folder)
    {
        var rate = options.Rate ?? (engine == "sqlite" ? 2_000 : 1_000);
        var warmUp = new LoadPlan(0, WarmUpSeconds * rate / 2, rate / 2, options.Phones);
        var plan = new LoadPlan(warmUp.Count, options.Seconds * rate, rate, options.Phones);
        var store = await BenchStore.CreateAsync(engine, folder).ConfigureAwait(false);
        var runtimeFile = Path.Combine(folder, "runtime");
        var (server, twilio) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        var settings = Settings(store, twilio, runtimeFile);

        await SayAsync($"{engine}: linking {options.Phones} phones").ConfigureAwait(false);
        await using (var database = store.Open())
            await LinkedPhones.AddAsync(database, new ConfigurationBuilder().AddInMemoryCollection(settings!).Build(), options.Phones, CancellationToken.None).ConfigureAwait(false);

        await using var standIn = await StandInProcess.StartAsync(twilio).ConfigureAwait(false);
        await using var process = ServerProcess.Launch(Environment.GetEnvironmentVariable(ServerVariable) ?? Sibling("FocoBot.Server"), server, settings);
        await process.ReadyAsync().ConfigureAwait(false);
        await SayAsync($"{engine}: warming up").ConfigureAwait(false);
        await LoadAsync(warmUp, server).ConfigureAwait(false);
        await standIn.ReceivedAsync(warmUp.Count, Patience).ConfigureAwait(false);

        await SayAsync($"{engine}: {plan.Count} messages at {rate} a second").ConfigureAwait(false);
        var before = await UsageAsync(process, standIn, runtimeFile).ConfigureAwait(false);
        var answers = await LoadAsync(plan, server).ConfigureAwait(false);
        var done = await standIn.ReceivedAsync(warmUp.Count + answers.Count(answer => answer.Status == 200), Patience).ConfigureAwait(false);
        var after = await UsageAsync(process, standIn, runtimeFile).ConfigureAwait(false);
        var peak = process.Figures.PeakResidentBytes;
        var replies = await standIn.RepliesAsync(warmUp.Count).ConfigureAwait(false);
        await process.StopAsync().ConfigureAwait(false);
        if (!done || process.Output.Count > 0) await SayAsync(string.Join('\n', process.Output.Take(20))).ConfigureAwait(false);
        await using var counted = store.Open();
        return WebhookFigures.Of(engine, plan, answers, replies, await StoreCounts.ReadAsync(counted).ConfigureAwait(false), warmUp, after - before, peak);
    }

    private static Dictionary<string, string> Settings(BenchStore store, int twilio, string runtimeFile) => new(store.Settings)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Logging__LogLevel__Default"] = "Warning",
        ["FOCOBOT_BASE_URL"] = LoadPlan.PublicUrl,
        ["FOCOBOT_ENCRYPTION_KEY"] = "bench-encryption-key-0123456789abcdef",
        ["FOCOBOT_FINGERPRINT_SECRET"] = "bench-fingerprint-secret-0123456789ab",
        ["FOCOBOT_CRON_SECRET"] = "bench-cron-secret-0123456789abcdefgh",
        ["TWILIO_ACCOUNT_SID"] = LoadPlan.AccountSid,
        ["TWILIO_AUTH_TOKEN"] = LoadPlan.AuthToken,
        ["TWILIO_WHATSAPP_NUMBER"] = LoadPlan.Sender,
        ["TWILIO_API_BASE_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{twilio}"),
        ["TWILIO_MESSAGES_PER_SECOND"] = "10000",
        ["DOTNET_STARTUP_HOOKS"] = Assembly.GetExecutingAssembly().Location,
        [RuntimeFigures.FileVariable] = runtimeFile,
    };

    private static async Task<Usage> UsageAsync(ServerProcess process, StandInProcess standIn, string runtimeFile) =>
        new(process.Figures.ProcessorTime, BenchStore.ServerFigures?.ProcessorTimeWithChildren ?? TimeSpan.Zero, standIn.ProcessorTime, await RuntimeFigures.ReadAsync(runtimeFile).ConfigureAwait(false));

    private static async Task<List<LoadAnswer>> LoadAsync(LoadPlan plan, int port)
    {
        var start = new ProcessStartInfo("dotnet",
            [Assembly.GetExecutingAssembly().Location, "load", $"127.0.0.1:{port}", $"{plan.First}", $"{plan.Count}", $"{plan.Rate}", $"{plan.Phones}"])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var lines = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(LoadAnswer.Parse)];
    }

    // The other programs stand beside ours.
    public static string Sibling(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    private static Task SayAsync(string text) => Console.Error.WriteLineAsync(text);
}

/// <summary>What was used of the machine up to a moment.</summary>
internal sealed record Usage(TimeSpan Server, TimeSpan Postgres, TimeSpan StandIn, RuntimeFigures Runtime)
{
    public static Usage operator -(Usage later, Usage earlier) => new(
        later.Server - earlier.Server, later.Postgres - earlier.Postgres, later.StandIn - earlier.StandIn,
        new RuntimeFigures(later.Runtime.AllocatedBytes - earlier.Runtime.AllocatedBytes, later.Runtime.Collections - earlier.Runtime.Collections, later.Runtime.Pauses - earlier.Runtime.Pauses));
}
