using FocoBot.Accounts;
using FocoBot.Devices;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Oversight;

/// <summary>The emergency stop of an account: nothing acts for it any more but the web session that pulled it, until it is lifted.</summary>
internal sealed class SecurityLock(Database database, Sessions sessions, ApiKeys keys, BotSessions bots, DeviceLock devices, EventLog events, TimeProvider clock)
{
    /// <summary>Locks the caller's account. Once more does no harm, and ends what has come up since.</summary>
    public async Task<LockAnswer> LockAsync(Caller caller, HttpContext context)
    {
        var account = caller.AccountId;
        var answer = await database.AsAccount(account).WriteAsync(async work =>
        {
            var isNew = await Lockouts.LockAccountAsync(work, clock, account).ConfigureAwait(false);
            await bots.RevokeAsync(work, account, address: null, "emergency").ConfigureAwait(false);
            var ended = await sessions.EndOthersAsync(work, context, account, caller.SessionId).ConfigureAwait(false);
            var revoked = await keys.RevokeAllAsync(work, context, account).ConfigureAwait(false);
            var disconnected = await devices.LockAsync(work, account).ConfigureAwait(false);
            if (isNew) await TellAsync(work, account, context.Audit(AuditActions.AccountLocked, success: true, account) with { Details = new { triggeredBy = Lockouts.Emergency } }, "account.locked").ConfigureAwait(false);
            return new LockAnswer(ended, revoked, disconnected.Count);
        }).ConfigureAwait(false);
        await devices.CloseAllAsync(account).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Lifts the lock of the caller's account; false when there is none. Sessions and keys that were ended stay so, phones verify again, devices reconnect.</summary>
    public async Task<bool> LiftAsync(Caller caller, HttpContext context)
    {
        var account = caller.AccountId;
        var freed = await database.AsAccount(account).WriteAsync(async work =>
            await Lockouts.UnlockAccountAsync(work, clock, account).ConfigureAwait(false)
                ? await FreeAsync(work, account, context.Audit(AuditActions.AccountUnlocked, success: true, account) with { Details = new { by = "owner" } }).ConfigureAwait(false) : null).ConfigureAwait(false);
        if (freed is null) return false;
        await devices.ConnectAsync(freed).ConfigureAwait(false);
        return true;
    }

    /// <summary>Lifts any one lock as an administrator; false when there is none of that id that holds.</summary>
    public async Task<bool> LiftAsync(Guid id, Caller administrator, HttpContext context)
    {
        var freed = await database.AsService("an administrator lifts a lock").WriteAsync(async Task<List<DeviceRow>?> (work) =>
        {
            if (await Lockouts.LiftAsync(work, clock, id, administrator.AccountId).ConfigureAwait(false) is not { } lifted) return null;
            await AuditLog.WriteAsync(work, clock, context.Audit(AuditActions.AccountUnlocked, success: true, administrator.AccountId) with { Details = new { lockout = id, account = lifted.AccountId } }).ConfigureAwait(false);
            if (lifted.AccountId is not { } account) return [];
            // Where the administrator sits is none of the owner's business.
            var told = new AuditEntry(AuditActions.AccountUnlocked, true) { UserId = account, Phone = lifted.Phone, Details = new { by = "administrator" } };
            if (lifted.TriggeredBy == Lockouts.Emergency) return await FreeAsync(work, account, told).ConfigureAwait(false);
            await AuditLog.WriteAsync(work, clock, told).ConfigureAwait(false);
            return [];
        }).ConfigureAwait(false);
        if (freed is null) return false;
        await devices.ConnectAsync(freed).ConfigureAwait(false);
        return true;
    }

    private async Task<List<DeviceRow>> FreeAsync(Work work, Guid account, AuditEntry entry)
    {
        await TellAsync(work, account, entry, "account.unlocked").ConfigureAwait(false);
        return await devices.UnlockAsync(work, account).ConfigureAwait(false);
    }

    private async Task TellAsync(Work work, Guid account, AuditEntry entry, string type)
    {
        await AuditLog.WriteAsync(work, clock, entry).ConfigureAwait(false);
        await events.AppendAsync(work, account, type, new { }).ConfigureAwait(false);
    }
}
