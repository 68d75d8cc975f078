using FocoBot.Accounts;
using FocoBot.Devices.Linking;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Devices.Routing;

/// <summary><c>/api/settings/whatsapp</c>.</summary>
internal static class WhatsAppSettingsEndpoints
{
    public static void MapWhatsAppSettings(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/settings/whatsapp").WithTags("Devices").WithMetadata(new RequestSizeLimitAttribute(DeviceLimits.RequestBytes));
        api.MapGet("", GetAsync).RequireScope(Scopes.AccountRead).WithName("getWhatsAppSettings").WithSummary("How messages to the account go out");
        api.MapPut("", ReplaceAsync).RequireScope(Scopes.AccountWrite).WithName("replaceWhatsAppSettings").WithSummary("Says how messages to the account go out").MayRefuse(422, "INVALID");
    }

    private static async Task<Ok<WhatsAppSettings>> GetAsync(Caller caller, Database database, CancellationToken cancellation) =>
        TypedResults.Ok(await database.AsAccount(caller.AccountId).ReadAsync(work => WhatsAppSettings.ReadAsync(work, caller.AccountId), cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<WhatsAppSettings>, ProblemHttpResult>> ReplaceAsync(
        WhatsAppSettings request, Caller caller, HttpContext context, Database database, EventLog events, TimeProvider clock)
    {
        if (request.Check() is { } problem) return problem;
        return await database.AsAccount(caller.AccountId).WriteAsync(async Task<Results<Ok<WhatsAppSettings>, ProblemHttpResult>> (work) =>
        {
            var before = await WhatsAppSettings.ReadAsync(work, caller.AccountId).ConfigureAwait(false);
            if ((request.Devices ?? []).ExceptBy(before.Devices!.Select(device => device.DeviceId), device => device.DeviceId).Any())
                return Problem.Invalid("devices.deviceId", "The account has no such linked device.");
            await request.SaveAsync(work, caller.AccountId, clock.GetUtcNow()).ConfigureAwait(false);
            var settings = await WhatsAppSettings.ReadAsync(work, caller.AccountId).ConfigureAwait(false);
            await DeviceAudit.WriteAsync(work, clock, caller.AccountId, device: null, "settings_changed", LinkingEndpoints.Origin(context), settings).ConfigureAwait(false);
            await events.AppendAsync(work, caller.AccountId, WhatsAppSettings.Updated, settings).ConfigureAwait(false);
            return TypedResults.Ok(settings);
        }, context.RequestAborted).ConfigureAwait(false);
    }
}
