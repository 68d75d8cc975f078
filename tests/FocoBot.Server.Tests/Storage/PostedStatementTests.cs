using System.Data.Common;
using FocoBot.Storage;

namespace FocoBot.Tests.Storage;

public sealed class PostedStatementTests : IAsyncLifetime
{
    private const string Insert = "INSERT INTO llm_usage (user_id, day, calls) SELECT id, @day, @calls FROM accounts";
    private static readonly DateOnly Monday = new(2026, 7, 13);

    private TestDatabase _data = null!;
    private Database _database = null!;

    public async ValueTask InitializeAsync()
    {
        _data = await TestDatabase.CreateAsync();
        _database = await _data.OpenAsync(TimeProvider.System);
        await _database.AsService("test").WriteAsync(work => work.ExecuteAsync(
            "INSERT INTO accounts (id, email, email_key, created_at, updated_at) VALUES (@id, 'a@example.com', 'a@example.com', @now, @now)",
            new { id = Ids.New(TimeProvider.System), now = TimeProvider.System.GetUtcNow() }));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _data.DisposeAsync();
    }

    [Fact]
    public async Task Questions_see_what_was_posted_before_them()
    {
        var seen = await _database.AsService("test").WriteAsync(async work =>
        {
            await PostAsync(work, Monday, 1);
            await PostAsync(work, Monday.AddDays(1), 2);
            var sum = await work.ScalarAsync<long>("SELECT CAST(sum(calls) AS bigint) FROM llm_usage");
            await PostAsync(work, Monday.AddDays(2), 4);
            var rows = await work.QueryAsync<long>("SELECT calls FROM llm_usage ORDER BY day");
            await PostAsync(work, Monday.AddDays(3), 8);
            var first = await work.FirstAsync<long>("SELECT calls FROM llm_usage ORDER BY day DESC");
            return (sum, rows.Sum(), first);
        });
        Assert.Equal((3, 7, 8), seen);
    }

    [Fact]
    public async Task What_was_posted_last_is_committed_with_its_unit()
    {
        await _database.AsService("test").WriteAsync(work => PostAsync(work, Monday, 1));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_count_that_is_asked_for_is_of_its_own_statement()
    {
        var changed = await _database.AsService("test").WriteAsync(async work =>
        {
            await PostAsync(work, Monday, 1);
            await PostAsync(work, Monday.AddDays(1), 1);
            return await work.ExecuteAsync("UPDATE llm_usage SET calls = 5 WHERE day = @Monday", new { Monday });
        });
        Assert.Equal(1, changed);
    }

    [Fact]
    public async Task A_posted_statement_that_fails_takes_its_unit_with_it()
    {
        await Assert.ThrowsAnyAsync<DbException>(() => _database.AsService("test").WriteAsync(async work =>
        {
            await PostAsync(work, Monday, 1);
            await PostAsync(work, Monday, 1);
        }));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Several_statements_in_one_text_keep_their_place()
    {
        await _database.AsService("test").WriteAsync(async work =>
        {
            await PostAsync(work, Monday, 1);
            await work.PostAsync("UPDATE llm_usage SET calls = calls + 1; UPDATE llm_usage SET calls = calls * 10");
            await PostAsync(work, Monday.AddDays(1), 1);
        });
        Assert.Equal(21, await _database.AsService("test").ReadAsync(work => work.ScalarAsync<long>("SELECT CAST(sum(calls) AS bigint) FROM llm_usage")));
    }

    private static Task PostAsync(Work work, DateOnly day, long calls) => work.PostAsync(Insert, new { day, calls });

    private Task<long> CountAsync() => _database.AsService("test").ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM llm_usage"));
}
