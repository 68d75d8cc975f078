namespace FocoBot.Devices.Care;

/// <summary>Looks after devices, each kind of trouble in its own time.</summary>
internal sealed class CareRounds(StuckMessages stuck, PhoneWatch phones, Canary canary, DeviceOptions options, TimeProvider clock, ILogger<CareRounds> log) : BackgroundService
{
    private Task _testing = Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsEnabled) return;
        var (nextPhones, nextCanary) = (clock.GetUtcNow(), clock.GetUtcNow());
        using var timer = new PeriodicTimer(CareLimits.Round, clock);
        try
        {
            do
            {
                await TryAsync(stuck.ReplaceAsync, stoppingToken).ConfigureAwait(false);
                var now = clock.GetUtcNow();
                if (now >= nextPhones)
                {
                    nextPhones = now + CareLimits.PhoneRound;
                    await TryAsync(phones.LookAsync, stoppingToken).ConfigureAwait(false);
                }

                // It waits for phones, and nothing else is to wait for it.
                if (now < nextCanary || !_testing.IsCompleted) continue;
                nextCanary = now + CareLimits.CanaryRound;
                _testing = TryAsync(canary.LookAsync, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }

        await _testing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TryAsync(Func<CancellationToken, Task> look, CancellationToken stopping)
    {
        try
        {
            await look(stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            DevicesLog.CareFailed(log, e.GetType().Name);
        }
    }
}
