using FocoBot.Storage;

namespace FocoBot.Tests.Operations;

/// <summary>PostgreSQL alone has partitions.</summary>
[Trait("Engine", "postgres")]
public class PartitionTests
{
    private const string Names = "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'whatsapp_security_audit_log'::regclass ORDER BY c.relname";

    [Fact]
    public async Task Months_are_made_ahead_and_audit_months_dropped_when_whole()
    {
        // Later than any month that the template of the test databases may have.
        await using var world = await RetentionWorld.CreateAsync(clock: new FakeClock(new DateTimeOffset(2040, 1, 31, 12, 0, 0, TimeSpan.Zero)));
        await AuditAsync(world);
        world.Clock.Leap(TimeSpan.FromDays(35)); // the 6th of March
        await world.SweepAsync();
        await AuditAsync(world);
        Assert.Superset(new HashSet<string> { "whatsapp_security_audit_log_204001", "whatsapp_security_audit_log_204003", "whatsapp_security_audit_log_204005" }, (await world.QueryAsync<string>(Names)).ToHashSet());

        world.Clock.Leap(TimeSpan.FromDays(731 - 34)); // two years after the 1st of February
        await world.SweepAsync();

        var left = await world.QueryAsync<string>(Names);
        Assert.DoesNotContain("whatsapp_security_audit_log_204001", left);
        Assert.Contains("whatsapp_security_audit_log_204002", left);
        Assert.Equal(1, await world.CountAsync("SELECT count(*) FROM whatsapp_security_audit_log"));
    }

    [Fact]
    public async Task A_month_that_began_without_its_partition_stays_in_the_default_one()
    {
        await using var world = await RetentionWorld.CreateAsync(clock: new FakeClock(new DateTimeOffset(2040, 1, 31, 12, 0, 0, TimeSpan.Zero)));
        world.Clock.Leap(TimeSpan.FromDays(400));
        await AuditAsync(world);

        await world.SweepAsync();
        await world.MigrateAsync();

        Assert.Equal(1, await world.CountAsync("SELECT count(*) FROM whatsapp_security_audit_log_default"));
        Assert.Contains("whatsapp_security_audit_log_204104", await world.QueryAsync<string>(Names));
    }

    private static Task AuditAsync(RetentionWorld world) => world.WriteAsync(work => work.ExecuteAsync(
        "INSERT INTO whatsapp_security_audit_log (id, action_type, success, created_at) VALUES (@id, 'message_received', true, @now)", new { id = Ids.New(TimeProvider.System), now = world.Clock.GetUtcNow() }));
}
