using System.Collections.Concurrent;
using FocoBot.Accounts;
using FocoBot.Events;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using FocoBot.WhatsApp;

namespace FocoBot.Devices.Linking;

/// <summary>What somebody wants to link.</summary>
internal sealed record LinkWish(string Method, PhoneNumber? Phone, string Name, string Network);

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

    /// <summary>Begins an attempt with a new device.</summary>
    public async Task<(LinkingRun? Run, DeviceTrouble? Refusal)> BeginAsync(Caller caller, LinkWish wish, RequestOrigin origin, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (row, attempt, refusal) = await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            // One after the other for an account: two at once must not pass a limit together.
            if (await Lockouts.HoldsOverAsync(work, caller.AccountId, now).ConfigureAwait(false)) return (null, null, DeviceTrouble.Locked);
            if (await RefuseAsync(work, caller.AccountId, wish, now).ConfigureAwait(false) is { } why) return (null, null, why);
            var id = Ids.New(clock);
            var (_, wrapped) = keys.Make(id);
            await work.ExecuteAsync(
                """
                INSERT INTO whatsapp_devices (id, user_id, device_name, device_type, status, auth_keys, link_method, linking_started_at, created_at, updated_at, network)
                VALUES (@id, @AccountId, @Name, 'desktop', 'pending', @wrapped, @Method, @now, @now, @now, @Network)
                """, new { id, caller.AccountId, wish.Name, wish.Method, wish.Network, wrapped, now }).ConfigureAwait(false);
            var made = new AttemptRow(Ids.New(clock), caller.AccountId, id, 1, wish.Method, "pending", null, null, now + DeviceLimits.Attempt);
            await LinkingTable.AddAsync(work, made, origin, now).ConfigureAwait(false);
            await DeviceAudit.WriteAsync(work, clock, caller.AccountId, id, "link_start", origin, new { wish.Method, wish.Network }).ConfigureAwait(false);
            return (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false), (AttemptRow?)made, (DeviceTrouble?)null);
        }, cancellation).ConfigureAwait(false);
        if (refusal is not null) return (null, refusal);
        try
        {
            var device = await supervisor.OpenAsync(row!, CancellationToken.None).ConfigureAwait(false);
            var run = _runs[attempt!.Id] = new LinkingRun(attempt, device, wish.Phone?.E164, clock);
            run.Ended = Task.Run(() => RunAsync(run, origin), CancellationToken.None);
            return (run, null);
        }
        catch (HttpRequestException)
        {
            await EndAsync(attempt!, DeviceTrouble.Interrupted, origin).ConfigureAwait(false);
            return (null, DeviceTrouble.Interrupted);
        }
    }

    // The phone had vouched for some before the crash: they are linked.
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => database.AsService("close abandoned attempts").WriteAsync(work => work.ExecuteAsync(
        """
        UPDATE whatsapp_linking_attempts SET status = 'success', completed_at = @now WHERE completed_at IS NULL AND status = 'pairing';
        UPDATE whatsapp_devices SET status = 'active', linked_at = @now WHERE status = 'linking';
        UPDATE whatsapp_linking_attempts SET status = 'failed', error_code = @Code, error_message = @Message, completed_at = @now, qr_code_data = NULL, pairing_code = NULL WHERE completed_at IS NULL;
        DELETE FROM whatsapp_devices WHERE status = 'pending' AND link_method <> 'twilio'
        """, new { DeviceTrouble.Interrupted.Code, DeviceTrouble.Interrupted.Message, now = clock.GetUtcNow() }), cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var run in _runs.Values) run.Cancel(DeviceTrouble.Interrupted);
        await Task.WhenAll(_runs.Values.Select(run => run.Ended)).ConfigureAwait(false);
    }

    private async Task<DeviceTrouble?> RefuseAsync(Work work, Guid account, LinkWish wish, DateTimeOffset now)
    {
        if (await LinkingTable.CountSinceAsync(work, account, now - DeviceLimits.LinkingWindow).ConfigureAwait(false) >= options.LinkingsAnHour)
            return new DeviceTrouble("RATE_LIMITED", 429, "That were many attempts to link within an hour. Wait a little.");
        if (await DeviceTable.CountAsync(work, account).ConfigureAwait(false) >= options.MaxDevices) return DeviceTrouble.LimitReached;
        return wish.Phone is { } phone && await DeviceTable.IsLinkedAsync(work, account, phone.E164, except: null).ConfigureAwait(false) ? DeviceTrouble.AlreadyLinked : null;
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
            await DeviceTable.KeepIdentityAsync(work, run.Device.Id, own, now).ConfigureAwait(false);
            await work.PostAsync("UPDATE whatsapp_devices SET status = 'active', linked_at = @now, updated_at = @now WHERE id = @Id", new { run.Device.Id, now }).ConfigureAwait(false);
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
        await DeviceAudit.WriteAsync(work, clock, attempt.AccountId, device: null, status == "cancelled" ? "link_cancelled" : "link_failed", origin, new { attempt.Method, trouble.Code }).ConfigureAwait(false);
        await events.AppendAsync(work, attempt.AccountId, "device.error", new { code = trouble.Code, message = trouble.Message, attemptId = attempt.Id }, attempt.DeviceId).ConfigureAwait(false);
        // Its keys go with it.
        await work.PostAsync("DELETE FROM whatsapp_devices WHERE id = @DeviceId", new { attempt.DeviceId }).ConfigureAwait(false);
    });
}
