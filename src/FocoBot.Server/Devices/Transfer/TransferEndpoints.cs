using System.Net.Mime;
using FocoBot.Accounts;
using FocoBot.Devices.Linking;
using FocoBot.Http;
using FocoBot.Storage;
using FocoBot.WhatsApp.Storage;
using FocoBot.WhatsApp.Storage.Baileys;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Devices.Transfer;

/// <summary>A device to be handed out.</summary>
/// <param name="Password">The account's, again.</param>
/// <param name="Passphrase">What the file is sealed with; for <c>focobot</c>.</param>
/// <param name="Format"><c>focobot</c>: one sealed file. <c>baileys</c>: a zip of Baileys' folder, unsealed.</param>
internal sealed record DeviceExport(string? Password, string? Passphrase, string? Format);

/// <summary><c>devices/import</c> and <c>device/{id}/export</c>.</summary>
internal static class TransferEndpoints
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    public static void MapTransfers(this RouteGroupBuilder api)
    {
        api.MapPost("devices/import", ImportAsync).RequireScope(Scopes.DevicesWrite).Accepts<SessionImport>("application/json", "multipart/form-data").WithMetadata(new RequestSizeLimitAttribute(DeviceLimits.ImportBytes))
            .WithName("importDevice").WithSummary("Takes over a device that is linked already, and connects it")
            .WithDescription("JSON with HalloWa's `session_data`, or a form with `file` (a zip of Baileys' auth folder, or an export of FocoBot with its `passphrase`) and optionally `deviceName`, `network`, `isCopy`. For an administrator's session also JSON with the name of a `folder` that the server offers. Nothing else may use the device from now on.")
            .MayRefuse(400, "INVALID_JSON").MayRefuse(403, "FORBIDDEN").MayRefuse(404, "FEATURE_DISABLED").MayRefuse(409, "DEVICE_ALREADY_LINKED", "DEVICE_LIMIT_REACHED").MayRefuse(422, "INVALID").MayRefuse(429, "RATE_LIMITED");
        api.MapGet("devices/import/folders", Folders).RequireAdmin().WithName("listImportFolders").WithSummary("Names of the folders of Baileys' auth state that the server offers for import").MayRefuse(404, "FEATURE_DISABLED");
        api.MapPost("device/{id:guid}/export", ExportAsync).RequireWebSession().WithName("exportDevice").WithSummary("Hands a device out as a file, and stops using it")
            .WithDescription("`focobot` is sealed with the passphrase (12 characters or more); `baileys` is a zip without any protection. The device is disconnected until it is refreshed.")
            .Produces(200, contentType: MediaTypeNames.Application.Octet).MayRefuse(403, "WRONG_PASSWORD").MayRefuse(409, "SESSION_INVALID", "DEVICE_DISCONNECTED").MayRefuse(422, "INVALID").MayRefuse(429, "RATE_LIMITED");
    }

    private static Results<Ok<Page<string>>, ProblemHttpResult> Folders(DeviceOptions options, OfferedFolders offered) =>
        options.IsEnabled ? TypedResults.Ok(new Page<string>(offered.Names(), NextCursor: null)) : LinkingEndpoints.Disabled();

    private static async Task<Results<Created<DeviceView>, ProblemHttpResult>> ImportAsync(
        HttpContext context, Caller caller, DeviceOptions options, DeviceNetworks networks, OfferedFolders offered, TransferPlaces places, DeviceTransfer transfer)
    {
        if (!options.IsEnabled) return LinkingEndpoints.Disabled();
        using var place = places.Take(caller.AccountId);
        if (place is null) return Problem.RateLimited(context, TryAgain);
        // What lies there is somebody's session: an administrator's key is a key like any other.
        var isAdmin = caller is { IsAdmin: true, SessionId: not null };
        var (wish, problem) = await ImportRequest.ReadAsync(context, networks, isAdmin ? offered : null).ConfigureAwait(false);
        if (problem is not null) return problem;
        var (row, refusal) = await transfer.ImportAsync(caller, wish!, LinkingEndpoints.Origin(context), context.RequestAborted).ConfigureAwait(false);
        return refusal is not null ? refusal.ToProblem() : TypedResults.Created($"/api/integrations/whatsapp/device/{row!.Id}/status", DeviceEndpoints.View(row));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync(
        Guid id, DeviceExport request, HttpContext context, Caller caller, Reauthentication again, Database database, TransferPlaces places, DeviceTransfer transfer, TimeProvider clock)
    {
        if (request.Format is not ("focobot" or "baileys")) return Problem.Invalid("format", "The format is focobot or baileys.");
        if (request.Format == "focobot" && request.Passphrase is not { Length: >= DeviceLimits.ShortestPassphrase and <= DeviceLimits.ImportField })
            return Problem.Invalid("passphrase", $"A passphrase has at least {DeviceLimits.ShortestPassphrase} characters.");
        if (await again.CheckAsync(context, caller.AccountId, request.Password).ConfigureAwait(false) is { } refusal) return refusal;
        using var place = places.Take(caller.AccountId);
        if (place is null) return Problem.RateLimited(context, TryAgain);

        var found = await database.AsAccount(caller.AccountId).ReadAsync(work => DeviceTable.FindAsync(work, caller.AccountId, id), context.RequestAborted).ConfigureAwait(false);
        if (found is not { Wrapped: not null } row || row.IsBusinessPhone || row.Status is "pending" or "linking") return DeviceEndpoints.Unknown();
        if (row.Status is "revoked" or "expired") return DeviceTrouble.LoggedOut.ToProblem();
        if (request.Format == "baileys" && await transfer.IsUnusedCopyAsync(row, context.RequestAborted).ConfigureAwait(false)) return DeviceTrouble.UnusedCopy.ToProblem();

        if (await transfer.ExportAsync(row, request.Format, LinkingEndpoints.Origin(context)).ConfigureAwait(false) is not { } records) return DeviceTrouble.LoggedOut.ToProblem();
        return request.Format == "focobot"
            ? TypedResults.File(DeviceBundle.Seal(records, request.Passphrase!), MediaTypeNames.Application.Octet, $"device-{id}.focobot")
            : TypedResults.File(await ZipAsync(records, clock).ConfigureAwait(false), MediaTypeNames.Application.Zip, $"device-{id}.zip");
    }

    private static async Task<byte[]> ZipAsync(DeviceChanges records, TimeProvider clock)
    {
        var store = new InMemoryDeviceStore();
        await store.CommitAsync(records).ConfigureAwait(false);
        return AuthFiles.ToZip(await BaileysAuthState.ExportAsync(store, clock).ConfigureAwait(false), clock.GetUtcNow());
    }
}
