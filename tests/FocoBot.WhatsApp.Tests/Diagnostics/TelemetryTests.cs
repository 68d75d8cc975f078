using System.Diagnostics;
using System.Diagnostics.Metrics;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Tests.Interop;

namespace FocoBot.WhatsApp.Tests.Diagnostics;

/// <summary>What is measured belongs to the process: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests : IDisposable
{
    private readonly MeterListener _meter = new();
    private readonly ActivityListener _activities;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(double Value, string Tags)>> _measured = [];
    private readonly List<Activity> _done = [];

    public TelemetryTests()
    {
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == WhatsAppClient.TelemetryName) listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meter.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _activities = new()
        {
            ShouldListenTo = source => source.Name == WhatsAppClient.TelemetryName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (_gate) _done.Add(activity);
            },
        };
    }

    public void Dispose()
    {
        _meter.Dispose();
        _activities.Dispose();
    }

    [Fact]
    public async Task What_a_client_does_is_counted_and_timed()
    {
        _meter.Start();
        ActivitySource.AddActivityListener(_activities);
        await using var sandbox = await SandboxServer.StartAsync();
        var (ana, client) = await SandboxClient.LinkedAsync(sandbox, "Ana");
        await using var _ = client;
        var bob = sandbox.AddPhone("Bob");
        _meter.RecordObservableInstruments();
        Assert.Equal(1, Last("whatsapp.clients.online"));

        await client.Client.SendTextAsync(bob.Pn, "uno", TestContext.Current.CancellationToken);
        await client.WaitForAsync<MessageAcknowledged>();
        await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "dos"));
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), new FaultPlan(Corrupt: 1, Count: 1));
        await client.ReceivedAsync(await bob.SendTextAsync(ana.Pn, "tres"));
        sandbox.Network.PlanFaults(ana.Pn.WithDevice(1), new FaultPlan(StreamError: 503));
        await client.WaitForAsync<Disconnected>(end => end.End.Cause is EndCause.Unavailable);
        await client.DisposeAsync();
        _meter.RecordObservableInstruments();

        Assert.Equal(1, Sum("whatsapp.messages.sent"));
        Assert.Equal(1, Sum("whatsapp.messages.acknowledged"));
        Assert.Equal(2, Sum("whatsapp.messages.received", "whatsapp.message.kind=chat"));
        // The key of the shared settings, and three parts of the history.
        Assert.Equal(4, Sum("whatsapp.messages.received", "whatsapp.message.kind=peer"));
        Assert.Equal(1, Sum("whatsapp.messages.undecryptable", $"whatsapp.reason={nameof(SignalError.BadMac)}"));
        Assert.Equal(1, Sum("whatsapp.retries.asked"));
        Assert.Equal(1, Sum("whatsapp.reconnects", $"whatsapp.cause={nameof(EndCause.Unavailable)}"));
        Assert.Equal(0, Last("whatsapp.clients.online"));
        Assert.Equal(Count("whatsapp.commit.units"), Sum("whatsapp.commits", "whatsapp.outcome=stored"));
        Assert.Equal(Count("whatsapp.commit.duration"), Count("whatsapp.commit.units"));
        Assert.Equal(1, Count("whatsapp.message.acknowledge.duration"));
        Assert.Equal(6, Count("whatsapp.message.store.duration"));

        lock (_gate)
        {
            Assert.Equal("qr", Assert.Single(_done, activity => activity.OperationName == "whatsapp.link").GetTagItem("whatsapp.link.method"));
            Assert.Equal("person", Assert.Single(_done, activity => activity.OperationName == "whatsapp.send").GetTagItem("whatsapp.chat.kind"));
            Assert.All(_done.Where(activity => activity.OperationName == "whatsapp.receive"), activity => Assert.Null(activity.ParentId));
            // Nothing of anybody's in a tag.
            foreach (var tag in _done.SelectMany(activity => activity.TagObjects).Select(tag => $"{tag.Value}").Concat(_measured.Values.SelectMany(all => all.Select(one => one.Tags))))
                Assert.DoesNotMatch("[0-9]{5}|@", tag);
        }
    }

    [Fact]
    public void A_failure_is_noted_by_its_type_alone()
    {
        ActivitySource.AddActivityListener(_activities);
        using var activity = Telemetry.Send(isGroup: true);
        Assert.False(Telemetry.Fail(activity, new IOException("secret")));
        Assert.Equal((ActivityStatusCode.Error, null, "System.IO.IOException"), (activity!.Status, activity.StatusDescription, (string?)activity.GetTagItem("error.type")));
    }

    [Fact]
    public void Nothing_is_allocated_while_nobody_listens()
    {
        var received = new PeerMessageReceived("1", default, new());
        var refused = new MessageAcknowledged("1", default, null, 463);
        Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Measure();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        return;

        void Measure()
        {
            Assert.Null(Telemetry.Send(isGroup: false));
            Assert.Null(Telemetry.Receive());
            Telemetry.Sent();
            Telemetry.Stored(received);
            Telemetry.Stored(refused);
            Telemetry.NotDecrypted(SignalError.BadMac);
            Telemetry.Reconnecting(EndCause.Lost);
            Telemetry.Committed(3, TimeSpan.FromSeconds(1), isStored: true);
            Telemetry.AcknowledgedAfter(TimeSpan.FromSeconds(1));
            Assert.False(Telemetry.TimesStoring);
        }
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        lock (_gate)
        {
            if (!_measured.TryGetValue(instrument.Name, out var values)) _measured[instrument.Name] = values = [];
            values.Add((value, all));
        }
    }

    private double Sum(string instrument, string tags = "") => Values(instrument).Where(one => one.Tags == tags).Sum(one => one.Value);

    private double Last(string instrument) => Values(instrument)[^1].Value;

    private int Count(string instrument) => Values(instrument).Count;

    private List<(double Value, string Tags)> Values(string instrument)
    {
        lock (_gate) return [.. _measured.GetValueOrDefault(instrument) ?? []];
    }
}
