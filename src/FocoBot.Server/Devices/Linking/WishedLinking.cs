using System.Threading.Channels;
using FocoBot.Events;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Linking;

/// <summary>
/// Begins to link a device to a phone that was just verified, if that was wished along with the code. After a crash in between it begins at the next start, unless the person has
/// long stopped waiting for it.
/// </summary>
internal sealed class WishedLinking(
    Database database, LinkingDesk desk, EventLog events, WishSignal signal, DeviceOptions options, DeviceNetworks networks, TimeProvider clock, ILogger<WishedLinking> log) : BackgroundService, IDeviceWishReader
{
    private readonly Channel<Guid> _verified = Channel.CreateUnbounded<Guid>();

    /// <inheritdoc/>
    public (DeviceWish? Wish, ProblemHttpResult? Problem) Read(LinkRequest request)
    {
        if (!options.IsEnabled) return (null, LinkingEndpoints.Disabled());
        var problem = LinkingEndpoints.Read(new LinkDeviceRequest(request.Method, request.Phone, request.DeviceName, request.Network, request.Country, request.Consent), networks, out var wish);
        return problem is not null ? (null, problem) : (new DeviceWish(wish!.Method, wish.Name, wish.Network, wish.Consent), null);
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.IsEnabled) signal.Listen(link => _verified.Writer.TryWrite(link));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsEnabled) return;
        try
        {
            foreach (var wish in await database.AsService("devices wished for").ReadAsync(DeviceWishes.DueAsync, stoppingToken).ConfigureAwait(false)) await TryAsync(wish.LinkId, stoppingToken).ConfigureAwait(false);
            await foreach (var link in _verified.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false)) await TryAsync(link, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryAsync(Guid link, CancellationToken stopping)
    {
        try
        {
            if (await database.AsService("a device wished for").ReadAsync(work => DeviceWishes.FindDueAsync(work, link), stopping).ConfigureAwait(false) is { } wish) await BeginAsync(wish, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            DevicesLog.LinkingFailed(log, e.GetType().Name);
        }
    }

    private async Task BeginAsync(WishRow wish, CancellationToken stopping)
    {
        // The number in the very form in which the phone itself has it.
        var phone = wish.Address is null ? null : PhoneNumber.FromAddress(wish.Address);
        var refusal = phone is null || clock.GetUtcNow() - wish.VerifiedAt > DeviceLimits.WishLife ? DeviceTrouble.Interrupted
            : (await desk.BeginAsync(
                wish.AccountId, new LinkWish(wish.Method, phone, wish.DeviceName, wish.Network, new DeviceConsent(wish.Consent, wish.Assistant)), new RequestOrigin(wish.Ip, wish.UserAgent),
                (work, attempt) => TellAsync(work, wish, attempt), stopping).ConfigureAwait(false)).Refusal;
        if (refusal is null) return;
        await database.AsAccount(wish.AccountId).WriteAsync(async work =>
        {
            await DeviceWishes.FailedAsync(work, wish.LinkId, refusal.Code, refusal.Message).ConfigureAwait(false);
            await events.AppendAsync(work, wish.AccountId, "device.error", new { code = refusal.Code, message = refusal.Message, linkId = wish.LinkId }).ConfigureAwait(false);
        }, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> TellAsync(Work work, WishRow wish, AttemptRow attempt)
    {
        if (!await DeviceWishes.StartedAsync(work, wish.LinkId, attempt.Id, attempt.DeviceId).ConfigureAwait(false)) return false;
        await events.AppendAsync(work, wish.AccountId, "device.link_started", new { attemptId = attempt.Id, deviceId = attempt.DeviceId, attempt.Method }, attempt.DeviceId).ConfigureAwait(false);
        return true;
    }
}
