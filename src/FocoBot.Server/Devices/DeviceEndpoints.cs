using System.Text.Json;
using FocoBot.Accounts;
using FocoBot.Devices.Care;
using FocoBot.Devices.Linking;
using FocoBot.Devices.Transfer;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices;

/// <summary>The account's devices.</summary>
internal sealed record DeviceList(IReadOnlyList<DeviceView> Devices);

/// <summary>
/// A device. Its status is active, disconnected, expired or revoked, and pending or linking while it is being linked; <c>expiresAt</c> is when WhatsApp unlinks it unless the phone
/// is seen before; 1 is the highest priority; it is used for proposals, notifications or all.
/// </summary>
internal sealed record DeviceView(
    Guid Id, string DeviceName, string DeviceType, string? PhoneNumber, string Status, string? PushName, string? Platform, DateTimeOffset? LinkedAt, DateTimeOffset? LastConnectedAt,
    DateTimeOffset? ExpiresAt, long Priority, IReadOnlyList<string> UseFor, DeviceConsent Consent);

/// <summary>
/// How a device does right now. Health goes by what comes and goes: healthy, connecting, phone_away (the phone was not seen for ten days), stalled (connected, and something does not come
/// through) or down. <c>newChats</c>: how many chats with strangers it has begun in the past 24 hours, how many it may, and until when WhatsApp lets it begin none.
/// </summary>
internal sealed record DeviceStatus(
    Guid Id, string Status, string ConnectionState, int? Battery, bool? IsCharging, string? Platform, string? PhoneNumber, string? PushName, DateTimeOffset? LastMessageReceived, string Health, string Reason,
    CanaryView? LastCanary, NewChatStanding? NewChats = null);

/// <summary>The last daily test of a device.</summary>
/// <param name="At">When.</param>
/// <param name="Outcome">answered; acknowledged: WhatsApp took it and the phone was away; failed.</param>
internal sealed record CanaryView(DateTimeOffset At, string Outcome);

/// <summary>What to change of a device; what is missing stays.</summary>
internal sealed record DeviceChange(string? DeviceName, long? Priority, IReadOnlyList<string>? UseFor, DeviceConsent? Consent);

/// <summary>The code of the moment.</summary>
internal sealed record DeviceCode(DateTimeOffset ExpiresAt)
{
    /// <summary>A data URL of the code's image.</summary>
    public string? QrCode { get; init; }

    public string? QrCodeData { get; init; }

    public string? PairingCode { get; init; }

    /// <summary>What WhatsApp asks the account's passkey: WebAuthn's <c>PublicKeyCredentialRequestOptions</c>.</summary>
    public JsonElement? PasskeyOptions { get; init; }

    /// <summary>The code that the phone must show as well after the passkey was used.</summary>
    public string? PasskeyCode { get; init; }
}

/// <summary><c>/api/integrations/whatsapp/devices</c> and <c>device/{id}</c>.</summary>
internal static class DeviceEndpoints
{
    internal static readonly string[] Uses = ["proposals", "notifications", "all"];

    public static void MapDeviceEndpoints(this RouteGroupBuilder api)
    {
        api.MapGet("devices", ListAsync).RequireScope(Scopes.DevicesRead).WithName("listDevices").WithSummary("The account's devices, in their order of use");
        var device = api.MapGroup("device/{id:guid}");
        device.MapGet("status", StatusAsync).RequireScope(Scopes.DevicesRead).WithName("deviceStatus").WithSummary("How a device does right now");
        device.MapGet("code", CodeAsync).RequireScope(Scopes.DevicesWrite).WithName("deviceCode").WithSummary("The QR code or link code of a device that is being linked").MayRefuse(410, "QR_EXPIRED", "PAIRING_CODE_EXPIRED");
        device.MapPatch("", ChangeAsync).RequireScope(Scopes.DevicesWrite).WithName("changeDevice").WithSummary("Changes a device's name, place, use, or what its owner allows").MayRefuse(422, "INVALID");
        device.MapPost("refresh", RefreshAsync).RequireScope(Scopes.DevicesWrite).WithName("refreshDevice").WithSummary("Connects a device anew; one that was exported goes on here as a copy").MayRefuse(409, "SESSION_INVALID", "ACCOUNT_LOCKED", "EXPORTED").MayRefuse(503, "CONNECTION_CLOSED");
        device.MapDelete("", RemoveAsync).RequireScope(Scopes.DevicesWrite).WithName("unlinkDevice").WithSummary("Logs a device out of WhatsApp and deletes its keys and messages");
    }

    internal static ProblemHttpResult Unknown() => Problem.NotFound("device");

    /// <summary>The connection in the words of the API, for a device at work here or not.</summary>
    internal static string ConnectionStateOf(DeviceRow row, LiveDevice? live) =>
        live?.ConnectionState ?? (row.Status is "revoked" or "expired" ? "logged_out" : row.ErrorCode == "CONNECTION_REPLACED" ? "replaced" : "disconnected");

    private static async Task<Ok<DeviceList>> ListAsync(Caller caller, Database database, CancellationToken cancellation)
    {
        var rows = await database.AsAccount(caller.AccountId).ReadAsync(work => DeviceTable.ListAsync(work, caller.AccountId), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new DeviceList(rows.ConvertAll(View)));
    }

    private static async Task<Results<Ok<DeviceStatus>, ProblemHttpResult>> StatusAsync(Guid id, Caller caller, Database database, DeviceSupervisor supervisor, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return await database.AsAccount(caller.AccountId).ReadAsync(async Task<Results<Ok<DeviceStatus>, ProblemHttpResult>> (work) =>
        {
            if (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { } row) return Unknown();
            var status = StatusOf(row, supervisor.Find(id), await StuckMessages.OfAsync(work, id, now).ConfigureAwait(false), now);
            return TypedResults.Ok(row.IsBusinessPhone ? status : status with { NewChats = await NewChats.ReadAsync(work, id, now).ConfigureAwait(false) });
        }, cancellation).ConfigureAwait(false);
    }

    private static async Task<Results<Ok<DeviceCode>, ProblemHttpResult>> CodeAsync(Guid id, Caller caller, Database database, DeviceSupervisor supervisor, TimeProvider clock, CancellationToken cancellation)
    {
        if (await FindAsync(id, caller, database, cancellation).ConfigureAwait(false) is not { } row || row.Status is not ("pending" or "linking") || row.IsBusinessPhone) return Unknown();
        if (supervisor.Find(id)?.Showing is not { } shown || shown.ExpiresAt <= clock.GetUtcNow())
            return (await MethodAsync(row, database, cancellation).ConfigureAwait(false) == "qr_code" ? DeviceTrouble.QrExpired : DeviceTrouble.CodeExpired).ToProblem();
        return shown.Kind switch
        {
            "qr_code" => TypedResults.Ok(new DeviceCode(shown.ExpiresAt) { QrCode = CodeImage.Of(shown.Content), QrCodeData = shown.Content }),
            "pairing_code" => TypedResults.Ok(new DeviceCode(shown.ExpiresAt) { PairingCode = shown.Content }),
            "passkey" => TypedResults.Ok(new DeviceCode(shown.ExpiresAt) { PasskeyOptions = JsonDocument.Parse(shown.Content).RootElement }),
            _ => TypedResults.Ok(new DeviceCode(shown.ExpiresAt) { PasskeyCode = shown.Content }),
        };
    }

    private static async Task<Results<Ok<DeviceView>, ProblemHttpResult>> ChangeAsync(Guid id, DeviceChange change, Caller caller, HttpContext context, Database database, TimeProvider clock)
    {
        if (Check(change) is { } problem) return problem;
        return await database.AsAccount(caller.AccountId).WriteAsync(async Task<Results<Ok<DeviceView>, ProblemHttpResult>> (work) =>
        {
            await work.ExecuteAsync(
                """
                UPDATE whatsapp_devices SET device_name = COALESCE(@name, device_name), priority = COALESCE(@Priority, priority), use_for = COALESCE(@uses, use_for),
                  consent = COALESCE(@Chats, consent), assistant = COALESCE(@Assistant, assistant), updated_at = @now WHERE id = @id AND user_id = @AccountId
                """,
                new
                {
                    id, caller.AccountId, name = change.DeviceName?.Trim(), change.Priority, uses = change.UseFor is null ? null : string.Join(' ', change.UseFor.Distinct()),
                    change.Consent?.Chats, change.Consent?.Assistant, now = clock.GetUtcNow(),
                }).ConfigureAwait(false);
            if (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { } row) return Unknown();
            if (change.Consent is not null)
                await DeviceAudit.WriteAsync(work, clock, caller.AccountId, id, "consent_changed", LinkingEndpoints.Origin(context), new { row.Consent, row.Assistant }).ConfigureAwait(false);
            return TypedResults.Ok(View(row));
        }, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<Results<Accepted<DeviceStatus>, ProblemHttpResult>> RefreshAsync(
        Guid id, Caller caller, HttpContext context, Database database, DeviceSupervisor supervisor, DeviceTransfer transfer, TimeProvider clock)
    {
        if (await FindAsync(id, caller, database, context.RequestAborted).ConfigureAwait(false) is not { } row || row.IsBusinessPhone || row.Status is "pending" or "linking") return Unknown();
        if (row.Status is "revoked" or "expired") return DeviceTrouble.LoggedOut.ToProblem();
        var locked = await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            if (await Lockouts.HoldsOverAsync(work, caller.AccountId, clock.GetUtcNow()).ConfigureAwait(false)) return true;
            // After a ban only this lets what waits go out.
            await work.PostAsync("UPDATE whatsapp_devices SET error_code = NULL, error_message = NULL WHERE id = @id AND error_code = @Code", new { id, DeviceTrouble.Banned.Code }).ConfigureAwait(false);
            await DeviceAudit.WriteAsync(work, clock, caller.AccountId, id, "refresh", LinkingEndpoints.Origin(context), row.ErrorCode is null ? null : new { after = row.ErrorCode }).ConfigureAwait(false);
            return false;
        }).ConfigureAwait(false);
        if (locked) return DeviceTrouble.Locked.ToProblem();
        if (row.IsExported && !await transfer.TakeBackAsync(row).ConfigureAwait(false)) return DeviceTrouble.Exported.ToProblem();
        if (await supervisor.ConnectAsync(row, context.RequestAborted).ConfigureAwait(false) is { } trouble) return trouble.ToProblem();
        return TypedResults.Accepted((string?)null, StatusOf(row, supervisor.Find(id), stuck: null, clock.GetUtcNow()));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, Caller caller, HttpContext context, Database database, DeviceSupervisor supervisor, LinkingDesk linking, TimeProvider clock)
    {
        if (await FindAsync(id, caller, database, context.RequestAborted).ConfigureAwait(false) is not { } row || row.Status is "pending" or "linking") return Unknown();
        if (row.IsBusinessPhone) return Problem.Invalid("id", "This is a phone of the business channel: unlink it there.");
        // It is no news to the owner that it is logged out.
        await database.AsAccount(caller.AccountId).WriteAsync(work => work.ExecuteAsync("UPDATE whatsapp_devices SET noticed = 'unlinked' WHERE id = @id", new { id }), context.RequestAborted).ConfigureAwait(false);
        var told = await LogOutAsync(supervisor.Find(id)).ConfigureAwait(false);
        await supervisor.CloseAsync(id).ConfigureAwait(false);
        await database.AsAccount(caller.AccountId).WriteAsync(async work =>
        {
            await work.PostAsync("DELETE FROM whatsapp_devices WHERE id = @id", new { id }).ConfigureAwait(false);
            await DeviceAudit.WriteAsync(work, clock, caller.AccountId, device: null, "unlink", LinkingEndpoints.Origin(context), new { deviceId = id, told }).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    // A device that is not connected stays in the phone's list until somebody removes it there: its keys are gone all the same.
    private static async Task<bool> LogOutAsync(LiveDevice? device)
    {
        if (device?.Client.State is not WhatsApp.ConnectionState.Online) return false;
        try
        {
            await device.Client.LogoutAsync().ConfigureAwait(false);
            return true;
        }
        catch (WhatsAppException)
        {
            return false;
        }
    }

    private static Task<DeviceRow?> FindAsync(Guid id, Caller caller, Database database, CancellationToken cancellation) =>
        database.AsAccount(caller.AccountId).ReadAsync(work => DeviceTable.FindAsync(work, caller.AccountId, id), cancellation);

    // One that is linked again may have been linked in another way before.
    private static Task<string?> MethodAsync(DeviceRow row, Database database, CancellationToken cancellation) => database.AsAccount(row.AccountId).ReadAsync(
        work => work.FirstAsync<string>("SELECT method FROM whatsapp_linking_attempts WHERE device_id = @Id ORDER BY id DESC LIMIT 1", new { row.Id }), cancellation);

    private static ProblemHttpResult? Check(DeviceChange change)
    {
        if (change.DeviceName is { } name && (name.Trim().Length is 0 or > DeviceLimits.Name || name.Any(char.IsControl))) return Problem.Invalid("deviceName", $"A name has 1 to {DeviceLimits.Name} characters.");
        if (change.Priority is < 1 or > DeviceLimits.LowestPriority) return Problem.Invalid("priority", $"A priority is a number from 1, the highest, to {DeviceLimits.LowestPriority}.");
        if (change.UseFor is { } uses && (uses.Count == 0 || uses.Except(Uses).Any())) return Problem.Invalid("useFor", "useFor holds proposals, notifications or all.");
        return change.Consent?.Check();
    }

    internal static DeviceView View(DeviceRow row) => new(
        row.Id, row.DeviceName, row.DeviceType, row.PhoneNumber, row.Status, row.PushName, row.Platform, row.LinkedAt, row.LastConnectedAt, row.ExpiresAt, row.Priority,
        row.UseFor.Split(' ', StringSplitOptions.RemoveEmptyEntries), new DeviceConsent(row.Consent, row.Assistant));

    private static DeviceStatus StatusOf(DeviceRow row, LiveDevice? live, long? stuck, DateTimeOffset now)
    {
        var health = DeviceHealth.Of(row, live, stuck, now);
        var canary = row is { CanaryAt: { } at, CanaryOutcome: { } outcome } ? new CanaryView(at, outcome) : null;
        return new DeviceStatus(row.Id, row.Status, ConnectionStateOf(row, live), null, null, row.Platform, row.PhoneNumber, row.PushName, live?.LastMessageReceived, health.Word, health.Reason, canary);
    }
}
