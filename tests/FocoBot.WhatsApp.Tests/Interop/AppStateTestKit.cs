using System.Buffers.Binary;
using System.Text.Json;
using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>How far each device has come with a collection, and waiting until all agree.</summary>
internal static class AppStateTestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<(ulong Version, string Hash)> StateOfAsync(this IDeviceStore store, string collection)
    {
        return await store.LoadAsync(new(RecordKind.AppState, collection), TestContext.Current.CancellationToken) is { } state
            ? (BinaryPrimitives.ReadUInt64BigEndian(state), Convert.ToHexString(state.AsSpan(sizeof(ulong))))
            : (0, "");
    }

    /// <summary>What Baileys has written to its folder.</summary>
    public static async Task<(ulong Version, string Hash)> StateOfAsync(this BaileysPeer peer, string collection)
    {
        var file = Path.Combine(peer.AuthDir, $"app-state-sync-version-{collection}.json");
        if (!File.Exists(file)) return (0, "");
        try
        {
            var state = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).RootElement;
            return (state.GetProperty("version").GetUInt64(), Convert.ToHexString(state.GetProperty("hash").GetProperty("data").GetBytesFromBase64()));
        }
        catch (JsonException)
        {
            // It is being written.
            return (0, "");
        }
    }

    /// <summary>Waits until all that are given have the collection as the phone has it.</summary>
    public static Task AgreeAsync(VirtualPhone phone, string collection, params Func<Task<(ulong, string)>>[] others) => UntilAsync(async () =>
    {
        var wanted = phone.StateOf(collection);
        foreach (var other in others)
            if (await other() != wanted) return false;
        return true;
    });

    public static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await happened()) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
    }

    public static Task UntilAsync(Func<bool> happened) => UntilAsync(() => Task.FromResult(happened()));
}
