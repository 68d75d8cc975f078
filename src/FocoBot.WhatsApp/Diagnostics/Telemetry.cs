using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FocoBot.WhatsApp.Diagnostics;

/// <summary>
/// What can be measured of all clients of this process, listed in docs/LIBRARY.md. Costs next to nothing while nobody listens: tags are made only for those
/// who do. No tag holds anything of users.
/// </summary>
internal static class Telemetry
{
    private const string Messages = "{message}", Seconds = "s";

    private static readonly Meter Meter = new(WhatsAppClient.TelemetryName);
    private static readonly ActivitySource Activities = new(WhatsAppClient.TelemetryName);

    private static readonly Counter<long> Received = Meter.CreateCounter<long>("whatsapp.messages.received", Messages, "Messages decrypted and stored.");
    private static readonly Counter<long> SentMessages = Meter.CreateCounter<long>("whatsapp.messages.sent", Messages, "Messages stored and sent for the first time.");
    private static readonly Counter<long> Acknowledged = Meter.CreateCounter<long>("whatsapp.messages.acknowledged", Messages, "Sent messages that the server has taken.");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("whatsapp.messages.refused", Messages, "Sent messages that the server has refused.");
    private static readonly Counter<long> Undecryptable = Meter.CreateCounter<long>("whatsapp.messages.undecryptable", Messages, "Messages that could not be decrypted as they came.");
    private static readonly Counter<long> Asked = Meter.CreateCounter<long>("whatsapp.retries.asked", "{request}", "Messages asked for again.");
    private static readonly Counter<long> Answered = Meter.CreateCounter<long>("whatsapp.retries.answered", "{request}", "Messages sent again to a device that asked.");
    private static readonly Counter<long> Reconnects = Meter.CreateCounter<long>("whatsapp.reconnects", "{connection}", "Connections that ended and are opened anew.");
    private static readonly Counter<long> Commits = Meter.CreateCounter<long>("whatsapp.commits", "{commit}", "Commits to stores.");
    private static readonly Histogram<int> CommitUnits = Meter.CreateHistogram<int>("whatsapp.commit.units", "{unit}", "Units of work that were stored together.");
    private static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>("whatsapp.commit.duration", Seconds, "How long stores took to commit.");
    private static readonly Histogram<double> StoreDuration = Meter.CreateHistogram<double>("whatsapp.message.store.duration", Seconds, "From a message's stanza until it is stored.");
    private static readonly Histogram<double> AcknowledgeDuration = Meter.CreateHistogram<double>("whatsapp.message.acknowledge.duration", Seconds, "From the call that sends a message until the server has it.");

    private static int _online;

    static Telemetry() => Meter.CreateObservableUpDownCounter("whatsapp.clients.online", () => Volatile.Read(ref _online), "{client}", "Clients that are logged in and ready.");

    /// <summary>Whether somebody wants to know how long messages take to be stored.</summary>
    public static bool TimesStoring => StoreDuration.Enabled;

    public static Activity? Link(string method) => Start("whatsapp.link", ActivityKind.Client)?.SetTag("whatsapp.link.method", method);

    public static Activity? Send(bool isGroup) => Start("whatsapp.send", ActivityKind.Producer)?.SetTag("whatsapp.chat.kind", isGroup ? "group" : "person");

    public static Activity? Receive() => Start("whatsapp.receive", ActivityKind.Consumer);

    /// <summary>For exception filters: notes the failure and catches nothing.</summary>
    public static bool Fail(Activity? activity, Exception why)
    {
        // The type only, for messages of others' exceptions may tell more.
        activity?.SetTag("error.type", why.GetType().FullName).SetStatus(ActivityStatusCode.Error);
        return false;
    }

    public static void Online() => Interlocked.Increment(ref _online);

    public static void Offline() => Interlocked.Decrement(ref _online);

    /// <summary>An event was stored.</summary>
    public static void Stored(ClientEvent happened)
    {
        switch (happened)
        {
            case MessageReceived:
                Add(Received, "whatsapp.message.kind", "chat");
                break;
            case PeerMessageReceived:
                Add(Received, "whatsapp.message.kind", "peer");
                break;
            case MessageAcknowledged { Error: 0 }:
                Acknowledged.Add(1);
                break;
            case MessageAcknowledged { Error: var code } when Refused.Enabled:
                Add(Refused, "whatsapp.error.code", code);
                break;
        }
    }

    public static void StoredAfter(TimeSpan duration) => StoreDuration.Record(duration.TotalSeconds);

    public static void Sent() => SentMessages.Add(1);

    public static void AcknowledgedAfter(TimeSpan duration) => AcknowledgeDuration.Record(duration.TotalSeconds);

    public static void NotDecrypted<TReason>(TReason reason)
        where TReason : struct, Enum
    {
        if (Undecryptable.Enabled)
            Add(Undecryptable, "whatsapp.reason", reason.ToString());
    }

    public static void RetryAsked() => Asked.Add(1);

    public static void RetryAnswered() => Answered.Add(1);

    public static void Reconnecting<TCause>(TCause cause)
        where TCause : struct, Enum
    {
        if (Reconnects.Enabled)
            Add(Reconnects, "whatsapp.cause", cause.ToString());
    }

    public static void Committed(int units, TimeSpan duration, bool isStored)
    {
        Add(Commits, "whatsapp.outcome", isStored ? "stored" : "failed");
        CommitUnits.Record(units);
        CommitDuration.Record(duration.TotalSeconds);
    }

    private static Activity? Start(string name, ActivityKind kind) => Activities.StartActivity(name, kind);

    private static void Add(Counter<long> counter, string tag, object value)
    {
        if (counter.Enabled)
            counter.Add(1, new KeyValuePair<string, object?>(tag, value));
    }
}
