using System.Globalization;
using System.Text;

namespace FocoBot.Bench;

/// <summary>The figures as one Markdown table, an engine a column.</summary>
internal static class WebhookTable
{
    public static string Write(string machine, IReadOnlyList<WebhookFigures> runs)
    {
        var text = new StringBuilder($"\nMachine: {machine}. Server, PostgreSQL, Twilio stand-in and load generator share it.\n\n");
        Row("signed webhook → reply", run => run.Engine);
        text.Append('|').Insert(text.Length, "---|", runs.Count + 1).Append('\n');
        Row("offered", run => $"{run.Plan.Rate:N0}/s for {run.Plan.Count / run.Plan.Rate} s, {run.Plan.Phones:N0} phones");
        Row("accepted", run => $"{run.AcceptedASecond:N0}/s");
        Row("answers", run => string.Join(", ", run.Statuses.OrderBy(status => status.Key).Select(status => $"{status.Value:N0} × {(status.Key == LoadConnection.Broken ? "broken" : status.Key)}")));
        Row("200: p50 / p90 / p99 / max", run => Times(run.Answer));
        Row("reply at Twilio: p50 / p90 / p99 / max", run => Times(run.Reply));
        Row("last effect, last reply after the last message", run => $"{run.EffectsAfter.TotalSeconds:F1} s, {run.RepliesAfter.TotalSeconds:F1} s");
        Row("in the store: tasks (expected), messages done, open, replies sent, unsent", run => $"{run.Counts.Tasks:N0} ({run.ExpectedTasks:N0}), {run.Counts.Done:N0}, {run.Counts.Waiting:N0}, {run.Counts.Sent:N0}, {run.Counts.Unsent:N0}");
        Row("replies at Twilio", run => $"{run.Replies:N0}");
        Row("processor a message: server, database, stand-in", run => $"{Each(run, run.Usage.Server):F2} ms, {(run.Engine == "postgres" ? $"{Each(run, run.Usage.Postgres):F2} ms" : "in the server")}, {Each(run, run.Usage.StandIn):F2} ms");
        Row("allocated a message, collections, their pauses", run => $"{run.Usage.Runtime.AllocatedBytes / 1024.0 / Math.Max(1, run.Accepted):N0} KiB, {run.Usage.Runtime.Collections:N0}, {run.Usage.Runtime.Pauses.TotalMilliseconds:N0} ms");
        Row("most memory (RSS)", run => $"{run.PeakBytes >> 20:N0} MiB");
        Row("target (all 200, p99 < 50 ms, done within 30 s, counts agree)", run => run.MeetsTarget ? "met" : "missed");
        return text.Append('\n').ToString();

        void Row(string name, Func<WebhookFigures, string> value) => text.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", runs.Select(value))} |\n");
    }

    private static string Times(Percentiles times) => string.Join(" / ", new[] { times.P50, times.P90, times.P99, times.Max }.Select(time => time.TotalSeconds >= 1 ? $"{time.TotalSeconds:F1} s" : $"{time.TotalMilliseconds:F1} ms"));

    private static double Each(WebhookFigures run, TimeSpan time) => time.TotalMilliseconds / Math.Max(1, run.Accepted);
}
