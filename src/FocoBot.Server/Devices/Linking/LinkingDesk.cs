using System.Collections.Concurrent;
using FocoBot.Events;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Linking;

/// <summary>What somebody wants to link.</summary>
/// <param name="Method"><c>qr_code</c> or <c>pairing_code</c>.</param>
/// <param name="Phone">The only phone that may answer; null for any.</param>
/// <param name="Name">What the owner calls the device.</param>
/// <param name="Network">Where it is linked.</param>
/// <param name="Consent">What the owner allows it.</param>
/// <param name="Again">A device that was logged out, to be linked again in its own row, where it keeps name, network and consent; null for a new one.</param>
internal sealed record LinkWish(string Method, PhoneNumber? Phone, string Name, string Network, DeviceConsent Consent, Guid? Again = null);

/// <summary>Begins attempts to link, and puts down how they end. Those under way live in this process; what a crash leaves behind is closed at the next start.</summary>
internal sealed class LinkingDesk(
    Database database, DeviceKeys keys, DeviceSupervisor supervisor, EventLog events, DeviceOptions options, TimeProvider clock, ILogger<LinkingDesk> log) : IHostedService
{
    private readonly ConcurrentDictionary<Guid, LinkingRun> _runs = new();

    /// <summary>The attempt, if it is under way here.</summary>
    public LinkingRun? Find(Guid attempt) => _runs.GetValueOrDefault(attempt);

    /// <summary>Ends what an account has under way here.</summary>
    public void EndAll(Guid account, DeviceTrouble why)
    {
        foreach (var run in _runs.Values.Where(run => run.Attempt.AccountId == account)) run.Cancel(why);
    }

    /// <summary>Begins an attempt, with a new device or with one that was logged out.</summary>
    /// <param name="account">Whose it will be.</param>
    /// <param name="wish">What is to be linked.</param>
    /// <param name="origin">Where the wish came from.</param>
    /// <param name="along">Put down in the same unit; when it says false, nothing begins.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<(LinkingRun? Run, DeviceTrouble? Refusal)> BeginAsync(Guid account, LinkWish wish, RequestOrigin origin, Func<Work, AttemptRow, Task<bool>>? along, CancellationToken cancellation)
    {
        Task<(DeviceRow? Row, AttemptRow? Attempt, DeviceTrouble? Refusal)> PutDownAsync() => database.AsAccount(account).WriteAsync(work => AddAsync(work, account, wish, origin, along), cancellation);
        if (wish.Again is { } device && CheckAgain(await database.AsAccount(account).ReadAsync(work => DeviceTable.FindAsync(work, account, device), cancellation).ConfigureAwait(false), wish) is { } trouble) return (null, trouble);
        // The connection of the device as it was must be gone: it would answer for the one that it becomes.
        var (row, attempt, refusal) = await (wish.Again is { } again ? supervisor.CloseAsync(again, PutDownAsync) : PutDownAsync()).ConfigureAwait(false);
        if (refusal is not null) return (null, refusal);
        try
        {
            var opened = await supervisor.OpenAsync(row!, CancellationToken.None).ConfigureAwait(false);
            var run = _runs[attempt!.Id] = new LinkingRun(attempt, opened, wish.Phone?.E164 ?? (wish.Again is null ? null : row!.PhoneNumber), clock);
            run.Ended = Task.Run(() => RunAsync(run, origin), CancellationToken.None);
            return (run, null);
        }
        catch (Exception e) when (DeviceTrouble.OfOpening(e) is { } why)
        {
            await EndAsync(attempt!, why, origin).ConfigureAwait(false);
            return (null, why);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) =>
        database.AsService("close abandoned attempts").WriteAsync(work => AbandonedAttempts.CloseAsync(work, keys, clock.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var run in _runs.Values) run.Cancel(DeviceTrouble.Interrupted);
        await Task.WhenAll(_runs.Values.Select(run => run.Ended)).ConfigureAwait(false);
    }

    private async Task<(DeviceRow? Row, AttemptRow? Attempt, DeviceTrouble? Refusal)> AddAsync(Work work, Guid account, LinkWish wish, RequestOrigin origin, Func<Work, AttemptRow, Task<bool>>? along)
    {
        var now = clock.GetUtcNow();
        // One after the other for an account: two at once must not pass a limit together.
        if (await Lockouts.HoldsOverAsync(work, account, now).ConfigureAwait(false)) return (null, null, DeviceTrouble.Locked);
        if (await RefuseAsync(work, account, wish, now).ConfigureAwait(false) is { } why) return (null, null, why);
        var attempt = new AttemptRow(Ids.New(clock), account, wish.Again ?? Ids.New(clock), 1, wish.Method, "pending", null, null, now + DeviceLimits.Attempt);
        if (along is not null && !await along(work, attempt).ConfigureAwait(false)) return (null, null, DeviceTrouble.Cancelled);
        if (wish.Again is { } again) await LinkingTable.BeginAgainAsync(work, again, now).ConfigureAwait(false);
        else await AddDeviceAsync(work, attempt, wish, now).ConfigureAwait(false);
        await LinkingTable.AddAsync(work, attempt, origin, now).ConfigureAwait(false);
        var row = await DeviceTable.FindAsync(work, account, attempt.DeviceId!.Value).ConfigureAwait(false);
        await DeviceAudit.WriteAsync(work, clock, account, row!.Id, "link_start", origin, new { wish.Method, row.Network, chats = row.Consent, row.Assistant, again = wish.Again is not null }).ConfigureAwait(false);
        return (row, attempt, null);
    }

    private async Task AddDeviceAsync(Work work, AttemptRow attempt, LinkWish wish, DateTimeOffset now)
    {
        var (_, wrapped) = keys.Make(attempt.DeviceId!.Value);
        await work.ExecuteAsync(
            """
            INSERT INTO whatsapp_devices (id, user_id, device_name, device_type, status, auth_keys, link_method, linking_started_at, created_at, updated_at, network, consent, assistant)
            VALUES (@DeviceId, @AccountId, @Name, 'desktop', 'pending', @wrapped, @Method, @now, @now, @now, @Network, @Chats, @Assistant)
            """, new { attempt.DeviceId, attempt.AccountId, wish.Name, wish.Method, wish.Network, wrapped, now, wish.Consent.Chats, wish.Consent.Assistant }).ConfigureAwait(false);
    }

    private static DeviceTrouble? CheckAgain(DeviceRow? row, LinkWish wish)
    {
        if (row is null || row.IsBusinessPhone) return DeviceTrouble.Unknown;
        if (row.Status is not ("revoked" or "expired")) return DeviceTrouble.NotLoggedOut;
        if (row.PhoneNumber is null) return wish is { Method: "pairing_code", Phone: null } ? DeviceTrouble.OtherPhone : null;
        return wish.Phone is null || LinkingRun.IsSamePhone(wish.Phone.E164, row.PhoneNumber) ? null : DeviceTrouble.OtherPhone;
    }

    private async Task<DeviceTrouble?> RefuseAsync(Work work, Guid account, LinkWish wish, DateTimeOffset now)
    {
        var (phone, before) = (wish.Phone?.E164, wish.Again is { } again ? await DeviceTable.FindAsync(work, account, again).ConfigureAwait(false) : null);
        if (wish.Again is not null)
        {
            // It may have changed since it was looked at.
            if (CheckAgain(before, wish) is { } trouble) return trouble;
            phone ??= before!.PhoneNumber;
        }

        if (await LinkingTable.CountSinceAsync(work, account, now - DeviceLimits.LinkingWindow).ConfigureAwait(false) >= options.LinkingsAnHour)
            return new DeviceTrouble("RATE_LIMITED", 429, "That were many attempts to link within an hour. Wait a little.");
        if (await DeviceTable.CountAsync(work, account).ConfigureAwait(false) >= options.MaxDevices) return DeviceTrouble.LimitReached;
        return phone is not null && await DeviceTable.IsLinkedAsync(work, account, phone, wish.Again).ConfigureAwait(false) ? DeviceTrouble.AlreadyLinked : null;
    }

    private async Task RunAsync(LinkingRun run, RequestOrigin origin)
    {
        var trouble = DeviceTrouble.Interrupted;
        try
        {
            trouble = await run.RunAsync().ConfigureAwait(false) ?? await SucceedAsync(run, origin).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            DevicesLog.LinkingFailed(log, e.GetType().Name);
        }

        if (trouble is not null) await FailAsync(run, trouble, origin).ConfigureAwait(false);
        _runs.TryRemove(run.Attempt.Id, out _);
        run.Dispose();
    }

    private Task<DeviceTrouble?> SucceedAsync(LinkingRun run, RequestOrigin origin)
    {
        var own = run.Device.Client.Device!;
        var (phone, now) = ("+" + own.PhoneJid!.Value.User, clock.GetUtcNow());
        return database.AsAccount(run.Attempt.AccountId).WriteAsync(async work =>
        {
            if (await Lockouts.HoldsOverAsync(work, run.Attempt.AccountId, now).ConfigureAwait(false)) return DeviceTrouble.Locked;
            if (await DeviceTable.IsLinkedAsync(work, run.Attempt.AccountId, phone, run.Device.Id).ConfigureAwait(false)) return DeviceTrouble.AlreadyLinked;
            if (!await LinkingTable.EndAsync(work, run.Attempt.Id, "success", null, now).ConfigureAwait(false)) return DeviceTrouble.Cancelled;
            await LinkingTable.SucceedAsync(work, run.Attempt, now).ConfigureAwait(false);
            await DeviceTable.KeepIdentityAsync(work, run.Device.Id, own, now).ConfigureAwait(false);
            await DeviceAudit.WriteAsync(work, clock, run.Attempt.AccountId, run.Device.Id, "link_complete", origin, new { run.Attempt.Method }).ConfigureAwait(false);
            await events.AppendAsync(work, run.Attempt.AccountId, "device.linked", new { attemptId = run.Attempt.Id, phoneNumber = phone, own.PushName }, run.Device.Id).ConfigureAwait(false);
            return (DeviceTrouble?)null;
        });
    }

    private async Task FailAsync(LinkingRun run, DeviceTrouble trouble, RequestOrigin origin)
    {
        run.Device.Showing = null;
        try
        {
            // It has just been linked: WhatsApp is told that it is none any more.
            if (run.Device.Client.State is ConnectionState.Online) await run.Device.Client.LogoutAsync().ConfigureAwait(false);
        }
        catch (WhatsAppException)
        {
            // Then the phone shows it until somebody removes it there.
        }

        await supervisor.CloseAsync(run.Device.Id).ConfigureAwait(false);
        await EndAsync(run.Attempt, trouble, origin).ConfigureAwait(false);
    }

    private Task EndAsync(AttemptRow attempt, DeviceTrouble trouble, RequestOrigin origin) => database.AsAccount(attempt.AccountId).WriteAsync(async work =>
    {
        var status = trouble == DeviceTrouble.Cancelled ? "cancelled" : trouble == DeviceTrouble.QrExpired || trouble == DeviceTrouble.CodeExpired ? "expired" : "failed";
        await LinkingTable.EndAsync(work, attempt.Id, status, trouble, clock.GetUtcNow()).ConfigureAwait(false);
        var stays = await LinkingTable.UndoAsync(work, attempt).ConfigureAwait(false);
        await DeviceAudit.WriteAsync(work, clock, attempt.AccountId, stays ? attempt.DeviceId : null, status == "cancelled" ? "link_cancelled" : "link_failed", origin, new { attempt.Method, trouble.Code }).ConfigureAwait(false);
        await events.AppendAsync(work, attempt.AccountId, "device.error", new { code = trouble.Code, message = trouble.Message, attemptId = attempt.Id }, attempt.DeviceId).ConfigureAwait(false);
    });
}
