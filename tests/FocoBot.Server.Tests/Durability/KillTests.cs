using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FocoBot.Channels.Twilio;
using FocoBot.StandIns.Twilio;
using FocoBot.Tests.Processes;

namespace FocoBot.Tests.Durability;

/// <summary>
/// The server dies by SIGKILL at random instants under load, and nothing that it acknowledged is lost or done twice. The seed is
/// in the output; <c>FOCOBOT_TEST_SEED</c> replays it (instants, not what the machine makes of them).
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private const int PeopleAKill = 40;
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(1);

    // What takes minutes with the real Twilio takes seconds with a stand-in that lists at once.
    private static readonly Dictionary<string, string> Hasty = new()
    {
        ["TWILIO_REQUEST_TIMEOUT_SECONDS"] = "1",
        ["TWILIO_LOOKUP_SECONDS"] = "2",
        ["TWILIO_ABSENCE_SECONDS"] = "4",
    };

    [Fact]
    public Task What_was_accepted_is_done_once_whenever_the_server_is_killed() => SurviveAsync(kills: 10, faults: false);

    // Waits out every lost answer.
    [Fact, Trait("Length", "long")]
    public Task What_was_accepted_is_done_once_when_Twilio_fails_as_well() => SurviveAsync(kills: 5, faults: true);

    [Fact, Trait("Length", "long")]
    public Task Two_hundred_kills_lose_nothing() => SurviveAsync(kills: 200, faults: false);

    [Fact, Trait("Length", "long")]
    public Task A_hundred_kills_lose_nothing_when_Twilio_fails_as_well() => SurviveAsync(kills: 100, faults: true);

    private async Task SurviveAsync(int kills, bool faults)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FOCOBOT_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"FOCOBOT_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var host = await ProcessHost.CreateAsync(people: PeopleAKill * kills, Hasty);
        var crowd = new Crowd(host, PeopleAKill * kills, seed);

        using var enough = new CancellationTokenSource();
        var writing = crowd.WriteAsync(enough.Token);
        for (var i = 0; i < kills; i++)
        {
            if (faults) Break(host.Twilio.Faults, random);
            // One in five dies before it is ready.
            await host.StartAsync(wait: random.Next(5) > 0);
            await Task.Delay(LongestLife * random.NextDouble(), TimeProvider.System, TestContext.Current.CancellationToken);
            await host.Server.KillAsync();
        }

        host.Twilio.Faults.Clear();
        await host.StartAsync();
        await enough.CancelAsync();
        await writing;
        await DrainedAsync(host);
        await host.Server.StopAsync();

        await using var database = await host.Data.OpenAsync(TimeProvider.System);
        var evidence = await Evidence.GatherAsync(database, host.Twilio.Messages);
        output.WriteLine($"{kills} kills, {crowd.Accepted.Count} messages accepted, {evidence.Tasks.Count} tasks, {evidence.Replies.Count} replied to, {evidence.Twice} replied to twice.");
        evidence.Check(crowd);
        // The stand-in's listing always answers and leaves nothing out, so a copy is never better than none.
        Assert.Equal(0, evidence.Twice);
    }

    private static void Break(FaultQueue faults, Random random)
    {
        foreach (var kind in new[] { FaultKind.DropBefore, FaultKind.DropAfter, FaultKind.HangBefore, FaultKind.HangAfter, FaultKind.Garbage })
            faults.Add(new Fault(kind, random.Next(1, 4)));
        faults.Add(new Fault(FaultKind.Error, random.Next(1, 4), 500));
        faults.Add(new Fault(FaultKind.Error, random.Next(1, 4), 429, TwilioErrors.TooManyRequests));
    }

    private static async Task DrainedAsync(ProcessHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Server.BaseUrl };
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var ready = await http.GetFromJsonAsync<JsonElement>("/health/ready", patience.Token);
            if (ready.GetProperty("inboxSeconds").ValueKind == JsonValueKind.Null && ready.GetProperty("outboxSeconds").ValueKind == JsonValueKind.Null) return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
        }
    }
}
