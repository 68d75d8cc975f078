namespace FocoBot.Bench;

/// <summary>What one run showed.</summary>
internal sealed record WebhookFigures
{
    private static readonly TimeSpan AnswerTarget = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DoneTarget = TimeSpan.FromSeconds(30);

    public required string Engine { get; init; }
    public required LoadPlan Plan { get; init; }
    public required IReadOnlyDictionary<int, int> Statuses { get; init; }

    /// <summary>From the scheduled instant to the end of a 200.</summary>
    public required Percentiles Answer { get; init; }

    /// <summary>From the scheduled instant to the arrival of the reply at Twilio.</summary>
    public required Percentiles Reply { get; init; }

    /// <summary>Answers of 200 a second, over the time from the first message's instant to the last answer.</summary>
    public required double AcceptedASecond { get; init; }

    /// <summary>From the last message's instant until the last effect was in the store.</summary>
    public required TimeSpan EffectsAfter { get; init; }

    /// <summary>From the last message's instant until the last reply was at Twilio.</summary>
    public required TimeSpan RepliesAfter { get; init; }

    public required int Replies { get; init; }
    public required int ExpectedTasks { get; init; }
    public required StoreCounts Counts { get; init; }
    public required Usage Usage { get; init; }
    public required long PeakBytes { get; init; }
    private int WarmUp { get; init; }

    /// <summary>Accepted messages: each has its effect and its reply, once.</summary>
    public bool IsComplete => Counts is { Waiting: 0, Unsent: 0 } && Counts.Tasks == ExpectedTasks && Counts.Done == Accepted + WarmUp && Counts.Sent == Counts.Done && Replies == Accepted;

    public bool MeetsTarget => IsComplete && Accepted == Plan.Count && Answer.P99 < AnswerTarget && EffectsAfter <= DoneTarget && RepliesAfter <= DoneTarget;

    public int Accepted => Statuses.GetValueOrDefault(200);

    public static WebhookFigures Of(
        string engine, LoadPlan plan, IReadOnlyList<LoadAnswer> answers, IReadOnlyList<Reply> replies, StoreCounts counts, LoadPlan warmUp, Usage usage, long peak)
    {
        var lastDue = answers[^1].DueAt;
        var lastAnswer = answers.Max(answer => answer.DueAt + answer.Latency);
        var accepted = answers.Count(answer => answer.Status == 200);
        return new WebhookFigures
        {
            Engine = engine,
            Plan = plan,
            Counts = counts,
            Usage = usage,
            PeakBytes = peak,
            Replies = replies.Count,
            WarmUp = warmUp.Count,
            Statuses = answers.CountBy(answer => answer.Status).ToDictionary(),
            Answer = Percentiles.Of(answers.Where(answer => answer.Status == 200).Select(answer => answer.Latency)),
            Reply = Percentiles.Of(EndToEnd(plan, answers, replies)),
            AcceptedASecond = accepted / (lastAnswer - answers[0].DueAt).TotalSeconds,
            EffectsAfter = (counts.LastDoneAt ?? DateTimeOffset.MaxValue) - lastDue,
            RepliesAfter = replies.Count == 0 ? TimeSpan.MaxValue : replies.Max(reply => reply.At) - lastDue,
            ExpectedTasks = Enumerable.Range(0, warmUp.Count).Count(warmUp.IsTask) + Enumerable.Range(0, answers.Count).Count(i => answers[i].Status == 200 && plan.IsTask(i)),
        };
    }

    // A sender's messages are worked off in order and each has one reply, so the n-th reply belongs to its n-th accepted message.
    private static IEnumerable<TimeSpan> EndToEnd(LoadPlan plan, IReadOnlyList<LoadAnswer> answers, IReadOnlyList<Reply> replies)
    {
        var waiting = new Dictionary<string, Queue<DateTimeOffset>>();
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Status != 200) continue;
            if (!waiting.TryGetValue(plan.From(i), out var own)) waiting[plan.From(i)] = own = new Queue<DateTimeOffset>();
            own.Enqueue(answers[i].DueAt);
        }

        foreach (var reply in replies)
            if (waiting.TryGetValue(reply.To, out var own) && own.TryDequeue(out var due)) yield return reply.At - due;
    }
}

/// <summary>Some times, as the shares that were at or below them.</summary>
internal readonly record struct Percentiles(TimeSpan P50, TimeSpan P90, TimeSpan P99, TimeSpan Max)
{
    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0 ? default : new Percentiles(At(0.5), At(0.9), At(0.99), sorted[^1]);

        TimeSpan At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * share) - 1)];
    }
}
