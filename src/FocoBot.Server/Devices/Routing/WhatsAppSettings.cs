using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Routing;

/// <summary>How messages to an account go out. What the business channel and devices are for is of use in hybrid mode.</summary>
/// <param name="Mode">twilio-only, device-linking or hybrid.</param>
/// <param name="TwilioFor">notifications, broadcasts.</param>
/// <param name="DeviceFor">proposals, direct-messages.</param>
/// <param name="Devices">The linked devices; one that a change does not name stays as it is.</param>
internal sealed record WhatsAppSettings(string? Mode, IReadOnlyList<string>? TwilioFor, IReadOnlyList<string>? DeviceFor, IReadOnlyList<DeviceUse>? Devices)
{
    private static readonly string[] TwilioKinds = ["notifications", "broadcasts"];
    private static readonly string[] DeviceKinds = ["proposals", "direct-messages"];

    /// <summary>The event that tells of a change; its payload is the settings as they are now.</summary>
    public const string Updated = "settings.whatsapp.updated";

    /// <summary>The settings of an account.</summary>
    public static async Task<WhatsAppSettings> ReadAsync(Work work, Guid account)
    {
        var row = (await work.FirstAsync<Row>("SELECT whatsapp_mode AS mode, whatsapp_twilio_for AS twilioFor, whatsapp_device_for AS deviceFor FROM accounts WHERE id = @account", new { account }).ConfigureAwait(false))!;
        var devices = await DeviceTable.ListAsync(work, account).ConfigureAwait(false);
        return new WhatsAppSettings(row.Mode, Words(row.TwilioFor), Words(row.DeviceFor),
            [.. devices.Where(device => !device.IsBusinessPhone).Select(device => new DeviceUse(device.Id, device.Priority, Words(device.UseFor)))]);
    }

    /// <summary>Why these can't be an account's settings; null when they can. Whose the devices are is not looked at.</summary>
    public ProblemHttpResult? Check()
    {
        if (!ServerOptions.WhatsAppModes.Contains(Mode)) return Problem.Invalid("mode", $"The mode is one of: {string.Join(", ", ServerOptions.WhatsAppModes)}.");
        if (TwilioFor is null || TwilioFor.Except(TwilioKinds).Any()) return Problem.Invalid("twilioFor", "twilioFor is a list that holds notifications or broadcasts, or neither.");
        if (DeviceFor is null || DeviceFor.Except(DeviceKinds).Any()) return Problem.Invalid("deviceFor", "deviceFor is a list that holds proposals or direct-messages, or neither.");
        var devices = Devices ?? [];
        if (devices.Any(device => device is null) || devices.DistinctBy(device => device.DeviceId).Count() < devices.Count) return Problem.Invalid("devices", "Each device is named once.");
        if (devices.Any(device => device.Priority is < 1 or > DeviceLimits.LowestPriority)) return Problem.Invalid("devices.priority", $"A priority is a number from 1, the highest, to {DeviceLimits.LowestPriority}.");
        return devices.All(device => device.UseFor?.Except(DeviceEndpoints.Uses).Any() == false) ? null : Problem.Invalid("devices.useFor", "useFor is a list that holds proposals, notifications or all, or nothing.");
    }

    /// <summary>Puts them down. They have passed the check, and the devices are the account's.</summary>
    public async Task SaveAsync(Work work, Guid account, DateTimeOffset now)
    {
        await work.PostAsync("UPDATE accounts SET whatsapp_mode = @Mode, whatsapp_twilio_for = @twilio, whatsapp_device_for = @device, updated_at = @now WHERE id = @account",
            new { account, Mode, twilio = Text(TwilioFor!), device = Text(DeviceFor!), now }).ConfigureAwait(false);
        foreach (var device in Devices ?? [])
            await work.PostAsync("UPDATE whatsapp_devices SET priority = @Priority, use_for = @uses, updated_at = @now WHERE id = @DeviceId AND user_id = @account",
                new { account, device.DeviceId, device.Priority, uses = Text(device.UseFor!), now }).ConfigureAwait(false);
    }

    private static string Text(IEnumerable<string> words) => string.Join(' ', words.Distinct());

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Row(string Mode, string TwilioFor, string DeviceFor);
}

/// <summary>A device's place.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Priority">1 is the highest.</param>
/// <param name="UseFor">proposals, notifications, all.</param>
internal sealed record DeviceUse(Guid DeviceId, long Priority, IReadOnlyList<string>? UseFor);
