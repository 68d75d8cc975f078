using Microsoft.Data.Sqlite;

namespace FocoBot.Storage;

/// <summary>
/// Copies the write-ahead log back into the file beside the writer, so that no commit waits for it. What the writer adds
/// meanwhile is copied again, and the little that is left then by the writer itself between two commits: only a log that was
/// copied whole begins anew instead of growing.
/// </summary>
internal sealed class SqliteCheckpointer : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private const long PassiveAbove = 4L << 20;

    // A reader that stays keeps the log from beginning anew; past this size writers wait once.
    private const long TruncateAbove = 512L << 20;

    private readonly SqliteConnection _connection;
    private readonly string _logPath;
    private readonly SqliteWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public SqliteCheckpointer(SqliteConnection connection, string logPath, SqliteWriter writer, TimeProvider clock)
    {
        _connection = connection;
        _logPath = logPath;
        _writer = writer;
        _loop = Task.Run(() => LoopAsync(clock));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        Checkpoint("TRUNCATE");
        await _connection.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync(TimeProvider clock)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                var size = new FileInfo(_logPath) is { Exists: true } log ? log.Length : 0;
                if (size > TruncateAbove) Checkpoint("TRUNCATE");
                else if (size > PassiveAbove) CheckpointInSteps();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void CheckpointInSteps()
    {
        Checkpoint("PASSIVE");
        Checkpoint("PASSIVE");
        _writer.FinishCheckpoint();
    }

    private void Checkpoint(string mode)
    {
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = $"PRAGMA wal_checkpoint({mode})";
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // Busy: the next tick tries again; nothing is lost, the log only stays longer.
        }
    }
}
