using System.Net;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// Remembers forged webhooks and writes them to the audit log together, so that a flood of them is one row a period and not
/// a way to fill the disk.
/// </summary>
internal sealed class RefusedWebhooks(Database database, TimeProvider clock, ILogger<RefusedWebhooks> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private long _count;
    private IPAddress? _lastAddress;

    public void Count(IPAddress? address)
    {
        _lastAddress = address;
        Interlocked.Increment(ref _count);
    }

    /// <summary>Writes what was counted since the last time.</summary>
    public async Task FlushAsync()
    {
        var count = Interlocked.Exchange(ref _count, 0);
        if (count == 0) return;
        TwilioLog.SignaturesRefused(log, count);
        await database.AsService("note forged webhooks").WriteAsync(work => AuditLog.WriteAsync(work, clock, new AuditEntry(AuditActions.SignatureVerificationFailed, false)
        {
            IpAddress = _lastAddress, ErrorCode = "INVALID_SIGNATURE", Details = new { count },
        })).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await FlushAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await FlushAsync().ConfigureAwait(false);
        }
    }
}
