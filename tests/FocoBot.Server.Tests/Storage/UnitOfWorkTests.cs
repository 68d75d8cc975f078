using FocoBot.Storage;

namespace FocoBot.Tests.Storage;

public class UnitOfWorkTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_a_unit_wrote_is_there_when_it_completes()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        var written = new Sample(Ids.New(TimeProvider.System), new DateTimeOffset(2026, 11, 20, 10, 15, 0, 123, 456, TimeSpan.Zero), true, 7);

        await database.AsService("test").WriteAsync(work => InsertContactAsync(work, written), None);

        var read = await database.AsService("test").ReadAsync(work => work.FirstAsync<ContactRow>("SELECT phone, created_at AS at FROM contacts WHERE address = @address", new { address = written.Id.ToString() }), None);
        Assert.Equal(new ContactRow("+5215512345678", written.At), read);
    }

    [Fact]
    public async Task A_unit_that_fails_leaves_nothing_and_its_neighbours_stay()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        var door = database.AsService("test");

        var units = Enumerable.Range(0, 100).Select(i => door.WriteAsync(async work =>
        {
            await InsertContactAsync(work, new Sample(Ids.New(TimeProvider.System), DateTimeOffset.UnixEpoch, true, i));
            if (i % 3 == 0) throw new InvalidOperationException("planted");
        }, None)).ToList();
        var failures = 0;
        foreach (var unit in units)
        {
            try { await unit; }
            catch (InvalidOperationException) { failures++; }
        }

        Assert.Equal(34, failures);
        Assert.Equal(66, await door.ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM contacts"), None));
    }

    [Fact]
    public async Task Of_many_units_that_look_and_then_add_the_same_one_adds_and_the_others_find()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);

        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => database.AsService("test").WriteAsync(async work =>
        {
            if (await work.ScalarAsync<long>("SELECT count(*) FROM contacts WHERE address = 'same'") > 0) return false;
            await work.ExecuteAsync("INSERT INTO contacts (address, created_at) VALUES ('same', @now)", new { now = DateTimeOffset.UnixEpoch });
            return true;
        }, None)));

        Assert.Single(added, isFirst => isFirst);
    }

    [Fact]
    public async Task On_commit_runs_after_a_commit_and_never_after_a_failure()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        var ran = new List<string>();

        await database.AsService("test").WriteAsync(work => { work.OnCommit(() => ran.Add("committed")); return Task.CompletedTask; }, None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.AsService("test").WriteAsync(work =>
        {
            work.OnCommit(() => ran.Add("failed"));
            throw new InvalidOperationException("planted");
        }, None));

        Assert.Equal(["committed"], ran);
    }

    [Fact]
    public async Task Every_value_type_comes_back_as_it_went_in()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        var door = database.AsService("test");
        await door.WriteAsync(async work =>
        {
            await work.ExecuteAsync("CREATE TABLE sample (id uuid, at timestamptz, flag boolean, count bigint, day date, clock time, ip inet, details jsonb, bytes bytea, missing uuid)");
            await work.ExecuteAsync("INSERT INTO sample VALUES (@id, @at, @flag, @count, @day, @clock, @ip, @details, @bytes, @missing)", new
            {
                id = Guid.Parse("0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), at = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(-6)), flag = true, count = 5L,
                day = new DateOnly(2026, 11, 20), clock = new TimeOnly(9, 5), ip = System.Net.IPAddress.Parse("2001:db8::1"), details = new Json("""{"a": 1}"""), bytes = new byte[] { 0, 255 }, missing = (Guid?)null,
            });
        }, None);

        var row = await door.ReadAsync(work => work.FirstAsync<Everything>("SELECT id, at, flag, count, day, clock, ip, details, bytes, missing FROM sample"), None);

        Assert.NotNull(row);
        Assert.Equal(Guid.Parse("0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), row.Id);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 5, 59, 59, TimeSpan.Zero), row.At);
        Assert.True(row.Flag);
        Assert.Equal(5, row.Count);
        Assert.Equal(new DateOnly(2026, 11, 20), row.Day);
        Assert.Equal(new TimeOnly(9, 5), row.Clock);
        Assert.Equal("2001:db8::1", row.Ip.ToString());
        Assert.Equal("""{"a": 1}""", row.Details.Text);
        Assert.Equal([0, 255], row.Bytes);
        Assert.Null(row.Missing);
    }

    [Fact]
    public async Task Ids_rise_strictly_and_sort_alike_in_code_and_in_the_engine()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        var ids = Enumerable.Range(0, 300).Select(_ => Ids.New(TimeProvider.System)).ToList();
        await database.AsService("test").WriteAsync(async work =>
        {
            foreach (var id in ids.OrderBy(id => id.GetHashCode()))
                await work.ExecuteAsync("INSERT INTO whatsapp_processed_messages (id, message_sid, processed_at, expires_at) VALUES (@id, @sid, @now, @now)", new { id, sid = id.ToString(), now = DateTimeOffset.UnixEpoch });
        }, None);

        var sorted = await database.AsService("test").ReadAsync(work => work.QueryAsync<Guid>("SELECT id FROM whatsapp_processed_messages ORDER BY id"), None);

        Assert.Equal(ids, sorted);
    }

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        await using var data = await TestDatabase.CreateAsync();
        await using var database = await data.OpenAsync(TimeProvider.System);
        var before = await AppliedAsync(database);

        await database.MigrateAsync(None);

        Assert.Equal(before, await AppliedAsync(database));
        Assert.NotEmpty(before);
    }

    private static Task<List<string>> AppliedAsync(Database database) =>
        database.AsService("test").ReadAsync(work => work.QueryAsync<string>("SELECT name FROM schema_migrations ORDER BY name"), None);

    private static Task InsertContactAsync(Work work, Sample sample) => work.ExecuteAsync(
        "INSERT INTO contacts (address, phone, created_at) VALUES (@address, '+5215512345678', @At)", new { address = sample.Id.ToString(), sample.At });

    private sealed record Sample(Guid Id, DateTimeOffset At, bool Flag, int Number);

    private sealed record ContactRow(string Phone, DateTimeOffset At);

    private sealed record Everything(Guid Id, DateTimeOffset At, bool Flag, long Count, DateOnly Day, TimeOnly Clock, System.Net.IPAddress Ip, Json Details, byte[] Bytes, Guid? Missing);
}
