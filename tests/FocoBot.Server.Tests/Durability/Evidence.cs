using FocoBot.StandIns.Twilio;
using FocoBot.Storage;

namespace FocoBot.Tests.Durability;

/// <summary>What is left when all is over, and whether it is what was promised.</summary>
internal sealed record Evidence(IReadOnlyList<TaskRow> Tasks, IReadOnlyList<InboxRow> Inbox, long Unsent, IReadOnlyList<EventRange> Events, IReadOnlyDictionary<int, int> Replies)
{
    public static async Task<Evidence> GatherAsync(Database database, MessageLog sent)
    {
        var replies = sent.After(0, int.MaxValue).Select(message => Crowd.NumberIn(message.Body)).OfType<int>().CountBy(number => number).ToDictionary();
        return await database.AsService("gather evidence").ReadAsync(async work => new Evidence(
            await work.QueryAsync<TaskRow>("SELECT title, source_message AS source FROM tasks ORDER BY created_at, id"),
            await work.QueryAsync<InboxRow>("SELECT provider_id AS sid, state, error_code AS error FROM inbox"),
            await work.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE state <> 'accepted'"),
            await work.QueryAsync<EventRange>(
                """
                SELECT c.user_id AS account, c.last_seq AS counted, (SELECT count(*) FROM events e WHERE e.user_id = c.user_id) AS found,
                  (SELECT max(seq) FROM events e WHERE e.user_id = c.user_id) AS highest FROM event_counters c
                """),
            replies));
    }

    /// <summary>How many replies reached Twilio more than once.</summary>
    public int Twice => Replies.Count(reply => reply.Value > 1);

    /// <summary>Every accepted message had its effect once, in its sender's order, and its reply went out.</summary>
    public void Check(Crowd crowd)
    {
        Assert.Empty(crowd.Refusals);
        Assert.All(Inbox, row => Assert.Equal(("done", null), (row.State, row.Error)));
        var stored = Inbox.Select(row => row.Sid).ToHashSet();
        Assert.All(crowd.Accepted.Keys, number => Assert.Contains(Processes.ProcessHost.Sid(number), stored));

        var place = new Dictionary<int, int>();
        for (var i = 0; i < Tasks.Count; i++) Assert.True(place.TryAdd(Crowd.NumberIn(Tasks[i].Title)!.Value, i), $"Twice: {Tasks[i].Title}");
        Assert.Equal(crowd.Accepted.Keys.Order(), place.Keys.Order());
        Assert.All(crowd.Orders, pair => Assert.True(place[pair.Before] < place[pair.After], $"{pair.After} was done before {pair.Before}"));
        Assert.All(Events, range => Assert.Equal((range.Counted, range.Counted), (range.Found, range.Highest)));

        Assert.Equal(0, Unsent);
        Assert.Equal(crowd.Accepted.Keys.Order(), Replies.Keys.Order());
    }
}

internal sealed record TaskRow(string Title, string Source);

internal sealed record InboxRow(string Sid, string State, string? Error);

internal sealed record EventRange(Guid Account, long Counted, long Found, long Highest);
