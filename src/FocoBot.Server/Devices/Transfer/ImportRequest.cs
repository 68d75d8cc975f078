using System.Text.Json;
using System.Text.Json.Serialization;
using FocoBot.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Transfer;

/// <summary>A device as HalloWa keeps it, or one that lies on the server.</summary>
/// <param name="DeviceName">What the owner calls it.</param>
/// <param name="Network"><c>live</c>, or <c>sandbox</c> in Development.</param>
/// <param name="IsCopy">Whether the device may have been used after this was written; true when missing.</param>
/// <param name="SessionData">Its <c>session_data</c>.</param>
/// <param name="Folder">Instead, the name of a folder of Baileys' auth state that the server offers; for administrators.</param>
internal sealed record SessionImport(string? DeviceName, string? Network, bool? IsCopy, [property: JsonPropertyName("session_data")] SessionData? SessionData, string? Folder = null);

/// <summary>Baileys' credentials, and its keys by type and id.</summary>
internal sealed record SessionData(JsonElement? Creds, JsonElement? Keys);

/// <summary>What comes with a device that is to be imported.</summary>
/// <param name="Name">What the owner calls it.</param>
/// <param name="Network">Where it is linked.</param>
/// <param name="IsCopy">Whether it may have been used since.</param>
/// <param name="Source"><c>baileys</c>, <c>hallowa</c>, <c>focobot</c> or <c>folder</c>.</param>
/// <param name="Device">The device.</param>
internal sealed record ImportWish(string Name, string Network, bool IsCopy, string Source, ImportedDevice Device);

/// <summary>Reads a request to import a device: a form with a file, or HalloWa's JSON.</summary>
internal static class ImportRequest
{
    /// <param name="context">The request.</param>
    /// <param name="networks">Where devices can be linked.</param>
    /// <param name="offered">Folders on the server; null for who may not import them.</param>
    public static async Task<(ImportWish? Wish, ProblemHttpResult? Problem)> ReadAsync(HttpContext context, DeviceNetworks networks, OfferedFolders? offered)
    {
        try
        {
            return context.Request.HasFormContentType ? await FormAsync(context, networks).ConfigureAwait(false) : await JsonAsync(context, networks, offered).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return (null, Problem.Of(400, "INVALID_JSON", "The body is not the JSON that is expected here."));
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return (null, Problem.Invalid("file", "The form is broken, or has more fields or longer ones than it may."));
        }
        catch (FormatException refused)
        {
            return (null, Problem.Invalid(context.Request.HasFormContentType ? "file" : "session_data", refused.Message));
        }
    }

    private static async Task<(ImportWish? Wish, ProblemHttpResult? Problem)> FormAsync(HttpContext context, DeviceNetworks networks)
    {
        // All of it stays in memory: on the disk it would lie there unsealed.
        var options = new FormOptions
        {
            MemoryBufferThreshold = DeviceLimits.ImportBytes, MultipartBodyLengthLimit = DeviceLimits.ImportBytes, ValueCountLimit = DeviceLimits.ImportFields, ValueLengthLimit = DeviceLimits.ImportField,
        };
        var form = await context.Request.ReadFormAsync(options, context.RequestAborted).ConfigureAwait(false);
        bool? isCopy = form["isCopy"].ToString() switch { "" => true, "true" => true, "false" => false, _ => null };
        if (isCopy is null) return (null, Problem.Invalid("isCopy", "isCopy is true or false."));
        if (Check(form["deviceName"], form["network"], networks, out var name, out var network) is { } problem) return (null, problem);
        if (form.Files is not [{ Name: "file", Length: > 0 } file]) return (null, Problem.Invalid("file", "Send one file, in the field file."));
        var bytes = new byte[file.Length];
        var content = file.OpenReadStream();
        await using (content.ConfigureAwait(false)) await content.ReadExactlyAsync(bytes, context.RequestAborted).ConfigureAwait(false);

        if (!DeviceBundle.IsOne(bytes))
            return (new ImportWish(name, network, isCopy.Value, "baileys", await ImportedDevice.OfBaileysAsync(AuthFiles.OfZip(bytes), isCopy.Value, context.RequestAborted).ConfigureAwait(false)), null);
        if (form["passphrase"].ToString() is not { Length: > 0 } passphrase) return (null, Problem.Invalid("passphrase", "This file was sealed with a passphrase. Send it along."));
        if (DeviceBundle.Open(bytes, passphrase) is not { } records) return (null, Problem.Invalid("passphrase", "The passphrase is wrong, or the file was changed."));
        var device = await ImportedDevice.OfBundleAsync(records, isCopy.Value, context.RequestAborted).ConfigureAwait(false);
        return (new ImportWish(name, network, isCopy.Value, "focobot", device), null);
    }

    private static async Task<(ImportWish? Wish, ProblemHttpResult? Problem)> JsonAsync(HttpContext context, DeviceNetworks networks, OfferedFolders? offered)
    {
        var request = await context.Request.ReadFromJsonAsync<SessionImport>(context.RequestAborted).ConfigureAwait(false);
        if (request?.Folder is { } folder) return await FolderAsync(context, networks, offered, request, folder).ConfigureAwait(false);
        if (request?.SessionData is not { Creds: { ValueKind: JsonValueKind.Object } creds, Keys: { ValueKind: JsonValueKind.Object } keys })
            return (null, Problem.Invalid("session_data", "session_data holds creds and keys, both objects."));
        if (Check(request.DeviceName, request.Network, networks, out var name, out var network) is { } problem) return (null, problem);
        var isCopy = request.IsCopy ?? true;
        return (new ImportWish(name, network, isCopy, "hallowa", await ImportedDevice.OfBaileysAsync(AuthFiles.OfSession(creds, keys), isCopy, context.RequestAborted).ConfigureAwait(false)), null);
    }

    private static async Task<(ImportWish? Wish, ProblemHttpResult? Problem)> FolderAsync(HttpContext context, DeviceNetworks networks, OfferedFolders? offered, SessionImport request, string folder)
    {
        if (offered is null) return (null, StatusProblems.Of(StatusCodes.Status403Forbidden));
        if (Check(request.DeviceName, request.Network, networks, out var name, out var network) is { } problem) return (null, problem);
        try
        {
            if (await offered.ReadAsync(folder, context.RequestAborted).ConfigureAwait(false) is not { } files) return (null, Problem.Invalid("folder", "The server offers no such folder."));
            var isCopy = request.IsCopy ?? true;
            return (new ImportWish(name, network, isCopy, "folder", await ImportedDevice.OfBaileysAsync(files, isCopy, context.RequestAborted).ConfigureAwait(false)), null);
        }
        catch (FormatException refused)
        {
            return (null, Problem.Invalid("folder", refused.Message));
        }
    }

    private static ProblemHttpResult? Check(string? givenName, string? givenNetwork, DeviceNetworks networks, out string name, out string network)
    {
        name = string.IsNullOrWhiteSpace(givenName) ? "FocoBot" : givenName.Trim();
        network = string.IsNullOrEmpty(givenNetwork) ? DeviceNetworks.Live : givenNetwork;
        if (!networks.Knows(network)) return Problem.Invalid("network", "The network is live.");
        return name.Length > DeviceLimits.Name || name.Any(char.IsControl) ? Problem.Invalid("deviceName", $"A name has at most {DeviceLimits.Name} characters.") : null;
    }
}
