using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Pairing;

namespace FocoBot.Devices.Linking;

/// <summary>
/// One attempt to link, from its first code to its end. A code that runs out is replaced by a new one only when somebody asks for it; the attempt then waits, until its time is over.
/// </summary>
internal sealed class LinkingRun : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end;
    private readonly Lock _gate = new();
    private CancellationTokenSource _code = new();
    private TaskCompletionSource _another = new();
    private DeviceTrouble? _why;

    public LinkingRun(AttemptRow attempt, LiveDevice device, string? phoneNumber, TimeProvider clock)
    {
        (Attempt, Device, PhoneNumber, _clock) = (attempt, device, phoneNumber, clock);
        _end = new CancellationTokenSource(attempt.ExpiresAt - clock.GetUtcNow(), clock);
    }

    public AttemptRow Attempt { get; }

    public LiveDevice Device { get; }

    /// <summary>The number that the person named, as E.164; null when a QR code may be scanned by any phone.</summary>
    public string? PhoneNumber { get; }

    /// <summary>Done when the attempt is over and put down.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>Ends the attempt.</summary>
    public void Cancel(DeviceTrouble why)
    {
        lock (_gate) _why ??= why;
        _end.Cancel();
    }

    /// <summary>Drops the code of the moment and begins a new one.</summary>
    public void BeginAnother()
    {
        lock (_gate)
        {
            Device.Showing = null;
            _another.TrySetResult();
            _code.Cancel();
        }
    }

    /// <summary>Links.</summary>
    /// <returns>Null when the device is linked and online; else why not.</returns>
    public async Task<DeviceTrouble?> RunAsync()
    {
        try
        {
            while (true)
            {
                using var both = Begin();
                try
                {
                    await (Attempt.Method == "qr_code" ? Device.Client.LinkByQrAsync(both.Token) : LinkByCodeAsync(both.Token)).ConfigureAwait(false);
                    return IsWrongPhone() ? DeviceTrouble.WrongPhone : null;
                }
                catch (LinkingException over) when (over.Failure is LinkingFailure.QrExpired or LinkingFailure.CodeExpired)
                {
                    Device.Showing = null;
                    await _another.Task.WaitAsync(_end.Token).ConfigureAwait(false);
                }
                catch (LinkingException failed)
                {
                    return DeviceTrouble.Of(failed);
                }
                catch (OperationCanceledException) when (!_end.IsCancellationRequested)
                {
                    // Another code is wanted.
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return _why ?? (Attempt.Method == "qr_code" ? DeviceTrouble.QrExpired : DeviceTrouble.CodeExpired);
        }
        catch (ConnectionEndedException ended)
        {
            return DeviceTrouble.Of(ended.End) ?? DeviceTrouble.Interrupted;
        }
    }

    public void Dispose()
    {
        _end.Dispose();
        _code.Dispose();
    }

    private CancellationTokenSource Begin()
    {
        lock (_gate)
        {
            _code.Dispose();
            (_code, _another) = (new CancellationTokenSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _code.Token);
        }
    }

    // The server sometimes needs a moment before it gives a code: three tries.
    private async Task LinkByCodeAsync(CancellationToken token)
    {
        foreach (var pause in DeviceLimits.CodePauses)
        {
            try
            {
                await Device.Client.LinkByCodeAsync(PhoneNumber!, token: token).ConfigureAwait(false);
                return;
            }
            catch (LinkingException failed) when (failed.Failure is LinkingFailure.ConnectionEnded && Device.Showing is null)
            {
                await Task.Delay(pause, _clock, token).ConfigureAwait(false);
            }
        }

        await Device.Client.LinkByCodeAsync(PhoneNumber!, token: token).ConfigureAwait(false);
    }

    /// <summary>Whether two numbers in international form are one phone's: some countries write theirs in two ways.</summary>
    public static bool IsSamePhone(string one, string other) => PhoneLinks.PhoneNumber.FromAddress(one)?.Canonical == PhoneLinks.PhoneNumber.FromAddress(other)?.Canonical;

    private bool IsWrongPhone() => PhoneNumber is not null && Device.Client.Device?.PhoneJid is { } linked && !IsSamePhone("+" + linked.User, PhoneNumber);
}
