using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Tests.Storage;

public class DeviceUnitsTests
{
    private const RecordKind Kind = RecordKind.Session;

    private readonly SlowStore _store = new();
    private readonly List<string> _told = [];

    [Fact]
    public async Task Work_goes_on_with_what_is_not_stored_yet()
    {
        await using var units = Open();
        _store.Hold();
        var first = await units.BeginAsync(unit => Append(unit, "1"), default);
        var second = await units.BeginAsync(unit => Append(unit, "2"), default);
        var third = await units.BeginAsync(unit => Append(unit, "3"), default);
        Assert.Equal("123", third.Result);
        Assert.False(first.Landed.IsCompleted);
        Assert.Empty(_told);
        _store.Release();
        await Task.WhenAll(first.Landed, second.Landed, third.Landed);
        Assert.Equal("123", await _store.TextAsync());
    }

    [Fact]
    public async Task A_unit_knows_the_names_of_all_records_stored_or_not()
    {
        await using var units = Open();
        await units.RunAsync(unit => Store(unit, "1", "2", "3"), default);
        await units.RunAsync(unit => unit.Store(RecordKind.Identity, "of another kind", [1]), default);
        _store.Hold();
        await units.BeginAsync(unit => unit.Store(Kind, "1", null), default);
        await units.BeginAsync(unit => Store(unit, "4", "5"), default);
        var names = await units.BeginAsync(
            async unit =>
            {
                unit.Store(Kind, "2", null);
                Store(unit, "6");
                return await unit.TryAsync(inner =>
                {
                    inner.Store(Kind, "4", null);
                    return inner.NamesAsync(Kind, default);
                });
            },
            default);
        Assert.Equal(["3", "5", "6"], names.Result.Order());
        _store.Release();
        await names.Landed;

        static void Store(DeviceUnit unit, params string[] names)
        {
            foreach (var name in names) unit.Store(Kind, name, [1]);
        }
    }

    [Fact]
    public async Task What_ends_while_the_store_is_busy_is_stored_together()
    {
        await using var units = Open();
        _store.Hold();
        var landed = new List<Task>();
        for (var i = 0; i < 50; i++)
            landed.Add((await units.BeginAsync(unit => Append(unit, "x"), default)).Landed);
        _store.Release();
        await Task.WhenAll(landed);
        Assert.InRange(_store.Commits, 1, 2);
        Assert.Equal(50, (await _store.TextAsync())!.Length);
    }

    [Fact]
    public async Task What_follows_comes_in_order_after_its_commit()
    {
        await using var units = Open();
        var seen = new List<string>();
        var last = Task.CompletedTask;
        for (var i = 0; i < 20; i++)
        {
            var number = $"{i}";
            (_, last) = await units.BeginAsync(
                async unit =>
                {
                    unit.Tell(new StateOutdated(number));
                    unit.Then(async () =>
                    {
                        Assert.Contains(number, _told);
                        Assert.StartsWith(number, (await _store.TextAsync(number))!, StringComparison.Ordinal);
                        seen.Add(number);
                    });
                    unit.Store(Kind, number, System.Text.Encoding.UTF8.GetBytes(number));
                    return await Append(unit, "x");
                },
                default);
        }

        await last;
        // The next batch waits for what follows this one.
        await units.RunAsync(_ => { }, default);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), _told);
        Assert.Equal(_told, seen);
        Assert.True(last.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task When_the_store_fails_nothing_that_was_not_stored_ever_was()
    {
        await using var units = Open();
        await units.RunAsync(unit => Append(unit, "a"), default);
        var ended = new TaskCompletionSource<Exception>();
        units.Failed = ended.SetResult;
        _store.Hold();
        _store.ToFail = 1;
        var first = await units.BeginAsync(unit => Append(unit, "b"), default);
        var second = await units.BeginAsync(unit => Append(unit, "c"), default);
        _store.Release();
        await Assert.ThrowsAsync<StoreFailedException>(() => first.Landed);
        await Assert.ThrowsAsync<StoreFailedException>(() => second.Landed);
        await ended.Task;
        await Assert.ThrowsAsync<StoreFailedException>(() => units.RunAsync(unit => Append(unit, "d"), default));
        await units.ResetAsync(default);
        Assert.Equal("ae", await units.RunAsync(unit => Append(unit, "e"), default));
        Assert.Equal("ae", await _store.TextAsync());
        Assert.Equal(["a", "e"], _told);
    }

    [Fact]
    public async Task A_store_that_fails_at_the_nth_commit_tears_nothing()
    {
        for (var n = 0; n < 12; n++)
        {
            var failing = new SlowStore { ToFail = -n };
            await using var units = Stored.Open(failing);
            for (var i = 0; i < 12; i++)
            {
                try
                {
                    await units.RunAsync(
                        unit =>
                        {
                            unit.Store(Kind, "one", [(byte)i]);
                            unit.Store(RecordKind.Identity, "two", [(byte)i]);
                        },
                        default);
                }
                catch (StoreFailedException)
                {
                    await units.ResetAsync(default);
                    i--;
                }

                var one = await units.RunAsync(unit => unit.LoadAsync(Kind, "one", default).AsTask(), default);
                var two = await units.RunAsync(unit => unit.LoadAsync(RecordKind.Identity, "two", default).AsTask(), default);
                Assert.Equal(one, two);
            }
        }
    }

    [Fact]
    public async Task A_unit_that_throws_leaves_no_trace()
    {
        await using var units = Open();
        await Assert.ThrowsAsync<InvalidDataException>(() => units.RunAsync(
            async unit =>
            {
                await Append(unit, "x");
                unit.Then(() => throw new InvalidOperationException());
                throw new InvalidDataException();
            },
            default));
        Assert.Equal("y", await units.RunAsync(unit => Append(unit, "y"), default));
        Assert.Equal(["y"], _told);
    }

    [Fact]
    public async Task Clearing_removes_all_that_came_before_it()
    {
        await using var units = Open();
        await units.RunAsync(unit => unit.Store(Kind, "a", [1]), default);
        _store.Hold();
        var landed = units.RunAsync(
            unit =>
            {
                unit.Store(Kind, "b", [2]);
                unit.Clear();
                unit.Store(Kind, "c", [3]);
            },
            default);
        foreach (var (name, value) in new (string, byte[]?)[] { ("a", null), ("b", null), ("c", [3]) })
            Assert.Equal(value, (await units.BeginAsync(unit => unit.LoadAsync(Kind, name, default).AsTask(), default)).Result);
        _store.Release();
        await landed;
        Assert.Equal(["c"], (await units.ListAsync(Kind, default)).Select(record => record.Name));
    }

    [Fact]
    public async Task A_store_that_is_slow_holds_back_those_who_would_fill_the_memory()
    {
        await using var units = Open();
        _store.Hold();
        // As many as may be on their way to the store, as many as may wait behind them, and some.
        var begun = Enumerable.Range(0, 2 * Limits.UnstoredUnits + 2).Select(_ => units.BeginAsync(unit => Append(unit, "x"), default)).ToArray();
        Assert.False(begun[^1].IsCompleted);
        _store.Release();
        Assert.Equal(begun.Length, (await begun[^1]).Result.Length);
    }

    [Fact]
    public async Task What_has_ended_is_stored_when_the_client_ends()
    {
        var units = Open();
        _store.Hold();
        await units.BeginAsync(unit => Append(unit, "x"), default);
        await units.BeginAsync(unit => Append(unit, "y"), default);
        var ending = units.DisposeAsync();
        _store.Release();
        await ending;
        Assert.Equal("xy", await _store.TextAsync());
    }

    private DeviceUnits Open() => Stored.Open(_store, happened => _told.Add(((StateOutdated)happened).Kind));

    private static async Task<string> Append(DeviceUnit unit, string letter)
    {
        var before = await unit.LoadAsync(Kind, "text", default);
        byte[] text = [.. before ?? [], (byte)letter[0]];
        unit.Store(Kind, "text", text);
        if (letter != "x")
            unit.Tell(new StateOutdated(letter));
        return System.Text.Encoding.UTF8.GetString(text);
    }

    // Its commits wait while it is held, and fail when told to: at once, or the nth from now for -n.
    private sealed class SlowStore : IDeviceStore
    {
        private readonly InMemoryDeviceStore _inner = new();
        private TaskCompletionSource _held = Done();

        public int Commits { get; private set; }

        public int ToFail { get; set; }

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held.SetResult();

        public async Task<string?> TextAsync(string name = "text") =>
            await _inner.LoadAsync(new(Kind, name), default) is { } text ? System.Text.Encoding.UTF8.GetString(text) : null;

        public ValueTask<byte[]?> LoadAsync(RecordKey key, CancellationToken token) => _inner.LoadAsync(key, token);

        public ValueTask<IReadOnlyList<DeviceRecord>> ListAsync(RecordKind kind, CancellationToken token) => _inner.ListAsync(kind, token);

        public async ValueTask CommitAsync(DeviceChanges changes)
        {
            await _held.Task;
            Commits++;
            if (ToFail < 0 && ++ToFail == 0)
                throw new IOException("The disk is full.");
            if (ToFail > 0)
            {
                ToFail--;
                throw new IOException("The disk is full.");
            }

            await _inner.CommitAsync(changes);
        }

        private static TaskCompletionSource Done()
        {
            var done = new TaskCompletionSource();
            done.SetResult();
            return done;
        }
    }
}
