using FocoBot.Storage;

namespace FocoBot.Devices.Routing;

/// <summary>Reads what <see cref="HybridRouter"/> wants to know.</summary>
internal static class RoutingTable
{
    /// <summary>The state of an account's channels right now.</summary>
    /// <param name="work">The unit of work.</param>
    /// <param name="account">The account.</param>
    /// <param name="isBusinessConfigured">This server has a business channel.</param>
    /// <param name="isConnected">Whether a device is online at this moment.</param>
    public static async Task<RoutingState> ReadAsync(Work work, Guid account, bool isBusinessConfigured, Func<Guid, bool> isConnected)
    {
        var settings = await WhatsAppSettings.ReadAsync(work, account).ConfigureAwait(false);
        var rows = await DeviceTable.ListAsync(work, account).ConfigureAwait(false);
        var phones = await work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_user_links WHERE user_id = @account AND verified AND suspended_reason IS NULL", new { account }).ConfigureAwait(false);
        var devices = rows.Where(row => !row.IsBusinessPhone)
            .Select(row => new RoutingDevice(row.Id, row.Status, isConnected(row.Id), row.Priority, row.UseFor.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        return new RoutingState(settings.Mode!, settings.TwilioFor!, settings.DeviceFor!, [.. devices], isBusinessConfigured, phones > 0);
    }
}
