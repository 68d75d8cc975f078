using FocoBot.Operations;
using FocoBot.Storage;

namespace FocoBot.Tests.Operations;

public class RetentionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Rows => [.. AgedRow.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_is_a_minute_too_old_goes_and_what_is_a_minute_younger_stays(string name)
    {
        var row = AgedRow.All.Single(row => row.Name == name);
        await using var world = await RetentionWorld.CreateAsync();
        var end = world.Clock.GetUtcNow() - row.KeptFor;
        await world.WriteAsync(async work =>
        {
            await row.WriteAsync(work, world.User, end - Minute);
            await row.WriteAsync(work, world.User, end + Minute);
        });

        await world.SweepAsync();

        Assert.Equal(1, await world.CountAsync(row.Count));
        await world.SweepAsync();
        Assert.Equal(1, await world.CountAsync(row.Count));
        world.Clock.Leap(2 * Minute);
        await world.SweepAsync();
        Assert.Equal(0, await world.CountAsync(row.Count));
    }

    [Fact]
    public async Task What_is_not_done_yet_stays_however_old()
    {
        await using var world = await RetentionWorld.CreateAsync();
        var old = world.Clock.GetUtcNow().AddYears(-10);
        await world.WriteAsync(async work =>
        {
            await work.ExecuteAsync("INSERT INTO inbox (id, channel, provider_id, address, body, received_at) VALUES (@id, 'twilio', 'SM1', 'whatsapp:+1', @bytes, @old)", new { id = NewId(), bytes = new byte[1], old });
            await work.ExecuteAsync("INSERT INTO outbox (id, channel, address, purpose, body, created_at) VALUES (@id, 'twilio', 'whatsapp:+1', 'reply', @bytes, @old)", new { id = NewId(), bytes = new byte[1], old });
            await work.ExecuteAsync("INSERT INTO tasks (id, user_id, title, done_at, created_at, updated_at) VALUES (@id, @User, 'x', @old, @old, @old)", new { id = NewId(), world.User, old });
            await work.ExecuteAsync("INSERT INTO whatsapp_rate_limit_violations (id, phone, violation_type, first_violation_at, last_violation_at, expires_at) VALUES (@id, '+1', 'per_day', @old, @old, @never)",
                new { id = NewId(), old, never = new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero) });
        });

        await world.SweepAsync();

        Assert.Empty(world.Watched.Changed);
        Assert.Equal(1, await world.CountAsync("SELECT count(*) FROM inbox WHERE body IS NOT NULL"));
        Assert.Equal(1, await world.CountAsync("SELECT count(*) FROM whatsapp_rate_limit_violations"));
    }

    [Fact]
    public async Task No_transaction_changes_more_than_a_thousand_rows()
    {
        await using var world = await RetentionWorld.CreateAsync();
        var row = AgedRow.All.Single(row => row.Name == "inbox bodies");
        await world.WriteAsync(async work =>
        {
            for (var i = 0; i < 2_500; i++) await row.WriteAsync(work, world.User, world.Clock.GetUtcNow() - TimeSpan.FromDays(8));
        });

        await world.SweepAsync();

        Assert.Equal([1_000, 1_000, 500], world.Watched.Changed);
        Assert.Equal(2_500, await world.CountAsync("SELECT count(*) FROM inbox WHERE body IS NULL"));
    }

    [Fact]
    public async Task Two_rounds_at_once_are_as_good_as_one()
    {
        await using var world = await RetentionWorld.CreateAsync();
        await world.WriteAsync(async work =>
        {
            foreach (var row in AgedRow.All)
                for (var i = 0; i < 20; i++) await row.WriteAsync(work, world.User, world.Clock.GetUtcNow().AddYears(-6));
        });

        await Task.WhenAll(world.SweepAsync(), world.SweepAsync());

        foreach (var row in AgedRow.All) Assert.Equal(0, await world.CountAsync(row.Count));
    }

    [Fact]
    public async Task The_last_twenty_undo_steps_stay_and_older_ones_go_after_a_month()
    {
        await using var world = await RetentionWorld.CreateAsync();
        await world.WriteAsync(async work =>
        {
            for (var i = 0; i < 25; i++) await AddChangeAsync(work, world.User, world.Clock.GetUtcNow() - TimeSpan.FromDays(40 - i), $"step {i}");
        });

        await world.SweepAsync();

        // Of 25 steps the first five are beyond the last 20, and all of those are older than 30 days.
        Assert.Equal(Enumerable.Range(5, 20).Select(i => $"step {i}"), await world.QueryAsync<string>("SELECT kind FROM task_changes ORDER BY id"));
    }

    [Fact]
    public async Task With_a_deleted_task_go_the_undo_steps_it_appears_in()
    {
        await using var world = await RetentionWorld.CreateAsync();
        var now = world.Clock.GetUtcNow();
        var neighbour = NewId();
        await world.WriteAsync(async work =>
        {
            await world.AddAccountAsync(work, neighbour);
            await work.ExecuteAsync("INSERT INTO tasks (id, user_id, title, deleted_at, created_at, updated_at) VALUES (@id, @User, 'secret', @at, @at, @at)", new { id = NewId(), world.User, at = now - TimeSpan.FromDays(31) });
            await AddChangeAsync(work, world.User, now - TimeSpan.FromDays(33), "created");
            await AddChangeAsync(work, world.User, now - TimeSpan.FromDays(31), "deleted");
            await AddChangeAsync(work, world.User, now - TimeSpan.FromDays(30.5), "something later");
            await AddChangeAsync(work, neighbour, now - TimeSpan.FromDays(33), "a neighbour's");
        });

        await world.SweepAsync();

        Assert.Equal(0, await world.CountAsync("SELECT count(*) FROM tasks"));
        Assert.Equal(["a neighbour's", "something later"], await world.QueryAsync<string>("SELECT kind FROM task_changes ORDER BY kind"));
    }

    [Fact]
    public async Task Language_model_counts_are_kept_for_sixty_days()
    {
        await using var world = await RetentionWorld.CreateAsync();
        var today = DateOnly.FromDateTime(world.Clock.GetUtcNow().UtcDateTime);
        await world.WriteAsync(async work =>
        {
            foreach (var age in new[] { 0, 59, 60, 61, 62, 400 })
                await work.ExecuteAsync("INSERT INTO llm_usage (user_id, day, calls) VALUES (@User, @day, 1)", new { world.User, day = today.AddDays(-age) });
        });

        await world.SweepAsync();

        Assert.Equal([today.AddDays(-60), today.AddDays(-59), today], await world.QueryAsync<DateOnly>("SELECT day FROM llm_usage ORDER BY day"));
    }

    [Fact]
    public async Task It_runs_at_the_start_and_every_hour()
    {
        await using var world = await RetentionWorld.CreateAsync();
        var row = AgedRow.All.Single(row => row.Name == "provider ids");
        await world.WriteAsync(work => row.WriteAsync(work, world.User, world.Clock.GetUtcNow() - Minute));
        await world.WriteAsync(work => row.WriteAsync(work, world.User, world.Clock.GetUtcNow() + Minute));

        await world.Retention.StartAsync(CancellationToken.None);
        await LeftAsync(1);
        await world.Clock.WaitForTimersAsync(TestDatabase.OnPostgres ? 1 : 2); // SQLite's own, and the hour
        world.Clock.Leap(TimeSpan.FromHours(1));
        await LeftAsync(0);
        await world.Retention.StopAsync(CancellationToken.None);

        Task<object> LeftAsync(long count) => BusinessChannel.EventuallyAsync<object>(async () => await world.CountAsync(row.Count) == count ? row : null);
    }

    [Fact]
    public async Task A_period_that_is_set_is_the_one_that_counts()
    {
        await using var world = await RetentionWorld.CreateAsync(new RetentionOptions { Commands = 3 });
        var row = AgedRow.All.Single(row => row.Name == "commands");
        await world.WriteAsync(work => row.WriteAsync(work, world.User, world.Clock.GetUtcNow() - TimeSpan.FromDays(4)));

        await world.SweepAsync();

        Assert.Equal(0, await world.CountAsync(row.Count));
    }

    private static Task AddChangeAsync(Work work, Guid user, DateTimeOffset at, string kind) => work.ExecuteAsync(
        "INSERT INTO task_changes (id, user_id, kind, before, created_at) VALUES (@id, @user, @kind, @bytes, @at)", new { id = NewId(), user, kind, bytes = new byte[1], at });

    private static Guid NewId() => Ids.New(TimeProvider.System);
}
