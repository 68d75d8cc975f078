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

    private static readonly Meter meter = new(WhatsAppClient.TelemetryName);
    private static readonly ActivitySource activities = new(WhatsAppClient.TelemetryName);

    private static readonly Counter<long> received = meter.CreateCounter<long>("whatsapp.messages.received", Messages, "Messages decrypted and stored.");
    private static readonly Counter<long> sent = meter.CreateCounter<long>("whatsapp.messages.sent", Messages, "Messages stored and sent for the first time.");
    private static readonly Counter<long> acknowledged = meter.CreateCounter<long>("whatsapp.messages.acknowledged", Messages, "Sent messages that the server has taken.");
    private static readonly Counter<long> refused = meter.CreateCounter<long>("whatsapp.messages.refused", Messages, "Sent messages that the server has refused.");
    private static readonly Counter<long> undecryptable = meter.CreateCounter<long>("whatsapp.messages.undecryptable", Messages, "Messages that could not be decrypted as they came.");
    private static readonly Counter<long> asked = meter.CreateCounter<long>("whatsapp.retries.asked", "{request}", "Messages asked for again.");
    private static readonly Counter<long> answered = meter.CreateCounter<long>("whatsapp.retries.answered", "{request}", "Messages sent again to a device that asked.");
    private static readonly Counter<long> reconnects = meter.CreateCounter<long>("whatsapp.reconnects", "{connection}", "Connections that ended and are opened anew.");
    private static readonly Counter<long> commits = meter.CreateCounter<long>("whatsapp.commits", "{commit}", "Commits to stores.");
    private static readonly Histogram<int> commitUnits = meter.CreateHistogram<int>("whatsapp.commit.units", "{unit}", "Units of work that were stored together.");
    private static readonly Histogram<double> commitDuration = meter.CreateHistogram<double>("whatsapp.commit.duration", Seconds, "How long stores took to commit.");
    private static readonly Histogram<double> storeDuration = meter.CreateHistogram<double>("whatsapp.message.store.duration", Seconds, "From a message's stanza until it is stored.");
    private static readonly Histogram<double> acknowledgeDuration = meter.CreateHistogram<double>("whatsapp.message.acknowledge.duration", Seconds, "From the call that sends a message until the server has it.");

    private static int online;

    static Telemetry() => meter.CreateObservableUpDownCounter("whatsapp.clients.online", () => Volatile.Read(ref online), "{client}", "Clients that are logged in and ready.");

    /// <summary>Whether somebody wants to know how long messages take to be stored.</summary>
    public static bool TimesStoring => storeDuration.Enabled;

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

    public static void Online() => Interlocked.Increment(ref online);

    public static void Offline() => Interlocked.Decrement(ref online);

    /// <summary>An event was stored.</summary>
    public static void Stored(ClientEvent happened)
    {
        switch (happened)
        {
            case MessageReceived:
                Add(received, "whatsapp.message.kind", "chat");
                break;
            case PeerMessageReceived:
                Add(received, "whatsapp.message.kind", "peer");
                break;
            case MessageAcknowledged { Error: 0 }:
                acknowledged.Add(1);
                break;
            case MessageAcknowledged { Error: var code } when refused.Enabled:
                Add(refused, "whatsapp.error.code", code);
                break;
        }
    }

    public static void StoredAfter(TimeSpan duration) => storeDuration.Record(duration.TotalSeconds);

    public static void Sent() => sent.Add(1);

    public static void AcknowledgedAfter(TimeSpan duration) => acknowledgeDuration.Record(duration.TotalSeconds);

    public static void NotDecrypted<TReason>(TReason reason)
        where TReason : struct, Enum
    {
        if (undecryptable.Enabled)
            Add(undecryptable, "whatsapp.reason", reason.ToString());
    }

    public static void RetryAsked() => asked.Add(1);

    public static void RetryAnswered() => answered.Add(1);

    public static void Reconnecting<TCause>(TCause cause)
        where TCause : struct, Enum
    {
        if (reconnects.Enabled)
            Add(reconnects, "whatsapp.cause", cause.ToString());
    }

    public static void Committed(int units, TimeSpan duration, bool isStored)
    {
        Add(commits, "whatsapp.outcome", isStored ? "stored" : "failed");
        commitUnits.Record(units);
        commitDuration.Record(duration.TotalSeconds);
    }

    private static Activity? Start(string name, ActivityKind kind) => activities.StartActivity(name, kind);

    private static void Add(Counter<long> counter, string tag, object value)
    {
        if (counter.Enabled)
            counter.Add(1, new KeyValuePair<string, object?>(tag, value));
    }
}
