using FocoBot.Storage;

namespace FocoBot.Bench;

/// <summary>What is in the store at the end.</summary>
/// <param name="Tasks">Tasks.</param>
/// <param name="Done">Messages that were acted on.</param>
/// <param name="Waiting">Messages that were not.</param>
/// <param name="Sent">Replies that Twilio took.</param>
/// <param name="Unsent">Replies that it did not.</param>
/// <param name="LastDoneAt">When the last message was acted on.</param>
internal sealed record StoreCounts(long Tasks, long Done, long Waiting, long Sent, long Unsent, DateTimeOffset? LastDoneAt)
{
    public static Task<StoreCounts> ReadAsync(Database database) => database.AsService("count").ReadAsync(async work => (await work.FirstAsync<StoreCounts>(
        """
        SELECT (SELECT count(*) FROM tasks) AS tasks,
          (SELECT count(*) FROM inbox WHERE state = 'done' AND error_code IS NULL) AS done, (SELECT count(*) FROM inbox WHERE state <> 'done' OR error_code IS NOT NULL) AS waiting,
          (SELECT count(*) FROM outbox WHERE state = 'accepted') AS sent, (SELECT count(*) FROM outbox WHERE state <> 'accepted') AS unsent,
          (SELECT max(done_at) FROM inbox) AS lastDoneAt
        """).ConfigureAwait(false))!);
}
