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

    /// <summary>All that a store holds, in a store of its own.</summary>
    public static async Task<InMemoryDeviceStore> CopyAsync(this IDeviceStore store)
    {
        var changes = new DeviceChanges();
        foreach (var kind in Enum.GetValues<RecordKind>())
        {
            foreach (var (name, value) in await store.ListAsync(kind, default)) changes.Set(new(kind, name), [.. value]);
        }

        var copy = new InMemoryDeviceStore();
        await copy.CommitAsync(changes);
        return copy;
    }

    /// <summary>Units of work on a store, whose events nobody hears.</summary>
    public static DeviceUnits Open(IDeviceStore store, Action<ClientEvent>? publish = null) => new(store, publish ?? (_ => { }), NullLogger.Instance);
}
