using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FocoBot.WhatsApp.Tests.Storage;

/// <summary>A look into a store, and a hand in it, as the next client would have them.</summary>
internal static class Stored
{
    public static async Task<T> ReadAsync<T>(this IDeviceStore store, Func<DeviceUnit, ValueTask<T>> read)
    {
        await using var units = Open(store);
        return await units.RunAsync(unit => read(unit).AsTask(), default);
    }

    public static async Task WriteAsync(this IDeviceStore store, Action<DeviceUnit> write)
    {
        await using var units = Open(store);
        await units.RunAsync(write, default);
    }

    /// <summary>Units of work on a store, whose events nobody hears.</summary>
    public static DeviceUnits Open(IDeviceStore store, Action<ClientEvent>? publish = null) => new(store, publish ?? (_ => { }), NullLogger.Instance);
}
